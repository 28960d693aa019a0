import { BitgradError, canonicalNumber, type Dataset, isMissing, show } from '@bitgrad/core';
import { checkClassCount, classIndex, listNames, makeClasses, modelClasses } from '../classes.js';
import { decodeImage } from '../images/decode.js';
import { ImageSet, imageDataset, type PendingImage } from '../images/image-set.js';
import type { LoadOptions } from '../options.js';
import type { Cell } from '../table/cell.js';
import { findLabels } from '../table/label-column.js';
import type { ParquetColumn } from './columns.js';
import { withParquet } from './file.js';
import { cellOf } from './table.js';

/** Files of images, in the order in which their rows become samples. */
export interface ImageFiles {
  readonly train: readonly string[];
  readonly validation?: readonly string[];
  readonly test: readonly string[];
}

/** Images that are held before they are decoded. */
const groupSize = 64;

/**
 * Reads images and labels from Parquet files as data hubs publish them: a column of structs with the
 * bytes of an image file, and a column `label`. Other columns are left aside.
 *
 * @param columns of the first file
 * @throws BitgradError naming file and row of what is wrong
 */
export async function readParquetImages(
  name: string,
  { train: learnt, validation: held = [], test }: ImageFiles,
  columns: readonly ParquetColumn[],
  options: LoadOptions,
): Promise<Dataset> {
  // Version 0.1.0 left validation parts aside.
  const validation = options.rules === 1 ? [] : held;
  const train = [...learnt, ...validation];
  const files = [...train, ...test];
  const place = files[0]!;
  const image = columns.find(({ kind }) => kind === 'image')!.name;
  const label = labelColumn(columns, options, place);
  const counts: number[] = [];
  for (const path of files) counts.push(await withParquet(path, async ({ rows }) => rows));
  const set = new ImageSet(
    place,
    counts.reduce((sum, count) => sum + count, 0),
    options,
    decodeImage,
  );
  const labels: string[] = [];
  for (const path of files) labels.push(...(await readFile(path, image, label, set)));
  const trainCount = counts.slice(0, train.length).reduce((sum, count) => sum + count, 0);
  const classes = options.like
    ? modelClasses(options.like)
    : makeClasses(labels.slice(0, trainCount));
  const column = `${place}: column ${show(label)}`;
  checkClassCount(classes, column);
  const indices = Uint32Array.from(labels, (text) => classIndex(classes, text, column));
  const validationCount = counts
    .slice(learnt.length, train.length)
    .reduce((sum, count) => sum + count, 0);
  const parts = { train: trainCount, validation: validationCount };
  return imageDataset(name, set, indices, classes, parts, options.skipBad ?? false);
}

function labelColumn(
  columns: readonly ParquetColumn[],
  { label }: LoadOptions,
  place: string,
): string {
  const names = columns.map(({ name }) => name);
  if (label !== undefined) return names[findLabels({ names, columns: [] }, label, place)[0]!]!;
  if (names.includes('label')) return 'label';
  const others = columns.filter(({ kind }) => kind !== 'image');
  if (others.length === 1) return others[0]!.name;
  throw new BitgradError(
    `${place}: expected a column "label" beside the images, received ${listNames(names)}`,
    'Say which column is the label.',
  );
}

async function readFile(
  path: string,
  image: string,
  label: string,
  set: ImageSet,
): Promise<string[]> {
  const labels: string[] = [];
  let group: PendingImage[] = [];
  const flush = async (): Promise<void> => {
    await set.add(group);
    group = [];
  };
  await withParquet(path, async (file) => {
    const names = file.columns.map(({ name }) => name);
    const missing = [image, label].find((name) => !names.includes(name));
    if (missing !== undefined) {
      throw new BitgradError(
        `${path}: expected a column ${show(missing)}, received ${listNames(names)}`,
      );
    }
    await file.scan([image, label], async (row, number) => {
      const place = `${path}: row ${number}`;
      const bytes = imageBytes(row[image], place);
      labels.push(
        labelText(
          cellOf(row[label], () => place),
          place,
        ),
      );
      group.push({ fileName: place, read: async () => bytes });
      if (group.length === groupSize) await flush();
    });
  });
  await flush();
  return labels;
}

function imageBytes(value: unknown, place: string): Uint8Array {
  const bytes = value instanceof Uint8Array ? value : (value as { bytes?: unknown } | null)?.bytes;
  if (bytes instanceof Uint8Array) return bytes;
  throw new BitgradError(
    `${place}: expected the bytes of an image, received ${bytes === undefined || bytes === null ? 'none' : typeof bytes}`,
    'Images must be in the file itself, not behind a path.',
  );
}

function labelText(cell: Cell, place: string): string {
  if (cell === null || isMissing(cell, 1)) {
    throw new BitgradError(`${place}: expected a label, received none`);
  }
  if (typeof cell === 'string') return cell;
  if (Number.isSafeInteger(cell)) return canonicalNumber(cell);
  throw new BitgradError(`${place}: expected a class as label, received the number ${cell}`);
}
