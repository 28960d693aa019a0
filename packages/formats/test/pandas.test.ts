import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { columnWidth, type Dataset, type TableEncoding } from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import type { LoadOptions } from '../src/options.js';

/** What pandas read in a table (`fixtures/tables/make.py`). */
interface Case {
  readonly file: string;
  readonly options: LoadOptions;
  /**
   * Values of each feature, in binary64 and as the file has them, null where one is missing; or the
   * rows of the ones among zeros.
   */
  readonly features: readonly (readonly (number | null)[] | { readonly ones: readonly number[] })[];
  readonly labels: readonly (string | number)[];
}

const folder = fileURLToPath(new URL('fixtures/tables/', import.meta.url));
const cases = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as Case[];

/** What was subtracted from each feature. */
function offsetsOf({ columns }: TableEncoding): number[] {
  return columns.flatMap((column) => {
    const offsets = new Array<number>(columnWidth(column)).fill(0);
    offsets[0] = column.offset ?? 0;
    return offsets;
  });
}

function labelsOf({ labels, values, classNames, encoding }: Dataset): (string | number)[] {
  if (values === undefined) return Array.from(labels, (label) => classNames?.[label] ?? `${label}`);
  const offset = encoding?.targets?.[0]?.offset ?? 0;
  return Array.from(values, (value) => value + offset);
}

describe.each(cases)('$file with $options', ({ file, options, features, labels }) => {
  test('is what pandas reads', async () => {
    const dataset = await loadDataset(`${folder}${file}`, options);
    const { inputs, encoding } = dataset;
    const offsets = offsetsOf(encoding!);
    expect(offsets).toHaveLength(features.length);
    features.forEach((written, at) => {
      const feature =
        'ones' in written ? labels.map((_, row) => Number(written.ones.includes(row))) : written;
      const received = Array.from(feature, (_, row) => inputs[row * features.length + at]);
      const expected = feature.map((value) =>
        value === null ? Number.NaN : Math.fround(value - offsets[at]!),
      );
      expect(received, `feature ${at}`).toEqual(expected);
      const different = new Set(feature.filter((value) => value !== null)).size;
      expect(new Set(expected.filter((value) => !Number.isNaN(value))).size).toBe(different);
    });
    expect(labelsOf(dataset)).toEqual(labels);
  });
});
