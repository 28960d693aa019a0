import { describe, expect, test } from 'vitest';
import type { ArraySource } from '../src/arrays/read-array.js';
import { readTargets } from '../src/arrays/targets.js';
import type { LoadOptions } from '../src/options.js';
import { errorOf } from './temporary.js';
import { bytesOf, npyBytes, npySource } from './writers.js';

/** An array of binary64. */
function array(shape: readonly number[], values: readonly number[], name = 'y'): ArraySource {
  const bytes = npyBytes('<f8', shape, bytesOf(Float64Array.from(values)));
  return npySource(bytes, 64, bytes.length, name);
}

/** Of parts, each of one number a sample or of rows of them. */
function read(
  parts: readonly (readonly number[] | readonly (readonly number[])[])[],
  options: LoadOptions = {},
) {
  const sources = parts.map((part, index) => {
    const [first] = part;
    const shape = Array.isArray(first) ? [part.length, first.length] : [part.length];
    return array(shape, part.flat(), `y${index}`);
  });
  return readTargets(
    sources,
    parts.map(({ length }) => length),
    options,
  );
}
const count = (length: number): number[] => [...Array(length).keys()];

describe('classes', () => {
  test('are whole numbers in their order, from 0 without names', async () => {
    const { labels, classes, values, offsets } = await read([[2, 0, 1, 2]]);
    expect(labels).toEqual(Uint32Array.of(2, 0, 1, 2));
    expect(classes).toMatchObject({ count: 3, names: undefined });
    expect({ values, offsets }).toEqual({ values: undefined, offsets: undefined });
  });

  test('may be any whole numbers, one a row, too', async () => {
    const { labels, classes } = await read([
      [[10], [-3], [9]],
      [9, 10],
    ]);
    expect(labels).toEqual(Uint32Array.of(2, 0, 1, 1, 2));
    expect(classes).toMatchObject({ count: 3, names: ['-3', '9', '10'] });
  });

  test("are a model's", async () => {
    const like = { classes: 3, classNames: ['9', '7', '8'] };
    const { labels, classes } = await read([[8, 9]], { like });
    expect(labels).toEqual(Uint32Array.of(2, 0));
    expect(classes!.names).toEqual(['9', '7', '8']);
    // Nothing is learnt that the model did not.
    expect((await errorOf(() => read([[0.5, 1]], { like, task: 'auto' }))).message).toContain(
      'expected whole numbers as labels',
    );
    const flags = [
      [1, 1],
      [0, 1],
    ];
    expect((await errorOf(() => read([flags], { like, task: 'auto' }))).message).toContain(
      'expected one label a sample',
    );
  });

  test.each<[string, Parameters<typeof read>[0], string]>([
    ['one class', [[3, 3]], 'y0: expected at least two classes, received only "3"'],
    [
      'a class that was never trained',
      [
        [1, 2],
        [2, 2, 5],
      ],
      'y1: sample 2: expected one of 2 classes ("1", "2"), received "5"',
    ],
    ['more than 1000 classes', [count(1001)], 'y0: expected at most 1000 classes, received 1001'],
    [
      'fractions',
      [
        [1, 2],
        [2, 1.5],
      ],
      'y1: expected whole numbers as labels, received 1.5 (sample 1, counted from 0)',
    ],
    [
      'whole numbers that binary64 does not tell apart',
      [[1, 2 ** 53]],
      'y0: expected whole numbers as labels, received 9007199254740992 (sample 1, counted from 0)',
    ],
    [
      'several a sample',
      [
        [
          [1, 0],
          [0, 1],
        ],
      ],
      'y0: expected one label a sample, received the shape (2, 2)',
    ],
  ])('of %s are refused', async (_, parts, message) => {
    expect((await errorOf(() => read(parts))).message).toBe(message);
  });

  test('may be 1000', async () => {
    expect((await read([count(1000)])).classes!.count).toBe(1000);
  });

  test('that cannot be learnt are told what to do', async () => {
    const fix = async (part: Parameters<typeof read>[0][number]) =>
      (await errorOf(() => read([part]))).fix;
    expect(await fix([[1, 0]])).toContain('labels.argmax(axis=1)');
    expect(await fix([0.5])).toContain('choose regression');
  });

  test('are as many as the samples', async () => {
    const sources = [array([2], [0, 1]), array([3], [0, 1, 1], 'y_test')];
    expect((await errorOf(() => readTargets(sources, [2, 4], {}))).message).toBe(
      'y_test: expected 4 labels, one a sample, received 3',
    );
  });
});

describe('numbers', () => {
  const regression: LoadOptions = { task: 'regression' };

  test('are learnt as they are', async () => {
    const targets = await read([[0.5, 3], [-7]], regression);
    expect(targets).toEqual({
      labels: new Uint32Array(0),
      classes: null,
      values: Float32Array.of(0.5, 3, -7),
      offsets: undefined,
      notes: [],
    });
  });

  test('that cannot be kept stay as they are, and what is lost is said', async () => {
    const far = 2 ** 40;
    const still = await readTargets([array([3], [far, far + 1, far + 2])], [3], regression, false);
    expect(still.offsets).toBeUndefined();
    expect([...still.values!]).toEqual([far, far, far]);
    expect(still.notes).toEqual(['column y: of 3 different numbers, binary32 tells 1 apart']);
    const { notes } = await read([[far, far + 1, 0]], regression);
    expect(notes).toEqual(['column y: of 3 different numbers, binary32 tells 2 apart']);
    expect((await read([[far, far + 1, far + 2]], regression)).notes).toEqual([
      `${far} is subtracted from column y, because binary32 tells 1 of its 3 different numbers apart`,
    ]);
  });

  test('several a sample, each with what is subtracted', async () => {
    const far = 2 ** 40;
    const rows = [
      [far + 3, 5],
      [far + 1, 4],
      [far + 2, 900],
    ];
    const { values, offsets } = await read([rows], regression);
    expect([...values!]).toEqual([2, 5, 0, 4, 1, 900]);
    expect(offsets).toEqual([{ name: 'y1', offset: far + 1 }, { name: 'y2' }]);
    const turned = await read([rows.map(([a, b]) => [b!, a!])], regression);
    expect([...turned.values!]).toEqual([5, 2, 4, 0, 900, 1]);
    expect(turned.offsets).toEqual([{ name: 'y1' }, { name: 'y2', offset: far + 1 }]);
    const one = await read([rows.map(([a]) => a!)], regression);
    expect(one.offsets).toEqual([{ name: 'y', offset: far + 1 }]);
    expect([...one.values!]).toEqual([2, 0, 1]);
  });

  test('of a negative side, too, and of all parts together', async () => {
    const far = -(2 ** 40);
    const { values, offsets } = await read([[far, far + 2], [far - 1]], regression);
    expect(offsets).toEqual([{ name: 'y', offset: far - 1 }]);
    expect([...values!]).toEqual([1, 3, 0]);
  });

  test('near each other that binary32 tells apart stay', async () => {
    expect((await read([[1000, 1001, 1002]], regression)).offsets).toBeUndefined();
  });

  test.each(['encoding', 'like'] as const)('follow what a model subtracted (%s)', async (kind) => {
    const targets = [{ name: 'a', offset: 10 }, { name: 'b' }];
    const encoding = { rules: 2, columns: [], label: 'y', targets };
    const options = kind === 'like' ? { like: { classes: 0, encoding } } : { encoding };
    const { values, offsets } = await read([[[11, 12]]], { ...regression, ...options });
    expect([...values!]).toEqual([1, 12]);
    expect(offsets).toBe(targets);
  });

  test('are not moved by the rules of version 0.1.0', async () => {
    const far = 2 ** 40;
    const { values, offsets } = await read([[far, far + 1]], { ...regression, rules: 1 });
    expect([...values!]).toEqual([far, far]);
    expect(offsets).toBeUndefined();
  });

  test.each<[string, ArraySource[], string]>([
    [
      'of three dimensions',
      [array([1, 2, 1], [1, 2])],
      'y: expected numbers [samples] or [samples, outputs] as in the training part, received the shape (1, 2, 1)',
    ],
    [
      'of another width than to train',
      [array([1, 2], [1, 2]), array([1, 3], [1, 2, 3], 'y_test')],
      'y_test: expected numbers [samples] or [samples, outputs] as in the training part, received the shape (1, 3)',
    ],
    [
      'of a column beside none',
      [array([1], [1]), array([1, 2], [1, 2], 'y_test')],
      'y_test: expected numbers [samples] or [samples, outputs] as in the training part, received the shape (1, 2)',
    ],
    [
      'beyond binary32',
      [array([1], [1]), array([1], [1e39], 'y_test')],
      'y_test: expected numbers that binary32 can hold, received 1e+39',
    ],
    [
      'missing',
      [array([1], [Number.NaN])],
      'y: expected numbers that binary32 can hold, received NaN',
    ],
  ])('%s are refused', async (_, sources, message) => {
    const work = () =>
      readTargets(
        sources,
        sources.map(() => 1),
        regression,
      );
    expect((await errorOf(work)).message).toBe(message);
  });
});

describe('what is learnt is found out:', () => {
  const many = count(101);
  const rare = count(21);
  const often = [...rare, ...rare];

  test.each<[string, Parameters<typeof read>[0], 'classes' | 'numbers' | 'flags']>([
    ['a few whole numbers', [[0, 1, 2, 1]], 'classes'],
    ['a fraction', [[0, 1, 2.5, 1]], 'numbers'],
    ['a fraction to test', [[0, 1, 2, 1], [0.5]], 'numbers'],
    ['more than a hundred numbers', [[...many, ...many, ...many]], 'numbers'],
    [
      'a hundred numbers, often',
      [[...many.slice(1), ...many.slice(1), ...many.slice(1)]],
      'classes',
    ],
    ['numbers that come once', [rare], 'numbers'],
    ['numbers that come twice', [often], 'classes'],
    ['numbers that come twice in all parts', [rare, rare], 'classes'],
    ['several numbers', [[[0, 2]]], 'numbers'],
    [
      'several numbers, one of them no 0 or 1',
      [
        [
          [0, 1],
          [1, 1],
          [1, -1],
        ],
      ],
      'numbers',
    ],
    [
      '0 and 1 of several',
      [
        [
          [0, 1],
          [1, 1],
        ],
      ],
      'flags',
    ],
    [
      '0 and 1 of several, none of a sample',
      [
        [
          [0, 1],
          [0, 0],
        ],
      ],
      'flags',
    ],
    [
      '0 and 1, which are only so to test',
      [
        [
          [0, 1],
          [1, 0],
        ],
        [[1, 1]],
      ],
      'flags',
    ],
    [
      'numbers to test',
      [
        [
          [0, 1],
          [1, 1],
        ],
        [[3, 1]],
      ],
      'numbers',
    ],
    ['0 and 1 of one', [[[0], [1]]], 'classes'],
    ['fractions of one', [[[0.5], [1]]], 'numbers'],
  ])('%s', async (_, parts, expected) => {
    const { classes, values, offsets } = await read(parts, { task: 'auto' });
    const isFlags = offsets?.some(({ categories }) => categories !== undefined) === true;
    const received = classes !== null ? 'classes' : isFlags ? 'flags' : 'numbers';
    expect(received).toBe(expected);
    expect(values === undefined).toBe(classes !== null);
  });

  test('one-hot labels are refused, not learnt as they are', async () => {
    const parts = [
      [
        [0, 1],
        [1, 0],
      ],
    ];
    expect((await errorOf(() => read(parts, { task: 'auto' }))).message).toBe(
      'y0: expected one label a sample, received the shape (2, 2)',
    );
  });
});

describe('labels of yes and no', () => {
  const multiLabel: LoadOptions = { task: 'multi-label' };

  test('are 0 and 1, each with its texts', async () => {
    const rows = [
      [0, 1],
      [1, 1],
    ];
    const { values, offsets, classes } = await read([rows], multiLabel);
    expect([...values!]).toEqual([0, 1, 1, 1]);
    expect(classes).toBeNull();
    expect(offsets).toEqual([
      { name: 'y1', categories: ['0', '1'] },
      { name: 'y2', categories: ['0', '1'] },
    ]);
    const one = await read([[0, 1]], multiLabel);
    expect(one.offsets).toEqual([{ name: 'y', categories: ['0', '1'] }]);
  });

  test.each([2, 0.5, -1])('are not %f', async (value) => {
    const { message, fix } = await errorOf(() => read([[0, 1, value]], multiLabel));
    expect(message).toBe(
      `y0: expected nothing but 0 and 1 for binary-cross-entropy, received ${value}`,
    );
    expect(fix).toContain('choose regression');
  });
});
