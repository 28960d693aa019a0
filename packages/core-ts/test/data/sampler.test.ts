import { describe, expect, test } from 'vitest';
import { inSentence } from '../../src/data/column-name.js';
import { columnWidth, labelNames, type TableEncoding } from '../../src/data/encoding.js';
import { labelOf, largestAt, predictionOf } from '../../src/data/prediction.js';
import { Sampler } from '../../src/data/sampler.js';
import { smallRecipe } from '../synthetic.js';

const encoding: TableEncoding = {
  rules: 2,
  columns: [
    { name: 'a', categories: null },
    { name: 'k', categories: ['x', 'y'] },
  ],
  label: 'l',
};
const numbers = smallRecipe({ layers: [3, 2], preprocess: 'none' });
const bytes = smallRecipe({ layers: [3, 2], preprocess: 'scale' });

describe('samples of a table', () => {
  const sampler = () => new Sampler({ recipe: numbers, encoding });

  test('are written over what was there, a row after the other', () => {
    const one = sampler();
    expect([one.features, one.columns]).toEqual([3, ['a', 'k']]);
    const samples = one.allocate(3);
    expect(samples).toEqual(new Float32Array(9));
    samples.fill(9);
    one.write({ k: 'y', a: 5 }, samples, 1);
    expect([...samples]).toEqual([9, 9, 9, 5, 0, 1, 9, 9, 9]);
    one.write(['7', 'x'], samples, 2);
    expect([...samples]).toEqual([9, 9, 9, 5, 0, 1, 7, 1, 0]);
    one.writeCells(['x', 'no', 3], [2, 0], samples as Float32Array, 1);
    expect([...samples]).toEqual([9, 9, 9, 3, 1, 0, 7, 1, 0]);
    one.write(Float32Array.of(1.5, 2, 3), samples, 0);
    expect([...samples]).toEqual([1.5, 2, 3, 3, 1, 0, 7, 1, 0]);
    one.write(['7', 'z'], samples, 0);
    expect([...samples.subarray(0, 3), one.encoder!.columns[1]!.unknown]).toEqual([7, 0, 0, 1]);
  });

  test('follow what is asked for', () => {
    const strict = new Sampler({ recipe: numbers, encoding }, { strict: true });
    expect(() => strict.write(['7', 'z'], strict.allocate(1), 0)).toThrow('received "z"');
    expect(() => sampler().write(['7'], sampler().allocate(1), 0)).toThrow('expected 2 cells');
  });

  test('find their columns in any order, beside others', () => {
    expect(sampler().bind(['x', 'k', 'a', 'y'])).toEqual({ places: [2, 1], extra: ['x', 'y'] });
    expect(sampler().bind(['a', 'k'])).toEqual({ places: [0, 1], extra: [] });
    expect(sampler().bind(['k', 'x', 'x', 'a'])).toEqual({ places: [3, 0], extra: ['x', 'x'] });
    expect(() => sampler().bind(['a', 'k', 'a'])).toThrow(
      'expected one column "a", received several',
    );
    expect(() => sampler().bind(['a', 'b'])).toThrow(
      'expected a column "k", which the model was trained on, received "a", "b"',
    );
    expect(() => sampler().bind([...'abcdef'])).toThrow(/received "a", .*, "f"$/);
    expect(() => sampler().bind([...'abcdefg'])).toThrow(/received "a", .*, "f", …$/);
    // A column that is not there is not there twice.
    expect(() => sampler().bind(['k'])).toThrow('expected a column "a"');
  });

  test('take a column without values for an object, unless it is their own', () => {
    const columns = ['x', 'x.1', 'y.1'].map((name) => ({ name, categories: null, median: 0 }));
    const encoding = { rules: 2, label: 'kind', columns };
    const sampler = new Sampler({ recipe: numbers, encoding });
    const empty = new Set(['x', 'y']);
    expect(sampler.bind(['x.1', 'x', 'y'], empty)).toEqual({ places: [1, 0, 2], extra: [] });
    expect(() => sampler.bind(['x', 'y'], empty)).toThrow('expected a column "x.1"');
    expect(() => sampler.bind(['x', 'x.1', 'y'])).toThrow('expected a column "y.1"');
  });
});

describe('samples of numbers', () => {
  test('are what they are, of as many as there are', () => {
    const sampler = new Sampler({ recipe: numbers, encoding: null });
    expect([sampler.columns, sampler.encoder]).toEqual([null, null]);
    expect(sampler.bind(['a'])).toEqual({ places: [], extra: ['a'] });
    const samples = sampler.allocate(2);
    sampler.write([1, -2.5, 3e38], samples, 1);
    expect([...samples]).toEqual([0, 0, 0, 1, -2.5, Math.fround(3e38)]);
    sampler.writeCells([7, 8, 9], [], samples as Float32Array, 1);
    expect([...samples]).toEqual([0, 0, 0, 0, 0, 0]);
    for (const [sample, received] of [
      [[1, 2], '2'],
      [[1, 2, 3, 4], '4'],
      [Float64Array.of(1), '1'],
      ['abc', '"abc"'],
      [{ length: 3, 0: 1, 1: 2, 2: 3 }, '{"0":1'],
      [null, 'null'],
    ] as const) {
      expect(() => sampler.write(sample as never, samples, 0)).toThrow(
        `sample: expected 3 numbers, received ${received}`,
      );
    }
    for (const value of ['1', null, Number.NaN, Number.POSITIVE_INFINITY, 1e39, 5n]) {
      expect(() => sampler.write([1, value as never, 3], samples, 0)).toThrow(
        /^sample: expected numbers that binary32 can hold, received .* at 1$/,
      );
    }
  });

  test('are bytes where they are pixels', () => {
    const sampler = new Sampler({ recipe: bytes, encoding: null });
    const samples = sampler.allocate(2);
    expect(samples).toEqual(new Uint8Array(6));
    sampler.write([0, 128, 255], samples, 1);
    expect([...samples]).toEqual([0, 0, 0, 0, 128, 255]);
    for (const value of [-1, 256, 0.5, '5', Number.NaN]) {
      expect(() => sampler.write([1, 2, value as never], samples, 0)).toThrow(
        /^sample: expected bytes from 0 to 255, received .* at 2$/,
      );
    }
    expect(() => sampler.write([1], samples, 0)).toThrow(
      'sample: expected 3 pixels, bytes from 0 to 255, received 1',
    );
  });
});

describe('a prediction', () => {
  const classes = { recipe: numbers, classNames: null, encoding: null };

  test('of classes is the most probable one, the first of equals', () => {
    const values = Float32Array.of(0.25, 0.5, 0.25);
    expect(predictionOf(classes as never, values)).toEqual({
      label: 1,
      probabilities: [0.25, 0.5, 0.25],
    });
    const named = { ...classes, classNames: ['u', 'v', 'w'] };
    expect(predictionOf(named as never, values)).toMatchObject({ label: 1, className: 'v' });
    expect(
      [[1], [1, 1], [0, 1, 1], [3, 1, 2], [1, 2, 3]].map((one) =>
        largestAt(Float32Array.from(one)),
      ),
    ).toEqual([...[0, 0, 1, 0, 2]]);
  });

  test('of numbers has its offsets back', () => {
    const recipe = smallRecipe({ layers: [3, 2], preprocess: 'none', loss: 'squared-error' });
    const targets = [{ name: 'u', offset: 100 }, { name: 'v' }];
    const outputs = Float32Array.of(1.5, 2);
    const model = { recipe, classNames: null, encoding: { ...encoding, targets } };
    expect(predictionOf(model as never, outputs)).toEqual({ outputs: [101.5, 2] });
    expect(predictionOf({ ...model, encoding: null } as never, outputs)).toEqual({
      outputs: [1.5, 2],
    });
  });

  test('of labels is yes above a half', () => {
    const recipe = smallRecipe({
      layers: [3, 2],
      preprocess: 'none',
      loss: 'binary-cross-entropy',
    });
    const targets = [{ name: 'u', categories: ['off', 'on'] }, { name: 'v' }];
    const model = { recipe, classNames: null, encoding: { ...encoding, targets } };
    const probabilities = [0.5, 0.75];
    expect(predictionOf(model as never, Float32Array.from(probabilities))).toEqual({
      labels: ['off', 1],
      probabilities,
    });
    expect(predictionOf({ ...model, encoding: null } as never, Float32Array.of(0.75, 0.5))).toEqual(
      {
        labels: [1, 0],
        probabilities: [0.75, 0.5],
      },
    );
    expect(labelOf(model.encoding as never, 0, 0.500001)).toBe('on');
    expect(labelOf(model.encoding as never, 2, 0.4)).toBe(0);
  });
});

test('columns are as wide as their features, and have names', () => {
  const name = 'a';
  const date = { unit: 'days', parts: ['month', 'hour'] } as const;
  expect(columnWidth({ name, categories: null })).toBe(1);
  expect(columnWidth({ name, categories: [] })).toBe(0);
  expect(columnWidth({ name, categories: ['x', 'y'], other: true, missing: true })).toBe(4);
  expect(columnWidth({ name, categories: null, date, missing: true })).toBe(4);
  expect(labelNames(encoding)).toEqual(['l']);
  expect(labelNames({ ...encoding, targets: [{ name: 'u' }, { name: 'v' }] })).toEqual(['u', 'v']);
  expect(['width', 'column 3', 'column', 'column 3a', 'my column 3'].map(inSentence)).toEqual([
    ...['column width', 'column 3', 'column column', 'column column 3a', 'column my column 3'],
  ]);
});
