import { type Dataset, featureNames } from '@bitgrad/core';
import { clipText, formatTable } from '../format.js';
import { colorsOf, print } from '../output.js';

const MOST_IMAGES = 4;
const MOST_ROWS = 5;
const MOST_COLUMNS = 8;
const LONGEST_NAME = 16;
const LONGEST_NUMBER = 7;
/** Columns of one image; larger ones are shown smaller. */
const WIDEST_IMAGE = 28;
const GAP = '  ';
/** From dark to bright, for two pixels, one above the other. */
const SHADES = ' .:-=+*#%@';

/** Prints a few training samples: images as text, or rows of a table. */
export function printGlimpse(dataset: Dataset): void {
  const { bold, dim } = colorsOf(process.stdout);
  const isImages = dataset.image !== null && dataset.inputs instanceof Uint8Array;
  print(bold('Samples') + dim(' (the first ones)'));
  for (const line of isImages ? imageLines(dataset) : tableLines(dataset)) print(line.trimEnd());
}

function imageLines(dataset: Dataset): string[] {
  const { height, width } = dataset.image!;
  const columns = process.stdout.columns || 100;
  const step = Math.max(1, Math.ceil(width / WIDEST_IMAGE));
  const shownWidth = Math.floor(width / step);
  const room = Math.max(1, Math.floor(columns / (shownWidth + GAP.length)));
  const count = Math.min(MOST_IMAGES, room, dataset.trainCount);
  const samples = Array.from({ length: count }, (_, index) => index);
  const lines = [samples.map((index) => targetOf(dataset, index).padEnd(shownWidth)).join(GAP)];
  // Letters are twice as high as wide.
  for (let y = 0; y + 2 * step <= height; y += 2 * step) {
    const rows = samples.map((index) => {
      let row = '';
      for (let x = 0; x + step <= width; x += step) row += shadeOf(dataset, index, y, x, step);
      return row;
    });
    lines.push(rows.join(GAP));
  }
  return lines;
}

/** The letter for a block of pixels, `step` wide and twice as high. */
function shadeOf(
  { inputs, features, image }: Dataset,
  index: number,
  top: number,
  left: number,
  step: number,
): string {
  const start = index * features;
  const { channels = 1 } = image!;
  let sum = 0;
  for (let y = top; y < top + 2 * step; y += 1) {
    for (let x = left * channels; x < (left + step) * channels; x += 1) {
      sum += inputs[start + y * image!.width * channels + x]!;
    }
  }
  const brightness = sum / (2 * step * step * channels * 255);
  return SHADES[Math.min(SHADES.length - 1, Math.floor(brightness * SHADES.length))]!;
}

function tableLines(dataset: Dataset): string[] {
  const { features, inputs, trainCount, encoding } = dataset;
  const shown = Math.min(MOST_COLUMNS, features);
  const names = namesOf(dataset).slice(0, shown);
  const more = features > shown ? ['…'] : [];
  const header = [...names.map((name) => clipText(name, LONGEST_NAME)), ...more];
  const count = Math.min(MOST_ROWS, trainCount);
  const rows = Array.from({ length: count }, (_, index) => {
    const values = Array.from(inputs.subarray(index * features, index * features + shown));
    const cells = values.map((value) => String(Number(value.toPrecision(LONGEST_NUMBER))));
    return [targetOf(dataset, index), ...cells, ...more];
  });
  return formatTable([[encoding?.label ?? 'learnt', ...header], ...rows]);
}

function namesOf({ encoding, features }: Dataset): string[] {
  if (encoding !== undefined) return featureNames(encoding);
  return Array.from({ length: features }, (_, index) => String(index + 1));
}

function targetOf({ labels, values, classNames, trainCount, testCount }: Dataset, index: number) {
  if (values === undefined) {
    const label = labels[index]!;
    return clipText(classNames?.[label] ?? String(label), LONGEST_NAME);
  }
  const outputs = values.length / (trainCount + testCount);
  const own = Array.from(values.subarray(index * outputs, (index + 1) * outputs));
  return own.map((value) => Number(value.toPrecision(LONGEST_NUMBER))).join(', ');
}
