import { type Dataset, outputsOf, type TableEncoding } from '@bitgrad/core';
import { clipText, formatCount, formatTable, plural } from '../format.js';
import { colorsOf, print, printPairs } from '../output.js';
import { describeColumn } from './columns.js';

const BAR_WIDTH = 30;
const MOST_CLASSES = 40;
const LONGEST_NAME = 24;

/** A data set in numbers. */
export interface DataDescription {
  readonly name: string;
  readonly sha256: string;
  readonly train: number;
  readonly test: number;
  readonly features: number;
  readonly image: Dataset['image'];
  readonly type: 'bytes' | 'binary32';
  /** Numbers that a network gives for a sample. */
  readonly outputs: number;
  /** 0 where the targets are numbers. */
  readonly classes: number;
  readonly classNames: readonly string[] | null;
  /** Of a table. */
  readonly columns: readonly string[] | null;
  readonly label: string | null;
  /** Samples of each class; null where the targets are numbers. */
  readonly labels: { readonly train: number[]; readonly test: number[] } | null;
}

/** Counts what there is. */
export function describeData(dataset: Dataset, sha256: string): DataDescription {
  const { name, inputs, features, image, labels, classes, trainCount, testCount } = dataset;
  const count = (part: Uint32Array): number[] => {
    const counts = new Array<number>(classes).fill(0);
    for (const label of part) counts[label]! += 1;
    return counts;
  };
  return {
    name,
    sha256,
    train: trainCount,
    test: testCount,
    features,
    image,
    type: inputs instanceof Uint8Array ? 'bytes' : 'binary32',
    outputs: outputsOf(dataset),
    classes,
    classNames: dataset.classNames ?? null,
    columns: dataset.encoding?.columns.map((column) => column.name) ?? null,
    label: dataset.encoding?.label ?? null,
    labels: dataset.values
      ? null
      : { train: count(labels.subarray(0, trainCount)), test: count(labels.subarray(trainCount)) },
  };
}

/** Prints a description for people. */
export function printData(description: DataDescription, encoding: TableEncoding | undefined): void {
  const { name, sha256, train, test, features, image, type } = description;
  const shape = image
    ? `${image.height}×${image.width} pixels${image.channels === 3 ? ' in colours' : ''}, `
    : '';
  printPairs([
    ['name', name],
    ['sha256', sha256],
    ['training samples', formatCount(train)],
    ['test samples', test === 0 ? 'none: train --split can keep some apart' : formatCount(test)],
    ['features', `${shape}${formatCount(features)} of type ${type}`],
    ...(encoding ? [['columns', encoding.columns.map(describeColumn).join(', ')] as const] : []),
    ['learnt', targets(description, encoding)],
  ]);
  print();
  if (description.labels) printHistogram(description, description.labels);
}

function targets(
  { outputs, classes, label }: DataDescription,
  encoding: TableEncoding | undefined,
): string {
  const areFlags = encoding?.targets?.every(({ categories }) => categories) === true;
  const numbers = areFlags ? `yes or no of ${plural(outputs, 'label')}` : plural(outputs, 'number');
  const what = classes > 0 ? `${formatCount(classes)} classes` : numbers;
  return label === null ? what : `${label}, ${what}`;
}

function printHistogram(
  { classNames, test }: DataDescription,
  labels: NonNullable<DataDescription['labels']>,
): void {
  const { bold, dim, green } = colorsOf(process.stdout);
  const shown = labels.train.slice(0, MOST_CLASSES);
  const most = Math.max(...labels.train, 1);
  const rows = shown.map((count, index) => [
    clipText(classNames?.[index] ?? String(index), LONGEST_NAME),
    formatCount(count),
    ...(test > 0 ? [formatCount(labels.test[index]!)] : []),
  ]);
  const [header, ...lines] = formatTable([
    ['class', 'training', ...(test > 0 ? ['test'] : [])],
    ...rows,
  ]);
  print(bold('Labels'));
  print(dim(header!));
  lines.forEach((line, index) => {
    const length = Math.round((BAR_WIDTH * shown[index]!) / most);
    print(`${line}  ${green('━'.repeat(length))}`.trimEnd());
  });
  const hidden = labels.train.length - shown.length;
  if (hidden > 0) print(dim(`and ${formatCount(hidden)} more`));
  print();
}
