import { describe, expect, test } from 'vitest';
import { DateForms } from '../src/table/date-order.js';
import { clockText, dateText, Instant } from '../src/table/date-text.js';
import {
  Growing,
  growingCodes,
  growingDoubles,
  PIECE,
  pieceOf,
  placeIn,
} from '../src/table/growing.js';
import { usualDecimalOf } from '../src/table/number-format.js';
import { NumberForms, pointIn } from '../src/table/number-forms.js';
import { isNear, offsetOf } from '../src/table/offset.js';
import { pandasIndex } from '../src/table/pandas-index.js';
import { widthError } from '../src/table/width-error.js';

const formsOf = (numbers: readonly string[], texts: readonly string[] = []): NumberForms => {
  const forms = new NumberForms();
  for (const number of numbers) forms.addNumber(number);
  for (const text of texts) forms.addText(text, 2);
  return forms;
};

describe('a cell with a point or a comma', () => {
  test.each<[string | number, 'shown' | 'either' | null]>([
    ['1,234', 'either'],
    ['-999,000', 'either'],
    ['+1,234', 'either'],
    ['−1,234', 'either'],
    ['12,345', 'either'],
    ['123,456', 'either'],
    ['$ 1,234', 'either'],
    ['1,234,567', 'shown'],
    ['1,234.5', 'shown'],
    ['1,234.', 'shown'],
    ['1.5', 'shown'],
    ['-.5', 'shown'],
    ['0.123', 'shown'],
    ['1234.567', 'shown'],
    ['1.2345', 'shown'],
    ['1.25e-3', 'shown'],
    [' 7.5 ', 'shown'],
    ['7.5 €', 'shown'],
    [0.5, 'shown'],
    ['1.234', null],
    ['12.345', null],
    ['0,123', null],
    ['1,23', null],
    ['1234,567', null],
    ['1,2345', null],
    ['1.234,5', null],
    ['1234', null],
    ['', null],
    [12, null],
    [1.234, null],
  ])('%j says of points: %j', (cell, expected) => {
    expect(pointIn(cell)).toBe(expected);
  });

  test.each(['1.5', '.5', '0.123', '1234.567', '1.2345', '1e5', '2.5e3', '1,234.5', '1,234,567'])(
    'of a number, %s',
    (cell) => {
      const shown = cell !== '1e5';
      expect(formsOf([cell])).toMatchObject({ hasDecimalPoint: shown, either: 0, eitherPoints: 0 });
    },
  );

  test('may be read either way', () => {
    expect(formsOf(['1,234', '22,000', '1.234', '7'])).toMatchObject({
      either: 2,
      eitherPoints: 1,
      hasDecimalPoint: false,
    });
    expect(formsOf(['1.5', '1,234', '1.234'])).toMatchObject({
      either: 0,
      eitherPoints: 0,
      hasDecimalPoint: true,
    });
  });

  test('is a plain number as JavaScript writes it', () => {
    const forms = new NumberForms();
    forms.addPlain(5);
    forms.addPlain(1.234);
    expect(forms).toMatchObject({ hasDecimalPoint: false, eitherPoints: 1 });
    forms.addPlain(0.5);
    forms.addPlain(1.234);
    expect(forms).toMatchObject({ hasDecimalPoint: true, eitherPoints: 1 });
  });

  test.each([
    ['007', '007'],
    ['01', '01'],
    ['0', null],
    ['10', null],
    ['0.5', null],
    ['-01', null],
  ])('%s begins as codes do: %j', (cell, code) => {
    expect(formsOf([cell]).firstCode).toBe(code);
  });

  test('is a code or a currency, the first or all of them', () => {
    expect(formsOf(['5', '02', '03']).firstCode).toBe('02');
    const { currencies } = formsOf([
      '$5',
      '5 €',
      '7 EUR',
      'US$ 3',
      '5',
      '-2',
      '3 m',
      '$-',
      '4.5',
      '12%',
    ]);
    expect([...currencies]).toEqual(['$', '€', 'EUR', 'US$']);
  });
});

describe('a text that is no number with a decimal point', () => {
  test.each<[string, 'comma' | 'pointed' | 'like' | null]>([
    ['1,5', 'comma'],
    ['12,75', 'comma'],
    ['0,125', 'comma'],
    ['1234,567', 'comma'],
    ['1,2345', 'comma'],
    ['1.234,5', 'comma'],
    ['-1.234.567,89', 'comma'],
    [',5', 'comma'],
    ['1,5e3', 'comma'],
    ['1,5E-3', 'comma'],
    ['1,5e', 'like'],
    ['1,234e5', 'like'],
    ['1,5 €', 'comma'],
    ['1.234.567', 'pointed'],
    ['-1.234.567', 'pointed'],
    ['0.234.567', 'like'],
    ['1.23.4', 'like'],
    ['1,234', 'like'],
    ['5-7', 'like'],
    ['5 kg', 'like'],
    ['~5', 'like'],
    ['>= 10', 'like'],
    ['12:30', 'like'],
    ['2024/02/29', 'like'],
    ['12%', 'like'],
    ["'5", 'like'],
    ['٥', 'like'],
    ['(5)', 'like'],
    ['5 litres', null],
    ['five', null],
    ['a5', null],
    ['5a5', null],
    ['', null],
    ['1,5'.padEnd(41, '5'), null],
    ['1,5'.padEnd(40, '5'), 'comma'],
  ])('%j', (cell, expected) => {
    const forms = formsOf([], [cell]);
    expect(forms).toMatchObject({
      likeNumbers: expected === null ? 0 : 2,
      firstLikeNumber: expected === null ? null : cell,
      decimalCommas: expected === 'comma' ? 2 : 0,
      pointedThousands: expected === 'pointed' ? 2 : 0,
    });
  });

  test('is counted with all others', () => {
    expect(formsOf([], ['x', '5 kg', '1,5', '2,5'])).toMatchObject({
      likeNumbers: 6,
      firstLikeNumber: '5 kg',
      decimalCommas: 4,
    });
  });

  test.each([
    [';', ','],
    [',', '.'],
    ['\t', undefined],
    [' ', undefined],
  ])('goes with cells between which stands %j: %j', (delimiter, decimal) => {
    expect(usualDecimalOf(delimiter)).toBe(decimal);
  });
});

describe('dates in an order that cells tell', () => {
  test.each<[string[], number, 'day' | 'month' | null | undefined]>([
    [['31/12/2024'], 2, 'day'],
    [['12/31/2024'], 2, 'month'],
    [['01/02/2024'], 2, undefined],
    [['12/12/2024'], 2, undefined],
    [['01-02-2024', '13-02-2024'], 4, 'day'],
    [['01.02.2024'], 2, 'day'],
    [['02.13.2024'], 2, 'month'],
    [['13/02/2024', '02/13/2024'], 4, null],
    [['31/12/24'], 2, 'day'],
    [['12/31/24'], 2, 'month'],
    [['31.12.24'], 2, 'day'],
    [['12.31.24'], 2, 'month'],
    [['01.02.24'], 2, 'day'],
    [['1/2/2024 10:00', '1/2/2024T10', '1/2/2024, 5'], 6, undefined],
    [
      ['1/2/2024x', '1/2-2024', '1/2/202', '1.2.24', '2024-02-29', 'x1/2/2024', '1/2/20245'],
      0,
      undefined,
    ],
    [['/1/2024', ':1/2/2024', ''], 0, undefined],
    [['9/9/2024', '0/0/2024'], 4, undefined],
  ])('%j', (cells, count, order) => {
    const forms = new DateForms();
    for (const cell of cells) forms.add(cell, 2);
    expect(forms.count).toBe(count);
    expect(forms.order).toBe(order);
  });
});

describe('dates and times as texts', () => {
  const place = () => 'here';

  test.each<[string, string]>([
    ['2024-02-29T00:00:00.000Z', '2024-02-29'],
    ['2024-02-29T00:00:00.001Z', '2024-02-29T00:00:00.001Z'],
    ['2024-02-29T12:00:00.000Z', '2024-02-29T12:00:00.000Z'],
    ['0000-01-01T00:00:00.000Z', '0000-01-01'],
    ['9999-12-31T00:00:00.000Z', '9999-12-31'],
  ])('%s is %s', (iso, text) => {
    expect(dateText(new Date(iso), place)).toBe(text);
  });

  test.each([
    ['-000001-12-31T00:00:00Z', 'one of the year -1'],
    ['+010000-01-01T00:00:00Z', 'one of the year 10000'],
    ['no date', 'one far beyond'],
  ])('%s is beyond', (iso, received) => {
    expect(() => dateText(new Date(iso), place)).toThrow(
      `here: expected a date of the years 0000 to 9999, received ${received}`,
    );
  });

  test.each<[bigint, bigint, string]>([
    [0n, 1n, '1970-01-01'],
    [1n, 1n, '1970-01-01T00:00:01.000Z'],
    [86_400n, 1n, '1970-01-02'],
    [1n, 1000n, '1970-01-01T00:00:00.001Z'],
    [1_000_001n, 1_000_000n, '1970-01-01T00:00:01.000001Z'],
    [-1n, 1_000_000n, '1969-12-31T23:59:59.999999Z'],
    [-1_000_000n, 1_000_000n, '1969-12-31T23:59:59.000Z'],
    [1_000_000_050n, 1_000_000_000n, '1970-01-01T00:00:01.000000050Z'],
    [86_400_000n, 1000n, '1970-01-02'],
  ])('%d of %d a second', (count, perSecond, text) => {
    expect(new Instant(count, perSecond).text(place)).toBe(text);
  });

  test.each<[number, string]>([
    [0, '00:00:00'],
    [1, '00:00:01'],
    [43_200.5, '12:00:00.5'],
    [86_399, '23:59:59'],
    [86_399.25, '23:59:59.25'],
    [60.000001, '00:01:00.000001'],
    [10, '00:00:10'],
    [0.1, '00:00:00.1'],
  ])('%f seconds', (seconds, text) => {
    expect(clockText(seconds, place)).toBe(text);
  });

  test.each([-1, 86_400, Number.NaN])('%f seconds are on no day', (seconds) => {
    expect(() => clockText(seconds, place)).toThrow(
      `here: expected a time of day, 0 to 86400 seconds from midnight, received ${seconds}`,
    );
  });
});

describe('what is subtracted', () => {
  const FAR = 2 ** 40;
  test.each([
    [1, 2, true],
    [1, 1, false],
    [0, 1, false],
    [100, 200, true],
    [100, 201, false],
    [-101, -100, true],
    [-200, -100, true],
    [-201, -100, false],
    [-100, 100, false],
  ])('numbers from %i to %i are near each other: %j', (least, most, expected) => {
    expect(isNear(least, most)).toBe(expected);
  });

  test('is nothing where binary32 tells all apart, or not more than before', () => {
    expect(offsetOf(Float64Array.of(101, 100, 101.5), 100, 'x')).toEqual({ offset: 0, note: null });
    const tiny = Float64Array.of(1, 1 + 2 ** -40, 1 + 2 ** -41);
    expect(offsetOf(tiny, 1, 'x').offset).toBe(1);
    const same = Float64Array.of(FAR + 0.5, FAR + 0.5);
    expect(offsetOf(same, FAR, 'x')).toEqual({ offset: 0, note: null });
    const lost = Float64Array.of(0, FAR, FAR + 1);
    expect(offsetOf(lost, 0, 'x')).toEqual({
      offset: 0,
      note: 'column x: of 3 different numbers, binary32 tells 2 apart',
    });
  });

  test('is the least, whatever their order, and is said', () => {
    expect(offsetOf(Float64Array.of(FAR + 2, FAR + 1, FAR + 2), FAR + 1, 'x')).toEqual({
      offset: FAR + 1,
      note: `${FAR + 1} is subtracted from column x, because binary32 tells 1 of its 2 different numbers apart`,
    });
    const some = Float64Array.of(FAR, FAR + 1, FAR + 2 ** 26, FAR + 2 ** 26 + 1);
    expect(offsetOf(some, FAR, 'x').note).toBe(
      `${FAR} is subtracted from column x, because binary32 tells 2 of its 4 different numbers apart; column x: of 4 different numbers, binary32 tells 3 apart`,
    );
  });

  test('loses a hundredth without a word, and no more', () => {
    // All but the last two are told apart, which are one in binary32, also once 0 is subtracted.
    const values = (count: number) =>
      Float64Array.of(...Array(count - 2).keys(), 2 ** 30, 2 ** 30 + 1);
    expect(offsetOf(values(100), 0, 'x')).toEqual({ offset: 0, note: null });
    expect(offsetOf(values(99), 0, 'x').note).toBe(
      'column x: of 99 different numbers, binary32 tells 98 apart',
    );
  });

  test('of numbers that binary64 does not tell apart is said', () => {
    const { note } = offsetOf(Float64Array.of(2 ** 60, 2 ** 60 + 2 ** 20), 2 ** 60, 'x');
    expect(note).toContain('above 2^53');
    expect(offsetOf(Float64Array.of(2 ** 60, 2 ** 60), 2 ** 60, 'x').note).toContain('above 2^53');
    expect(offsetOf(Float64Array.of(0, 2 ** 60), 0, 'x').note).toBeNull();
  });
});

describe('a list that grows', () => {
  const at = <Kind extends Int32Array | Float32Array | Float64Array>(
    list: Growing<Kind>,
    index: number,
  ): number => list.piece(pieceOf(index))[placeIn(index)]!;

  test.each([0, 1, 15, 16, 17, 64, 65, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 3])(
    'keeps %i numbers, pushed one by one or together',
    (count) => {
      const one = growingDoubles(0);
      const all = growingCodes(0, 0);
      for (let at = 0; at < count; at += 1) one.push(at + 0.5);
      const values = Int32Array.from({ length: count }, (_, at) => at);
      for (let at = 0; at < count; at += 1000) all.pushAll(values.subarray(at, at + 1000));
      expect([one.length, all.length]).toEqual([count, count]);
      let differences = 0;
      for (let index = 0; index < count; index += 1) {
        if (at(one, index) !== index + 0.5 || at(all, index) !== index) differences += 1;
      }
      expect(differences).toBe(0);
      if (count > PIECE) expect(all.piece(1)[0]).toBe(PIECE);
    },
  );

  test.each([0, 1, 20, PIECE, PIECE + 20])('begins with %i of one number', (before) => {
    const codes = growingCodes(before, -1);
    codes.push(7);
    expect(codes.length).toBe(before + 1);
    expect(at(codes, before)).toBe(7);
    if (before > 0) expect([at(codes, 0), at(codes, before - 1)]).toEqual([-1, -1]);
    const doubles = growingDoubles(before);
    if (before > 0) expect(at(doubles, before - 1)).toBeNaN();
    doubles.pushAll(Float64Array.of(1, 2));
    expect([at(doubles, before), at(doubles, before + 1), doubles.length]).toEqual([
      1,
      2,
      before + 2,
    ]);
  });

  test('takes another form, for what is there and what comes', () => {
    const list = new Growing<Float64Array | Float32Array>((length) => new Float64Array(length));
    list.push(0.1);
    list.become((length) => new Float32Array(length));
    for (let at = 0; at < 40; at += 1) list.push(0.1);
    expect(list.piece(0)).toBeInstanceOf(Float32Array);
    expect([at(list, 0), at(list, 40)]).toEqual([Math.fround(0.1), Math.fround(0.1)]);
  });

  test('frees a piece', () => {
    const list = growingCodes(0, 0);
    for (let at = 0; at < PIECE + 1; at += 1) list.push(at);
    list.release(0);
    expect(list.piece(0)).toHaveLength(0);
    expect(at(list, PIECE)).toBe(PIECE);
  });
});

test.each<[string | undefined, string[]]>([
  [undefined, []],
  ['{', []],
  ['{}', []],
  ['{"index_columns":["a",{"kind":"range"},"b"]}', ['a', 'b']],
  ['{"index_columns":"a"}', []],
])('pandas says the index in %j', (text, columns) => {
  expect(pandasIndex(text)).toEqual(columns);
});

test('a row of one more cell is told why, others are not', () => {
  expect(widthError('here', 3, 4)).toMatchObject({
    message: 'here: expected 3 cells as in the first row, received 4',
  });
  expect(widthError('here', 3, 4).fix).toContain('write.table');
  expect(widthError('here', 3, 2).fix).toBeUndefined();
  expect(widthError('here', 3, 5).fix).toBeUndefined();
});
