import { extname, join } from 'node:path';
import { BitgradError, type Dataset } from '@bitgrad/core';
import {
  type Classes,
  checkClassCount,
  classIndex,
  makeClasses,
  modelClasses,
} from '../classes.js';
import { datasetName } from '../dataset-name.js';
import { checkInside, type FolderList, listFolder, readBytes } from '../files.js';
import type { LoadOptions } from '../options.js';
import { maximumImageBytes } from './decode.js';
import { ImageSet, imageDataset, type PendingImage } from './image-set.js';

const EXTENSIONS = ['.png', '.jpg', '.jpeg', '.webp', '.gif', '.tif', '.tiff', '.avif'];

/** What systems leave in folders without being asked. */
const LITTER = ['thumbs.db', 'desktop.ini'];

interface ClassFolder {
  readonly label: string;
  /** Sorted by UTF-16 code units. */
  readonly paths: readonly string[];
}

/**
 * Reads a folder with one folder of images a class: `cat/1.png`, `dog/2.jpg`; or `train/cat/1.png`
 * and `test/cat/3.png`, with `val`, `valid` or `validation` beside. Classes and images come in the order of their names.
 *
 * @throws BitgradError naming the folder or image that is not as it should be
 */
export async function readClassFolders(folder: string, options: LoadOptions): Promise<Dataset> {
  const { train, validation, test } = await findParts(folder);
  const all = [...train, ...validation.classes, ...test];
  const classes = options.like
    ? modelClasses(options.like)
    : makeClasses(train.map(({ label }) => label));
  checkClassCount(classes, folder);
  const count = countImages(all);
  const set = new ImageSet(folder, count, options);
  const labels = new Uint32Array(count);
  let next = 0;
  for (const [part, place] of [
    [train, folder],
    [validation.classes, join(folder, validation.name)],
    [test, join(folder, 'test')],
  ] as const) {
    for (const { index, paths } of inClassOrder(part, classes, place)) {
      labels.fill(index, next, next + paths.length);
      next += paths.length;
      await set.add(paths.map(pendingFile));
    }
  }
  const held = countImages(validation.classes);
  const counts = { train: countImages(train) + held, validation: held };
  const skipBad = options.skipBad ?? false;
  return imageDataset(datasetName(folder), set, labels, classes, counts, skipBad);
}

interface Parts {
  readonly train: readonly ClassFolder[];
  readonly validation: { readonly name: string; readonly classes: readonly ClassFolder[] };
  readonly test: readonly ClassFolder[];
}

async function findParts(folder: string): Promise<Parts> {
  const { folders } = await list(folder, folder);
  const isDivided = folders.includes('train') && folders.every((name) => PARTS.includes(name));
  const none = { name: 'val', classes: [] };
  if (!isDivided) {
    return { train: await findClasses(folder, folder), validation: none, test: [] };
  }
  const name = folders.find((one) => VALIDATION.includes(one));
  return {
    train: await findClasses(join(folder, 'train'), folder),
    validation:
      name === undefined ? none : { name, classes: await findClasses(join(folder, name), folder) },
    test: folders.includes('test') ? await findClasses(join(folder, 'test'), folder) : [],
  };
}

const VALIDATION = ['val', 'valid', 'validation'];
const PARTS = ['train', 'test', ...VALIDATION];

async function findClasses(folder: string, root: string): Promise<ClassFolder[]> {
  const { folders } = await list(folder, root);
  const classes: ClassFolder[] = [];
  for (const label of folders) {
    const path = join(folder, label);
    classes.push({ label, paths: await findImages(path, root) });
  }
  return classes;
}

async function findImages(folder: string, root: string): Promise<string[]> {
  const { folders, files } = await list(folder, root);
  if (folders.length > 0) {
    throw new BitgradError(
      `${folder}: expected images, received the folder ${folders[0]}`,
      'Images lie in one folder a class, with no folders inside.',
    );
  }
  const other = files.find((name) => !EXTENSIONS.includes(extname(name).toLowerCase()));
  if (other !== undefined) {
    throw new BitgradError(
      `${join(folder, other)}: expected PNG, JPEG, WebP, GIF, TIFF or AVIF images, received a file called otherwise`,
      'Move it out of the folder.',
    );
  }
  if (files.length === 0) throw new BitgradError(`${folder}: expected images, received none`);
  return files.map((name) => join(folder, name));
}

/**
 * Names in a folder, sorted by UTF-16 code units; hidden ones are left aside.
 *
 * @throws BitgradError if one leads out of the data set
 */
async function list(folder: string, root: string): Promise<Pick<FolderList, 'folders' | 'files'>> {
  const { folders, files, links } = await listFolder(folder);
  const shown = files.filter((name) => !LITTER.includes(name.toLowerCase()));
  await checkInside(
    links.map((name) => join(folder, name)),
    root,
  );
  return { folders, files: shown };
}

/** The folders with the indices of their classes, in that order. */
function inClassOrder(
  folders: readonly ClassFolder[],
  classes: Classes,
  place: string,
): { readonly index: number; readonly paths: readonly string[] }[] {
  return folders
    .map(({ label, paths }) => ({ index: classIndex(classes, label, place), paths }))
    .sort((a, b) => a.index - b.index);
}

function countImages(folders: readonly ClassFolder[]): number {
  return folders.reduce((sum, { paths }) => sum + paths.length, 0);
}

function pendingFile(path: string): PendingImage {
  return { fileName: path, read: () => readBytes(path, maximumImageBytes) };
}
