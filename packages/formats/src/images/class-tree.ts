import { BitgradError, type Dataset } from '@bitgrad/core';
import {
  type Classes,
  checkClassCount,
  classIndex,
  makeClasses,
  modelClasses,
} from '../classes.js';
import type { LoadOptions } from '../options.js';
import { type ImageDecoder, ImageSet, imageDataset } from './image-set.js';

/** Folders with names in them, wherever they are. */
export interface FolderTree {
  /** Names in a folder, sorted by UTF-16 code units; hidden ones are left aside. */
  list(
    folder: string,
  ): Promise<{ readonly folders: readonly string[]; readonly files: readonly string[] }>;
  read(path: string): Promise<Uint8Array>;
  join(folder: string, name: string): string;
}

const EXTENSIONS = ['.png', '.jpg', '.jpeg', '.webp', '.gif', '.tif', '.tiff', '.avif'];

/** What else lies among images, by how it is called. */
const OTHERS: Readonly<Record<string, string>> = {
  '.bmp': 'a BMP image',
  '.heic': 'a HEIC image',
  '.heif': 'a HEIC image',
  '.pdf': 'a PDF document',
  '.svg': 'an SVG drawing',
};

/** What systems leave in folders without being asked. */
const LITTER = ['thumbs.db', 'desktop.ini'];

interface ClassFolder {
  readonly label: string;
  /** Sorted by UTF-16 code units. */
  readonly paths: readonly string[];
}

/**
 * Reads a folder with one folder of images a class: `cat/1.png`, `dog/2.jpg`; or `train/cat/1.png`
 * and `test/cat/3.png`, with `val`, `valid`, `validation` or `dev` beside. Classes and images come in the order of their names.
 *
 * @param name of the data set
 * @throws BitgradError naming the folder or image that is not as it should be
 */
export async function readClassTree(
  name: string,
  folder: string,
  tree: FolderTree,
  options: LoadOptions,
  decode: ImageDecoder,
): Promise<Dataset> {
  const { train, validation, test, places, beside } = await findParts(folder, tree);
  const all = [...train, ...validation, ...test];
  const classes = options.like
    ? modelClasses(options.like)
    : makeClasses(train.map(({ label }) => label));
  checkClassCount(classes, folder);
  const count = countImages(all);
  const set = new ImageSet(folder, count, options, decode);
  const labels = new Uint32Array(count);
  let next = 0;
  for (const [part, place] of [
    [train, places.train],
    [validation, places.validation],
    [test, places.test],
  ] as const) {
    for (const { index, paths } of inClassOrder(part, classes, place)) {
      labels.fill(index, next, next + paths.length);
      next += paths.length;
      await set.add(paths.map((path) => ({ fileName: path, read: () => readImage(path, tree) })));
    }
  }
  const held = countImages(validation);
  const counts = { train: countImages(train) + held, validation: held };
  const skipBad = options.skipBad ?? false;
  const dataset = await imageDataset(name, set, labels, classes, counts, skipBad);
  return beside.length === 0
    ? dataset
    : { ...dataset, notes: [...(dataset.notes ?? []), besideNote(beside)] };
}

interface Parts {
  readonly train: readonly ClassFolder[];
  readonly validation: readonly ClassFolder[];
  readonly test: readonly ClassFolder[];
  /** Images that lie in no class's folder. */
  readonly beside: readonly string[];
  /** Where each part is, for errors. */
  readonly places: { readonly train: string; readonly validation: string; readonly test: string };
}

async function findParts(folder: string, tree: FolderTree): Promise<Parts> {
  const { folders, files } = await list(folder, tree);
  const beside = imagesIn(folder, files, tree);
  const called = (pattern: RegExp): string | undefined =>
    folders.find((name) => pattern.test(name));
  const names = { train: called(TRAIN), validation: called(VALIDATION), test: called(TEST) };
  const count = Object.values(names).filter((name) => name !== undefined).length;
  if (names.train === undefined || count < folders.length) {
    const places = { train: folder, validation: folder, test: folder };
    const { classes: train } = await findClasses(folder, tree);
    return { train, validation: [], test: [], places, beside };
  }
  const placeOf = (name: string | undefined): string =>
    name === undefined ? folder : tree.join(folder, name);
  const classesOf = async (name: string | undefined): Promise<readonly ClassFolder[]> => {
    if (name === undefined) return [];
    const found = await findClasses(tree.join(folder, name), tree);
    beside.push(...found.beside);
    return found.classes;
  };
  return {
    beside,
    train: await classesOf(names.train),
    validation: await classesOf(names.validation),
    test: await classesOf(names.test),
    places: {
      train: folder,
      validation: placeOf(names.validation),
      test: placeOf(names.test),
    },
  };
}

const TRAIN = /^train(?:ing)?$/i;
const VALIDATION = /^(?:val|valid|validation|dev)$/i;
const TEST = /^test(?:ing)?$/i;

async function findClasses(
  folder: string,
  tree: FolderTree,
): Promise<{ readonly classes: readonly ClassFolder[]; readonly beside: readonly string[] }> {
  const { folders, files } = await list(folder, tree);
  const classes: ClassFolder[] = [];
  for (const label of folders) {
    const path = tree.join(folder, label);
    classes.push({ label, paths: await findImages(path, tree) });
  }
  return { classes, beside: imagesIn(folder, files, tree) };
}

function imagesIn(folder: string, files: readonly string[], tree: FolderTree): string[] {
  return files.filter(isImage).map((name) => tree.join(folder, name));
}

function besideNote([first, ...others]: readonly string[]): string {
  const more =
    others.length === 0
      ? 'is not read: it lies'
      : `and ${others.length} more images are not read: they lie`;
  return `${first} ${more} in no class's folder`;
}

async function findImages(folder: string, tree: FolderTree): Promise<string[]> {
  const { folders, files } = await list(folder, tree);
  if (folders.length > 0) {
    throw new BitgradError(
      `${folder}: expected images, received the folder ${folders[0]}`,
      'Images lie in one folder a class, with no folders inside.',
    );
  }
  if (files.length === 0) throw new BitgradError(`${folder}: expected images, received none`);
  const paths = files.map((name) => tree.join(folder, name));
  if (!paths.some(isImage)) throw otherFile(paths[0]!);
  return paths;
}

/** @throws BitgradError if it is called as no image is: such files count as images that do not decode */
async function readImage(path: string, tree: FolderTree): Promise<Uint8Array> {
  if (isImage(path)) return tree.read(path);
  throw otherFile(path);
}

function isImage(path: string): boolean {
  return EXTENSIONS.includes(extensionOf(path));
}

function otherFile(path: string): BitgradError {
  const what = OTHERS[extensionOf(path)];
  return new BitgradError(
    `${path}: expected PNG, JPEG, WebP, GIF, TIFF or AVIF images, received ${what ?? 'a file called otherwise'}`,
    what === undefined
      ? 'Move it out of the folder, or leave it out with --skip-bad.'
      : 'Save it as PNG, move it out of the folder, or leave it out with --skip-bad.',
  );
}

function extensionOf(name: string): string {
  return /\.[^.]+$/.exec(name)?.[0].toLowerCase() ?? '';
}

/** What there is in a folder, without what systems leave there. */
async function list(folder: string, tree: FolderTree) {
  const { folders, files } = await tree.list(folder);
  return { folders, files: files.filter((name) => !LITTER.includes(name.toLowerCase())) };
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
