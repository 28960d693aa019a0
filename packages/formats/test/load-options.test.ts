import { describe, expect, test } from 'vitest';
import { checkOptions, LOAD_OPTIONS, OptionError, refuseOptions } from '../src/check-options.js';
import {
  checkClassCount,
  classIndex,
  listNames,
  makeClasses,
  modelClasses,
} from '../src/classes.js';
import { closest } from '../src/closest.js';
import { datasetName } from '../src/dataset-name.js';
import { checkInputSize } from '../src/limits.js';
import type { LoadOptions } from '../src/options.js';
import { errorOf } from './temporary.js';

describe('options', () => {
  const OBJECT = {};
  const VALID: Readonly<Record<keyof LoadOptions, readonly unknown[]>> = {
    label: ['a', 1, ['a', 2]],
    task: ['classification', 'regression', 'multi-label', 'auto'],
    columns: ['a', ['a', 1]],
    drop: ['a'],
    categorical: [['a']],
    numeric: ['a*'],
    keepIds: [true, false],
    missing: ['impute', 'drop', 'error'],
    strict: [true, false],
    skipBad: [true, false],
    digest: [true, false],
    rules: [1],
    encoding: [OBJECT],
    header: [true, false, 'auto'],
    imageSize: [OBJECT],
    usualImageSize: [OBJECT],
    channels: ['grey', 'rgb'],
    modelImageSize: [OBJECT],
    like: [OBJECT],
  };
  const ANY: readonly unknown[] = [
    ...['', 'x', 0, 1.5, 2, true, null, OBJECT, [], [''], ['a', 1.5], [null], Number.NaN],
  ];
  const EXPECTED: Readonly<Record<keyof LoadOptions, string>> = {
    label: "a column's name, or its number counted from 1",
    task: 'classification, regression, multi-label or auto',
    columns: "columns' names, patterns or numbers counted from 1, as a list or with commas between",
    drop: "columns' names, patterns or numbers counted from 1, as a list or with commas between",
    categorical:
      "columns' names, patterns or numbers counted from 1, as a list or with commas between",
    numeric: "columns' names, patterns or numbers counted from 1, as a list or with commas between",
    keepIds: 'true or false',
    missing: 'impute, drop or error',
    strict: 'true or false',
    skipBad: 'true or false',
    digest: 'true or false',
    rules: '1',
    encoding: 'the encoding of a model',
    header: 'auto, true or false',
    imageSize: 'a height and a width',
    usualImageSize: 'a height and a width',
    channels: 'grey or rgb',
    modelImageSize: 'a height and a width',
    like: 'the classes of a model',
  };
  const names = Object.keys(VALID) as (keyof LoadOptions)[];

  test('are all there', () => {
    expect(LOAD_OPTIONS).toEqual(names);
    expect(() => checkOptions({})).not.toThrow();
  });

  test.each(names)('%s', async (name) => {
    for (const value of [...VALID[name], undefined]) {
      expect(() => checkOptions({ [name]: value })).not.toThrow();
    }
    const isText = VALID[name].includes('a') || Array.isArray(VALID[name][0]) || name === 'numeric';
    const isFlag = VALID[name].includes(true);
    const isObject = VALID[name].includes(OBJECT);
    const isValid = (value: unknown): boolean =>
      (isText && (value === 'x' || value === 0 || value === 2)) ||
      (isFlag && value === true) ||
      (isObject && typeof value === 'object' && value !== null);
    for (const value of ANY.filter((one) => !isValid(one))) {
      const error = await errorOf(() => checkOptions({ strict: true, [name]: value }));
      expect(error).toBeInstanceOf(OptionError);
      expect(error).toMatchObject({ name: 'OptionError', option: name });
      expect(error.message.startsWith(`${name}: expected ${EXPECTED[name]}, received `)).toBe(true);
    }
  });

  test('that are unknown are refused', async () => {
    const { message } = await errorOf(() => checkOptions({ labels: 'a' } as LoadOptions));
    expect(message).toBe(`labels: expected no such option, which are ${names.join(', ')}`);
    expect(() => checkOptions({ labels: undefined } as LoadOptions)).not.toThrow();
  });

  test('that mean nothing here are refused', async () => {
    expect(() =>
      refuseOptions({ label: 'a', drop: undefined }, 'x', ['drop', 'header']),
    ).not.toThrow();
    const header = await errorOf(() =>
      refuseOptions({ header: false }, 'x.npz', ['drop', 'header']),
    );
    expect(header).toMatchObject({
      option: 'header',
      message: 'header: expected none, because x.npz is no such table',
    });
    const size = await errorOf(() =>
      refuseOptions({ imageSize: { height: 1, width: 1 } }, 'x', ['imageSize']),
    );
    expect(size.message).toBe('imageSize: expected none, because x holds no image files to resize');
  });
});

describe('classes', () => {
  test.each<[string[], string[] | undefined, string[]]>([
    [
      ['b2', 'a10'],
      ['a10', 'b2'],
      ['a10', 'b2'],
    ],
    [
      ['b', 'a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ],
    [
      ['10', '9', '-1'],
      ['-1', '9', '10'],
      ['-1', '9', '10'],
    ],
    [['1', '0', '2'], undefined, ['0', '1', '2']],
    [
      ['10', '9', '01'],
      ['01', '10', '9'],
      ['01', '10', '9'],
    ],
    [
      ['10', '9', 'x1'],
      ['10', '9', 'x1'],
      ['10', '9', 'x1'],
    ],
    [
      ['10', '9', '1x'],
      ['10', '1x', '9'],
      ['10', '1x', '9'],
    ],
    [
      ['-0', '-2', '-1'],
      ['-0', '-1', '-2'],
      ['-0', '-1', '-2'],
    ],
    [
      ['1', '2'],
      ['1', '2'],
      ['1', '2'],
    ],
  ])('of %j are %j', (labels, names, order) => {
    const classes = makeClasses(labels);
    expect(classes).toMatchObject({ count: order.length, names });
    expect([...classes.indices]).toEqual(order.map((name, at) => [name, at]));
  });

  test('of a model are its own', () => {
    expect(modelClasses({ classes: 3 })).toMatchObject({ count: 3, names: undefined });
    expect(modelClasses({ classes: 2, classNames: null }).indices.get('1')).toBe(1);
    expect(modelClasses({ classes: 2, classNames: ['b', 'a'] })).toMatchObject({
      names: ['b', 'a'],
    });
  });

  test('are two at least', async () => {
    const of = (labels: string[]) => errorOf(() => checkClassCount(makeClasses(labels), 'x'));
    expect(() => checkClassCount(makeClasses(['a', 'b']), 'x')).not.toThrow();
    expect((await of(['a'])).message).toBe('x: expected at least two classes, received only "a"');
    expect((await of([])).message).toBe('x: expected at least two classes, received none');
  });

  test('are found by their names', async () => {
    const classes = makeClasses(['cat', 'dog', 'owl']);
    expect(classIndex(classes, 'dog', 'x')).toBe(1);
    const near = await errorOf(() => classIndex(classes, 'Cats', 'x: row 1'));
    expect(near).toMatchObject({
      message: 'x: row 1: expected one of 3 classes ("cat", "dog", "owl"), received "Cats"',
      fix: 'Did you mean "cat"?',
    });
    expect((await errorOf(() => classIndex(classes, 'zebra', 'x'))).fix).toBeUndefined();
  });

  test('are listed, six of many', () => {
    expect(listNames([])).toBe('');
    expect(listNames(['a', 'b'])).toBe('"a", "b"');
    expect(listNames(['1', '2', '3', '4', '5', '6'])).toBe('"1", "2", "3", "4", "5", "6"');
    expect(listNames(['1', '2', '3', '4', '5', '6', '7'])).toBe('"1", "2", "3", "4", "5", "6", …');
  });
});

// Distances by Levenshtein: kitten to sitting is 3, flaw to lawn 2, rosettacode to raisethysword 8.
test.each<[string, string[], string | undefined]>([
  ['kitten', ['sitting'], undefined],
  ['kitten', ['mitten', 'sitten'], 'mitten'],
  ['kitten', ['sittin', 'mitten'], 'mitten'],
  ['KITTEN', ['kitten'], 'kitten'],
  ['label', ['LABEL', 'label'], 'LABEL'],
  ['labelled', ['labels'], undefined],
  ['sittingly', ['kittenly'], 'kittenly'],
  ['sitting', ['kitten'], undefined],
  ['flaw', ['lawn'], undefined],
  ['flawed', ['lawned'], 'lawned'],
  ['abc', ['abcd'], 'abcd'],
  ['abc', ['ab'], 'ab'],
  ['abc', ['axc'], 'axc'],
  ['twon', ['tower', 'town'], 'town'],
  ['abcd', ['badc'], undefined],
  ['ab', ['a'], undefined],
  ['ab', ['ab'], 'ab'],
  ['abcdef', ['badcfe', 'xbcdxf'], 'xbcdxf'],
  ['', [''], ''],
  ['abc', [], undefined],
])('of what was meant by %j among %j: %j', (wanted, names, meant) => {
  expect(closest(wanted, names)).toBe(meant);
});

test.each([
  ['/data/iris.csv', 'iris'],
  ['/data/iris.CSV.GZ', 'iris'],
  ['/data/iris.csv.gz', 'iris'],
  ['/data/iris.gz', 'iris'],
  ['/data/iris.old.parquet', 'iris.old'],
  ['/data/iris.csv.csv', 'iris.csv'],
  ['/data/iris.zip', 'iris.zip'],
  ['/data/csv', 'csv'],
  ['/data/.csv', '.csv'],
  ['/data/.csv.gz', '.csv'],
  ['/data/folder/', 'folder'],
  ['/', 'data'],
  ...'csv tsv txt data dat json jsonl ndjson xlsx arff feather arrow parquet npz npy'
    .split(' ')
    .map((extension) => [`x.y.${extension}`, 'x.y']),
])('a data set in %s is called %s', (path, name) => {
  expect(datasetName(path!)).toBe(name);
});

test('inputs fit in a gibibyte, and samples in a layer', async () => {
  expect(() => checkInputSize('x', 2 ** 18, 2 ** 10, 4)).not.toThrow();
  expect(() => checkInputSize('x', 2 ** 10, 2 ** 20, 1)).not.toThrow();
  expect(() => checkInputSize('x', 0, 2 ** 20, 4)).not.toThrow();
  const wide = await errorOf(() => checkInputSize('x', 1, 2 ** 20 + 1, 1));
  expect(wide.message).toBe('x: expected at most 1048576 features, received 1048577');
  const many = await errorOf(() => checkInputSize('x', 2 ** 18 + 1, 2 ** 10, 4));
  expect(many).toMatchObject({
    message:
      'x: expected inputs of at most 1073741824 bytes, received 262145 samples of 1024 features, which take 1073745920',
    fix: 'Use a part of the samples, or smaller ones.',
  });
  for (const samples of [-1, Number.NaN]) {
    expect((await errorOf(() => checkInputSize('x', samples, 3, 4))).message).toContain('at most');
  }
});
