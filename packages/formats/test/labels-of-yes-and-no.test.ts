import { expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import type { LoadOptions } from '../src/options.js';
import { bytesOf, npyBytes, temporaryFile, zipBytes } from './writers.js';

const table = (rows: readonly string[], options: LoadOptions) =>
  loadDataset(temporaryFile('data.csv', ['x,a,b', ...rows].join('\n')), options);

const arrays = (flags: readonly number[], options: LoadOptions) =>
  loadDataset(
    temporaryFile(
      'data.npz',
      zipBytes({
        'x.npy': npyBytes('<f4', [3, 1], bytesOf(Float32Array.of(1.5, -2, 3))),
        'y.npy': npyBytes('<i8', [3, 2], bytesOf(BigInt64Array.from(flags.map(BigInt)))),
      }),
    ),
    options,
  );

test.each<[string[], string[][]]>([
  [
    ['1,yes,1', '2,NO,0', '3,no,1'],
    [
      ['no', 'yes'],
      ['0', '1'],
    ],
  ],
  [
    ['1,True,f', '2,FALSE,t', '3,false,t'],
    [
      ['false', 'True'],
      ['f', 't'],
    ],
  ],
  [
    ['1,present,-', '2,absent,+', '3,absent,+'],
    [
      ['absent', 'present'],
      ['-', '+'],
    ],
  ],
  [
    ['1,b,0', '2,a,0', '3,a,0'],
    [
      ['a', 'b'],
      ['0', '1'],
    ],
  ],
])('%j are yes and no by themselves', async (rows, categories) => {
  const { values, encoding, classes } = await table(rows, { label: 'a,b', task: 'auto' });
  expect(classes).toBe(0);
  expect(encoding!.targets!.map((target) => target.categories)).toEqual(categories);
  const texts = [...values!].map((value, at) => categories[at % 2]![value]!.toLowerCase());
  expect(texts).toEqual(rows.flatMap((row) => row.toLowerCase().split(',').slice(1)));
});

test.each([[['1,0.5,0', '2,1.5,1', '3,0.5,1']], [['1,0,0', '2,1,1', '3,2,1']]])(
  '%j are numbers',
  async (rows) => {
    const { encoding } = await table(rows, { label: 'a,b', task: 'auto' });
    expect(encoding!.targets).toEqual([{ name: 'a' }, { name: 'b' }]);
  },
);

test('a column of three texts is no yes and no', async () => {
  await expect(table(['1,x,0', '2,y,1', '3,z,1'], { label: 'a,b', task: 'auto' })).rejects.toThrow(
    'column "a": expected two different cells, as yes and no, received "x", "y", "z"',
  );
});

test('arrays of zeros and ones are, where they are not one class a sample', async () => {
  const { values, encoding } = await arrays([0, 1, 1, 1, 0, 0], { task: 'auto' });
  expect([...values!]).toEqual([0, 1, 1, 1, 0, 0]);
  expect(encoding!.targets).toEqual(['y1', 'y2'].map((name) => ({ name, categories: ['0', '1'] })));
  await expect(arrays([0, 1, 1, 0, 0, 1], { task: 'auto' })).rejects.toThrow('expected one label');
  const asked = await arrays([0, 1, 1, 0, 0, 1], { task: 'multi-label' });
  expect([...asked.values!]).toEqual([0, 1, 1, 0, 0, 1]);
  await expect(arrays([0, 1, 2, 0, 0, 1], { task: 'multi-label' })).rejects.toThrow(
    'expected nothing but 0 and 1 for binary-cross-entropy, received 2',
  );
});
