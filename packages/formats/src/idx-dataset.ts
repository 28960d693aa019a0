import { basename, join, resolve } from 'node:path';
import { BitgradError, type Dataset, ownTurn } from '@bitgrad/core';
import { checkInside, listFolder, readBytes } from './files.js';
import { describeIdx, type IdxArray, maximumBytes, readIdx } from './idx.js';

/** One of the four files of a data set, read. */
export interface IdxFile extends IdxArray {
  /** Named in errors. */
  readonly fileName: string;
}

/** The four files that make a data set, in MNIST's own division. */
export interface IdxFiles<File> {
  readonly trainImages: File;
  readonly trainLabels: File;
  readonly testImages: File;
  readonly testLabels: File;
}

/** What the four files are called, as MNIST's own are. */
export const idxFileNames: IdxFiles<string> = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
};

/**
 * Reads the four IDX files of a folder, each plain or gzipped: `train-images-idx3-ubyte`,
 * `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`, also with `.gz`
 * and with `.` before `idx`. Where a file is there twice, the plain one is read. The data set is
 * named as the folder is.
 *
 * @throws BitgradError if a file is missing, is not what its name says, or disagrees with another
 */
export async function readIdxDataset(folder: string): Promise<Dataset> {
  const { files: present } = await listFolder(folder);
  const name = basename(resolve(folder)) || 'data';
  return makeDataset(
    name,
    await mapFiles(idxFileNames, async (fileName) => {
      const path = join(folder, findFile(folder, present, fileName));
      await checkInside([path], folder);
      return { fileName: path, ...readIdx(await readBytes(path, maximumBytes), path) };
    }),
  );
}

/** Does the same with each of the four files, one after the other. */
export async function mapFiles<From, To>(
  files: IdxFiles<From>,
  work: (file: From) => Promise<To>,
): Promise<IdxFiles<To>> {
  return {
    trainImages: await work(files.trainImages),
    trainLabels: await work(files.trainLabels),
    testImages: await work(files.testImages),
    testLabels: await work(files.testLabels),
  };
}

function findFile(folder: string, present: readonly string[], fileName: string): string {
  const dotted = fileName.replace('-idx', '.idx');
  const names = [fileName, dotted, `${fileName}.gz`, `${dotted}.gz`];
  const found = names.find((name) => present.includes(name));
  if (found !== undefined) return found;
  const received =
    present.length === 0
      ? 'an empty folder'
      : `a folder with ${present.slice(0, 4).join(', ')}${present.length > 4 ? ', …' : ''}`;
  throw new BitgradError(
    `${folder}: expected ${fileName} or ${fileName}.gz, received ${received}`,
    `A folder of IDX files holds ${Object.values(idxFileNames).join(', ')}, or these with .gz.`,
  );
}

/**
 * Joins the four files into a data set, training samples first.
 *
 * @throws BitgradError if they do not fit together
 */
export async function makeDataset(name: string, files: IdxFiles<IdxFile>): Promise<Dataset> {
  const { trainImages, trainLabels, testImages, testLabels } = files;
  checkPair(trainImages, trainLabels);
  checkPair(testImages, testLabels);
  const sizes = trainImages.dimensions.slice(1);
  if (testImages.dimensions.slice(1).join() !== sizes.join()) {
    throw new BitgradError(
      `${testImages.fileName}: expected samples of ${sizes.join('×')} as in ${trainImages.fileName}, received ${describeIdx(testImages.dimensions)}`,
    );
  }
  const [height, width] = sizes;
  return {
    name,
    inputs: await joined([trainImages.values, testImages.values]),
    features: sizes.reduce((product, size) => product * size, 1),
    image:
      sizes.length === 2 && height !== undefined && width !== undefined ? { height, width } : null,
    labels: Uint32Array.from(await joined([trainLabels.values, testLabels.values])),
    classes: countClasses(trainLabels, testLabels),
    trainCount: trainLabels.values.length,
    testCount: testLabels.values.length,
  };
}

/** Images and their labels: each of the right kind, and as many of one as of the other. */
function checkPair(images: IdxFile, labels: IdxFile): void {
  const imagesAreLabels = images.dimensions.length === 1;
  const labelsAreImages = labels.dimensions.length > 1;
  const fix =
    imagesAreLabels && labelsAreImages
      ? `${images.fileName} and ${labels.fileName} are swapped: exchange their names.`
      : undefined;
  if (imagesAreLabels) {
    throw new BitgradError(
      `${images.fileName}: expected images (2 to 4 dimensions), received ${describeIdx(images.dimensions)}`,
      fix,
    );
  }
  if (labelsAreImages) {
    throw new BitgradError(
      `${labels.fileName}: expected labels (1 dimension), received ${describeIdx(labels.dimensions)}`,
    );
  }
  const [count] = images.dimensions;
  if (labels.dimensions[0] !== count) {
    throw new BitgradError(
      `${labels.fileName}: expected ${count} labels, one for each image of ${images.fileName}, received ${labels.dimensions[0]}`,
    );
  }
}

/** One class for each number from 0 to the training set's largest label. */
function countClasses(trainLabels: IdxFile, testLabels: IdxFile): number {
  const [first] = trainLabels.values;
  if (trainLabels.values.every((label) => label === first)) {
    throw new BitgradError(
      `${trainLabels.fileName}: expected labels of at least two classes, received ${first === undefined ? 'none' : `only the label ${first}`}`,
    );
  }
  const classes = largest(trainLabels.values) + 1;
  const index = testLabels.values.findIndex((label) => label >= classes);
  if (index >= 0) {
    throw new BitgradError(
      `${testLabels.fileName}: expected labels from 0 to ${classes - 1} as in ${trainLabels.fileName}, received ${testLabels.values[index]} (sample ${index})`,
    );
  }
  return classes;
}

function largest(values: Uint8Array): number {
  return values.reduce((maximum, value) => Math.max(maximum, value), 0);
}

/** Bytes that are copied in a turn of the event loop. */
const PIECE = 2 ** 22;

/** One array after the other. */
export async function joined(parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += PIECE) {
      await ownTurn();
      all.set(part.subarray(at, at + PIECE), end + at);
    }
    end += part.length;
  }
  return all;
}
