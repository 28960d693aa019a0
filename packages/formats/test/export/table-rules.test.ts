import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Cell,
  decodeTargets,
  encodeRow,
  type Model,
  type RowRecord,
  type TableEncoding,
} from '@bitgrad/core';
import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import { expect, test } from 'vitest';
import { exportModel } from '../../src/export/export-model.js';
import { temporaryFolder } from '../temporary.js';
import { expectedOf, randomModel } from './models.js';

env.wasm.numThreads = 1;

const encoding: TableEncoding = {
  rules: 2,
  columns: [
    { name: 'size', categories: null, missing: true, median: 2.5 },
    { name: 'seen', categories: null, offset: 1_700_000_000, median: 20 },
    { name: 'town', categories: ['-', 'Bonn', 'No', '7'], other: true, missing: true },
    { name: 'kind', categories: ['True', 'false'] },
    { name: 'letter', categories: ['N', 'y'] },
    {
      name: 'day',
      categories: null,
      offset: 19_000,
      date: { unit: 'days', parts: ['month', 'weekday', 'hour'] },
      missing: true,
      median: 700,
    },
  ],
  label: 'y,z',
  targets: [{ name: 'y', offset: 1e9 }, { name: 'z' }],
};

/** Features: 2, 1, 6, 2, 2, 5. */
function modelOf(changes: Partial<TableEncoding> = {}): Model {
  const standardization = {
    mean: new Float32Array(18).fill(0.5),
    deviation: Float32Array.from({ length: 18 }, (_, at) => 1 + (at % 3)),
  };
  return randomModel(
    {
      layers: [18, 5, 2],
      preprocess: 'none',
      standardize: true,
      loss: 'squared-error',
    },
    { standardization, encoding: { ...encoding, ...changes } },
  );
}

const CELLS: Readonly<Record<string, readonly Cell[]>> = {
  size: [
    3,
    '1e1',
    ' 1,234.5 ',
    '$5',
    '-$1,000',
    '7 %',
    '1 000',
    '\u22125',
    null,
    'NA',
    '-',
    '.',
    '(5)',
    'EUR 5',
    '1,23,456',
    '#REF!',
    '($1,000.50)',
    '–12',
    '$ -',
    '5,–',
    '1,000円',
    '1\u2009234',
    '-1 days +02:03:04.5',
    'NaT',
  ],
  seen: [1_700_000_003, '1700000004', '1,700,000,007', 1_700_000_010n, null, Number.NaN],
  town: ['Bonn', ' Bonn ', 'no', 'NO', '-', '07', 7, 'Rome', '', 'None', 'none', true, null],
  letter: ['n', 'N', 'Y', 'y', 'no', null],
  kind: ['true', 'TRUE', true, 'False', false, 'maybe', null, 'T'],
  day: [
    ...['2024-02-29', '2024-02-29T13:05:07.25+01:00', new Date(1.7e12), '2024-02', 'NA', null],
    ...['29-Feb-24', 'Thu, 29 Feb 2024 13:05:07 -0130', 'Thu Feb 29 13:05:07 2024', 'Feb 29, 2024'],
    ...['20240229T130507', '2024/2/29 1:05 PM', '12:30', 'March 2024'],
    ...[
      '2024-W09-4',
      '2020-W53',
      '1999Q4',
      'Q2 2024',
      '02/2024',
      'Feb-24',
      '29FEB2024',
      '01/1800',
      '12/2199',
    ],
    ...['29/Feb/2024:13:05:07 +0100', 'Wed Oct 10 20:19:24 +0000 2018', '20240131 130507'],
    'Tue Jan 02 2024 03:04:05 GMT+0100 (Central European Standard Time)',
  ],
};

const rows: RowRecord[] = Array.from({ length: 60 }, (_, index) =>
  Object.fromEntries(
    Object.entries(CELLS).map(([name, cells], at) => [
      name,
      // By steps that no number of cells here shares, so that each cell comes.
      cells[(index * [1, 5, 7, 11, 13, 17][at]! + at) % cells.length],
    ]),
  ),
);

interface Exported {
  features(row: RowRecord): number[];
  predict(input: ArrayLike<number>): Float64Array;
}

async function load(model: Model): Promise<Exported> {
  const path = join(temporaryFolder(), 'model.mjs');
  writeFileSync(path, exportModel(model, 'js'));
  return import(/* @vite-ignore */ pathToFileURL(path).href);
}

test('a module turns rows into the core’s features and predictions, to the bit', async () => {
  const model = modelOf();
  const { features, predict } = await load(model);
  for (const row of rows) {
    const expected = encodeRow(model.encoding!, row).features;
    expect(features(row), JSON.stringify({ ...row, seen: String(row.seen) })).toEqual([
      ...expected,
    ]);
    const outputs = decodeTargets(model.encoding, expectedOf(model, expected));
    expect(predict(features(row))).toEqual(outputs);
  }
  for (const day of ['1/1000', '1200W10', 'Q1 2200', '12dec12']) {
    expect(() => encodeRow(model.encoding!, { ...rows[0]!, day })).toThrow('expected a date');
    expect(() => features({ ...rows[0]!, day })).toThrow('day: expected a value');
  }
  expect(() => features({ ...rows[0]!, size: '0,125' })).toThrow('size: expected a value');
});

test('a module takes rows with objects in them, as the library does', async () => {
  const [size, ...others] = encoding.columns;
  const columns = [{ ...size!, name: 'of.a.size' }, ...others];
  const model = modelOf({ columns });
  const { features } = await load(model);
  const { size: _, ...row } = rows[0]!;
  for (const of of [
    { 'of.a.size': 7 },
    { of: { a: { size: 7 } } },
    { of: { 'a.size': 7, size: 1 } },
    { 'of.a': { size: 7 } },
    { of: null },
    { of: { a: null } },
    { of: { a: { size: '1,234.5' } } },
  ]) {
    const nested = { ...row, ...of };
    expect(features(nested)).toEqual([...encodeRow(model.encoding!, nested).features]);
  }
  for (const of of [{}, { of: 7 }, { of: {} }, { of: { a: {} } }, { of: new Date(0) }]) {
    const nested = { ...row, ...of } as RowRecord;
    expect(() => encodeRow(model.encoding!, nested)).toThrow('column "of.a.size"');
    expect(() => features(nested)).toThrow('of.a.size: expected a value');
  }
});

test('a module knows words of yes and no in any case', async () => {
  const columns = encoding.columns.map((column) =>
    column.name === 'letter' ? { ...column, categories: ['Nein', 'ja'] } : column,
  );
  const model = modelOf({ columns });
  const { features } = await load(model);
  for (const letter of ['Nein', 'NEIN', 'Ja', 'ja', 'oui']) {
    const row = { ...rows[0]!, letter };
    const expected = [...encodeRow(model.encoding!, row).features];
    expect(expected.slice(11, 13)).toEqual(
      { n: [1, 0], j: [0, 1], o: [0, 0] }[letter.toLowerCase()[0]!],
    );
    expect(features(row)).toEqual(expected);
  }
});

test('a module reads decimal commas where the training did', async () => {
  const model = modelOf({ decimal: ',' });
  const { features } = await load(model);
  for (const size of ['1,5', '1.234', '1.234,5', '-0,25', '12', ',5', '1,5e2', '3 €']) {
    const row = { ...rows[0]!, size };
    expect(features(row)).toEqual([...encodeRow(model.encoding!, row).features]);
  }
  for (const size of ['1.5', '0.125']) {
    expect(() => features({ ...rows[0]!, size })).toThrow('size: expected a value');
  }
});

test.each(['day', 'month'] as const)(
  'a module reads dates with the %s first where the training did',
  async (dates) => {
    const model = modelOf({ dates });
    const { features } = await load(model);
    for (const day of [
      '1.2.2024',
      ' 12/11/2024 9:05',
      '01-02-2024, 13:05:07',
      '2024/2/1',
      '1/2/24 1:05 AM',
      '01.02.69',
      '2024-02-29',
    ]) {
      const row = { ...rows[0]!, day };
      expect(features(row)).toEqual([...encodeRow(model.encoding!, row).features]);
    }
    for (const day of [
      '13/13/2024',
      '1/2-2024',
      '1.2.24',
      '30.2.2024',
      '2024/2/30',
      '2023-W53',
      '13/2024',
      '1/2/2024 24:00',
    ]) {
      const row = { ...rows[0]!, day };
      expect(() => features(row)).toThrow('day: expected a value');
      expect(() => encodeRow(model.encoding!, row)).toThrow('column "day": expected a date, as in');
    }
  },
);

test.each<[string, unknown]>([
  ['size', 'big'],
  ['size', '1e39'],
  ['size', {}],
  ['seen', undefined],
  ['day', '29.2.2024'],
  ['day', 5],
])('a module refuses %s = %o as the core does', async (name, value) => {
  const { features } = await load(modelOf());
  const row = { ...rows[0]!, [name]: value } as RowRecord;
  expect(() => features(row)).toThrow(`${name}: expected a value`);
  expect(() => encodeRow(encoding, row)).toThrow(`column "${name}": `);
});

test('ONNX takes doubles where binary32 could not hold the numbers, and fills missing ones', async () => {
  const model = modelOf();
  const session = await InferenceSession.create(exportModel(model, 'onnx'));
  for (const row of rows.slice(0, 12)) {
    const { features } = encodeRow(encoding, row, { keepMissing: true });
    const raw = Float64Array.from(features);
    raw[2]! += 1_700_000_000;
    raw[13]! += 19_000;
    const input = new Tensor('float64', raw, [1, 18]);
    const { output } = await session.run({ input });
    expect(output!.type).toBe('float64');
    const [y, z] = output!.data as Float64Array;
    const [expectedY, expectedZ] = decodeTargets(encoding, expectedOf(model, features));
    expect(Math.abs(y! - expectedY!)).toBeLessThan(1e-5);
    expect(Math.abs(z! - expectedZ!)).toBeLessThan(1e-5);
  }
  await session.release();
});

test('ONNX takes binary32 where nothing is subtracted', async () => {
  const columns = encoding.columns.map(({ offset: _, ...column }) => column);
  const targets = [{ name: 'y' }, { name: 'z' }];
  const model = modelOf({ columns, targets });
  const session = await InferenceSession.create(exportModel(model, 'onnx'));
  const { features } = encodeRow(model.encoding!, { ...rows[0]!, seen: 3 }, { keepMissing: true });
  const { output } = await session.run({ input: new Tensor('float32', features, [1, 18]) });
  expect(output!.type).toBe('float32');
  await session.release();
});
