import { describe, expect, test } from 'vitest';
import { encodeArray } from '../src/arrays/encode-array.js';
import { findPairs } from '../src/arrays/find-pairs.js';
import { type ArrayInputs, readInputs } from '../src/arrays/inputs.js';
import type { ArraySource } from '../src/arrays/read-array.js';
import type { LoadOptions } from '../src/options.js';
import { errorOf } from './temporary.js';
import { bytesOf, npyBytes, npySource } from './writers.js';

const MADE = {
  u1: Uint8Array,
  b1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  f4: Float32Array,
  f8: Float64Array,
};
type Type = keyof typeof MADE;

/** An array of these numbers. */
function array(type: Type, shape: readonly number[], values: readonly number[], name = 'x') {
  const bytes = npyBytes(`<${type}`, shape, bytesOf(MADE[type].from(values)));
  return npySource(bytes, 64, bytes.length, name);
}

/** An array of 0, 1, 2 and so on. */
function counted(type: Type, shape: readonly number[], name = 'x'): ArraySource {
  const length = shape.reduce((product, size) => product * size, 1);
  return array(type, shape, [...Array(length).keys()], name);
}

const inputsOf = (
  sources: readonly ArraySource[],
  channels: 1 | 3 | null = null,
  options: LoadOptions = {},
): Promise<ArrayInputs> => readInputs(sources, channels, options);

describe('samples', () => {
  const colours = { height: 4, width: 5, channels: 3 };
  const grey = { height: 4, width: 5 };

  test.each<[Type, readonly number[], 1 | 3 | null, number, ArrayInputs['image']]>([
    ['u1', [3, 5], null, 5, null],
    ['f4', [3, 1], 1, 1, null],
    ['u1', [3, 4, 5], null, 20, grey],
    ['f4', [3, 4, 5], 3, 20, grey],
    ['u1', [3, 4, 5, 1], null, 20, grey],
    ['u1', [3, 1, 4, 5], null, 20, grey],
    ['u1', [3, 1, 1, 1], null, 1, { height: 1, width: 1 }],
    ['u1', [3, 3, 5, 1], null, 15, { height: 3, width: 5 }],
    ['u1', [3, 4, 5, 3], null, 60, colours],
    ['u1', [3, 4, 5, 3], 3, 60, colours],
    ['f4', [3, 4, 5, 3], 1, 60, colours],
    ['u1', [3, 1, 5, 3], 3, 15, { height: 1, width: 5, channels: 3 }],
    ['u1', [3, 4, 3], null, 12, { height: 4, width: 3 }],
  ])(
    '%s of the shape %j with channels %j are read',
    async (type, shape, channels, features, image) => {
      const read = await inputsOf([counted(type, shape)], channels);
      expect(read).toMatchObject({ samples: 3, features, image, counts: [3], type });
      expect(read.isBytes).toBe(type === 'u1');
      expect(read.greys).toBe(false);
      expect([...read.inputs]).toEqual([...Array(3 * features).keys()]);
      expect(read.inputs).toBeInstanceOf(type === 'u1' ? Uint8Array : Float32Array);
    },
  );

  test.each([[[3]], [[3, 4, 5, 2]], [[3, 2, 4, 5]], [[3, 2, 2, 2, 2]], [[3, 4, 5, 3, 1]]])(
    'of the shape %j are refused',
    async (shape) => {
      expect((await errorOf(() => inputsOf([counted('u1', shape)]))).message).toBe(
        `x: expected samples [count, features] or images [count, height, width], received the shape (${shape.join(', ')}) of u1`,
      );
    },
  );

  const pixels = [255, 0, 0, 0, 255, 0, 0, 0, 255, 7, 7, 7, 10, 20, 30, 0, 0, 0];

  test('in colours become grey where that is asked for', async () => {
    const parts = [
      array('u1', [2, 1, 2, 3], pixels.slice(0, 12)),
      array('u1', [1, 1, 2, 3], pixels.slice(12), 'x_test'),
    ];
    const read = await inputsOf(parts, 1);
    // ITU-R BT.601: 0.299 · 10 + 0.587 · 20 + 0.114 · 30 = 18.15
    expect(read.inputs).toEqual(Uint8Array.of(76, 150, 29, 7, 18, 0));
    expect(read).toMatchObject({ features: 2, image: { height: 1, width: 2 }, greys: true });
    expect(read.image).not.toHaveProperty('channels');
    expect(read.counts).toEqual([2, 1]);
  });

  test('in colours that are all grey are grey unless colours are asked for', async () => {
    const values = [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4];
    const source = array('u1', [2, 2, 1, 3], values);
    const read = await inputsOf([source]);
    expect(read.inputs).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(read).toMatchObject({ samples: 2, features: 2, image: { height: 2, width: 1 } });
    expect(read.image).not.toHaveProperty('channels');
    expect((await inputsOf([source], 3)).features).toBe(6);
    const changedAt = (place: number) => values.map((value, at) => (at === place ? 9 : value));
    for (const at of values.keys()) {
      const changed = array('u1', [2, 2, 1, 3], changedAt(at));
      expect((await inputsOf([changed])).inputs).toEqual(Uint8Array.from(changedAt(at)));
    }
    expect((await inputsOf([array('f4', [2, 2, 1, 3], values)])).features).toBe(6);
  });

  test('come one part after the other', async () => {
    const parts = [
      counted('f4', [2, 2]),
      array('f4', [1, 2], [8, 9], 'x_val'),
      array('i2', [3, 2], [4, 5, 6, 7, -1, -2], 'x_test'),
    ];
    const { inputs, counts, samples } = await inputsOf(parts);
    expect([...inputs]).toEqual([0, 1, 2, 3, 8, 9, 4, 5, 6, 7, -1, -2]);
    expect(inputs).toBeInstanceOf(Float32Array);
    expect({ counts, samples }).toEqual({ counts: [2, 1, 3], samples: 6 });
  });

  test.each<[Type, readonly number[], LoadOptions, boolean]>([
    ['f8', [2, 2], {}, true],
    ['i4', [2, 2], {}, true],
    ['u4', [2, 2], {}, true],
    ['f8', [2, 2], { rules: 1 }, false],
    ['f8', [2, 2, 1], {}, false],
    ['f4', [2, 2], {}, false],
    ['i2', [2, 2], {}, false],
    ['u2', [2, 2], {}, false],
    ['b1', [2, 2], {}, false],
  ])('%s of the shape %j by %j stay binary64: %j', async (type, shape, options, isWide) => {
    const { inputs } = await inputsOf([counted(type, shape)], null, options);
    expect(inputs).toBeInstanceOf(isWide ? Float64Array : Float32Array);
  });

  test.each(['i8', 'u8'])(
    'of %s stay binary64, too, as does what a later part needs',
    async (type) => {
      const bytes = npyBytes(`<${type}`, [1, 2], bytesOf(BigInt64Array.of(3n, 2n ** 40n + 1n)));
      const parts = [counted('f4', [1, 2]), npySource(bytes)];
      const { inputs } = await inputsOf(parts);
      expect(inputs).toEqual(Float64Array.of(0, 1, 3, 2 ** 40 + 1));
    },
  );

  const shown: [string, ArraySource, ArraySource, string, string][] = [
    ['features', counted('u1', [2, 3]), counted('u1', [2, 4], 'x_test'), '3 bytes', '4 bytes'],
    ['types', counted('f4', [2, 3]), counted('u1', [2, 3], 'x_test'), '3 numbers', '3 bytes'],
    ['kinds', counted('u1', [2, 6]), counted('u1', [2, 2, 3], 'x_test'), '6 bytes', '2×3 bytes'],
    [
      'sides',
      counted('u1', [2, 3, 2]),
      counted('u1', [2, 2, 3], 'x_test'),
      '3×2 bytes',
      '2×3 bytes',
    ],
    [
      'colours',
      counted('u1', [2, 3, 2]),
      counted('u1', [2, 3, 2, 3], 'x_test'),
      '3×2 bytes',
      '3×2×3 bytes',
    ],
  ];
  test.each(shown)('of other %s do not go together', async (_, first, other, wanted, received) => {
    expect((await errorOf(() => inputsOf([first, first, other], 3))).message).toBe(
      `x_test: expected samples of ${wanted} as in the training part, received ${received}`,
    );
  });

  test('that are to become grey do not go with those that are', async () => {
    const parts = [counted('u1', [2, 3, 2, 3]), counted('u1', [2, 3, 2], 'x_test')];
    expect((await errorOf(() => inputsOf(parts, 1))).message).toMatch(/^x_test: expected samples/);
  });

  test.each<[string, readonly number[], string]>([
    ['|u1', [2 ** 29, 1, 1, 3], '536870912 samples of 3 features, which take 1610612736'],
    ['<f4', [2 ** 28 + 1, 1], '268435457 samples of 1 features, which take 1073741828'],
    ['|u1', [2 ** 15 + 1, 2 ** 15], '32769 samples of 32768 features, which take 1073774592'],
  ])('%s of the shape %j are more than are read', async (type, shape, message) => {
    const source = npySource(npyBytes(type, shape, new Uint8Array(0)));
    expect((await errorOf(() => inputsOf([source], 1))).message).toBe(
      `x: expected inputs of at most 1073741824 bytes, received ${message}`,
    );
  });

  test('of a byte each may be four times as many as of binary32', async () => {
    const source = npySource(npyBytes('|u1', [2 ** 28 + 1, 1], new Uint8Array(0)));
    expect((await errorOf(() => inputsOf([source]))).message).toMatch(
      /^x: expected 268435585 bytes for the shape/,
    );
  });

  test.each<[number, Type, readonly number[], LoadOptions, string | null]>([
    [1e39, 'f8', [2, 3], {}, '1e+39'],
    [Number.NEGATIVE_INFINITY, 'f4', [2, 3], {}, '-Infinity'],
    [Number.NaN, 'f4', [2, 3], {}, null],
    [Number.NaN, 'f8', [2, 3], { missing: 'impute' }, null],
    [Number.NaN, 'f8', [2, 3], { missing: 'error' }, 'NaN'],
    [Number.NaN, 'f4', [2, 3], { rules: 1 }, 'NaN'],
    [Number.NaN, 'f4', [2, 3, 1], {}, 'NaN'],
  ])('of %f, as %s of the shape %j by %j', async (value, type, shape, options, received) => {
    const parts = [counted(type, shape), array(type, shape, [1, 2, 3, 4, 5, value], 'x_test')];
    const work = () => inputsOf(parts, null, options);
    if (received === null) expect((await work()).inputs[11]).toBeNaN();
    else {
      expect((await errorOf(work)).message).toBe(
        `x_test: expected numbers that binary32 can hold, received ${received} (sample 1, feature 2, both counted from 0)`,
      );
    }
  });
});

describe('arrays are found by their names:', () => {
  const named = (name: string): ArraySource => npySource(new Uint8Array(0), 1, 0, name);
  const found = (...names: string[]) => {
    const { train, validation, test: tested } = findPairs(names.map(named), 'data.npz');
    return [train, validation, tested].map(
      (pair) => pair && `${pair.inputs.name} ${pair.targets.name}`,
    );
  };

  test.each([
    ['x_train', 'y_train'],
    ['train_images', 'train_labels'],
    ['images', 'labels'],
    ['X', 'y'],
    ['DATA', 'Target'],
  ])('%s and %s to train', (inputs, targets) => {
    expect(found('other', targets, inputs)).toEqual([`${inputs} ${targets}`, undefined, undefined]);
  });

  test.each([
    ['x_val', 'y_val'],
    ['x_valid', 'y_valid'],
    ['X_validation', 'y_validation'],
    ['val_images', 'val_labels'],
  ])('%s and %s to validate', (inputs, targets) => {
    const all = found(inputs, 'x', targets, 'y');
    expect(all).toEqual(['x y', `${inputs} ${targets}`, undefined]);
  });

  test.each([
    ['x_test', 'Y_test'],
    ['test_images', 'test_labels'],
  ])('%s and %s to test', (inputs, targets) => {
    expect(found(inputs, 'x', targets, 'y')).toEqual(['x y', undefined, `${inputs} ${targets}`]);
  });

  test('the first of several that are whole', () => {
    expect(found('x', 'y', 'x_train', 'y_train')[0]).toBe('x_train y_train');
    expect(found('x', 'y', 'x_train')[0]).toBe('x y');
    expect(found('x', 'y', 'y_train', 'x_test')).toEqual(['x y', undefined, undefined]);
  });

  test('or none, which says what there is', async () => {
    const { message, fix } = await errorOf(() => found('a', 'x_test', 'y_test'));
    expect(message).toBe(
      'data.npz: expected the arrays "x_train" and "y_train", received "a", "x_test", "y_test"',
    );
    expect(fix).toBe(
      'Other names that are known: train_images and train_labels; images and labels; x and y; data and target.',
    );
    expect((await errorOf(() => found())).message).toMatch(/, received no arrays$/);
  });
});

describe('columns', () => {
  const encode = (
    values: Float32Array | Float64Array,
    features: number,
    targets?: Parameters<typeof encodeArray>[2],
    known?: Parameters<typeof encodeArray>[3],
  ) => encodeArray(values, features, targets, known);

  test('that binary32 holds stay as they are', () => {
    expect(encode(Float64Array.of(0.1, 2, 0.3, 4), 2)).toEqual({
      inputs: Float32Array.of(0.1, 2, 0.3, 4),
      features: 2,
      encoding: undefined,
      notes: [],
    });
  });

  test('are written as they are where targets need words', () => {
    const { encoding, inputs, features } = encode(Float32Array.of(1, 2, 3, 4), 2, [{ name: 'y' }]);
    expect(encoding).toEqual({
      rules: 2,
      columns: [
        { name: '1', categories: null },
        { name: '2', categories: null },
      ],
      label: 'y',
      targets: [{ name: 'y' }],
    });
    expect({ inputs, features }).toEqual({ inputs: Float32Array.of(1, 2, 3, 4), features: 2 });
  });

  test('with missing numbers say where', () => {
    const { NaN: missing } = Number;
    const { encoding, inputs, features } = encode(Float32Array.of(1, missing, 3, 4), 2);
    expect(encoding).toEqual({
      rules: 2,
      columns: [
        { name: '1', categories: null },
        { name: '2', categories: null, missing: true },
      ],
      label: 'y',
    });
    expect(features).toBe(3);
    expect([...inputs]).toEqual([1, missing, 1, 3, 4, 0]);
  });

  test('of numbers near each other have the least subtracted, the missing ones aside', () => {
    const far = 2 ** 40;
    const { NaN: missing } = Number;
    const values = Float64Array.of(far + 2, 5, far + 1, 6, missing, 7, far + 3, 8, far + 1, 9);
    const { encoding, inputs, notes } = encode(values, 2);
    expect(encoding!.columns).toEqual([
      { name: '1', categories: null, offset: far + 1, missing: true },
      { name: '2', categories: null },
    ]);
    expect([...inputs]).toEqual([1, 0, 5, 0, 0, 6, missing, 1, 7, 2, 0, 8, 0, 0, 9]);
    expect(notes).toEqual([
      `${far + 1} is subtracted from column 1, because binary32 tells 1 of its 3 different numbers apart`,
    ]);
    expect(encode(Float64Array.of(1, far + 2, 3, far + 1), 2).encoding!.columns[1]).toMatchObject({
      name: '2',
      offset: far + 1,
    });
  });

  test('of binary32 that are near each other need nothing', () => {
    expect(encode(Float32Array.of(1000, 1001, 1002), 1).encoding).toBeUndefined();
    expect(encode(Float64Array.of(1000, 1001, 1002), 1).encoding).toBeUndefined();
  });

  test('are read as a model read its own', () => {
    const known = { rules: 2, columns: [{ name: '1', categories: null, offset: 10 }], label: 'y' };
    const { inputs, encoding, notes } = encode(Float64Array.of(11, 12), 1, undefined, known);
    expect([...inputs]).toEqual([1, 2]);
    expect(encoding).toBe(known);
    expect(notes).toEqual([]);
  });
});
