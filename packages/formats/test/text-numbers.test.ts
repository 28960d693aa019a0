import { describe, expect, test } from 'vitest';
import { numberAt, place } from '../src/rows/index.js';
import { numberInBytes } from '../src/rows/number-in-bytes.js';
import { endsCell, putPlainNumber } from '../src/rows/plain-number.js';

// What a number is, is what `Number` says; which notations are read without it, and where reading ends, is said here.

/** What may stand before and behind a cell in a file, of which nothing may be read. */
const AROUND = ['', '0', '7', '.', '-', '+', 'e', 'E5', ' ', ',', '\n'];

/** A text among others, as a view into larger memory. */
function among(before: string, text: string, behind: string) {
  const all = Buffer.from(`#${before}${text}${behind}#`);
  const bytes = new Uint8Array(all.buffer, all.byteOffset + 1, all.length - 2);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { bytes, view, start: before.length, end: before.length + text.length };
}

const PI = '31415926535897932384626';
/** The first digits of pi, with a point at each place. */
function* digitsOf(count: number): Generator<string> {
  const digits = PI.slice(0, count);
  yield digits;
  for (let at = 0; at <= count; at += 1) yield `${digits.slice(0, at)}.${digits.slice(at)}`;
}
const upTo = (most: number): string[] =>
  Array.from({ length: most }, (_, at) => [...digitsOf(at + 1)]).flat();

describe('numberInBytes', () => {
  const read = (text: string): number => {
    const numbers = AROUND.map((one) => {
      const { bytes, start, end } = among(one, text, one);
      return numberInBytes(bytes, start, end);
    });
    const [number] = numbers;
    if (numbers.every((one) => Object.is(one, number))) return number!;
    throw new Error(`${text} is another number beside other characters: ${numbers}`);
  };
  const expectRead = (texts: readonly string[]) =>
    expect(texts.map((text) => [text, read(text)])).toEqual(
      texts.map((text) => [text, Number(text)]),
    );

  test.each(['', '-', '+'])('reads up to 15 digits with a point anywhere, after %o', (sign) => {
    expectRead(upTo(15).map((digits) => sign + digits));
  });

  test('reads powers of ten from -22 to 22, in any notation', () => {
    const powers = Array.from({ length: 23 }, (_, power) => power);
    expectRead(powers.flatMap((n) => [`7e${n}`, `7E-${n}`, `7.e+${n}`, `-7e${n}`]));
    expectRead(['1.5e22', '12.5e23', '1.5e-21', '0.5e-21', '1e0005', '1e-0009']);
  });

  test.each([' 1', '1 ', '\t1', '1\t', ' \t 1 \t ', ' -2.5e1 ', '  +.5\t'])(
    'reads %o, with white space around it',
    (text) => expect(read(text)).toBe(Number(text)),
  );

  test.each([
    ...[PI.slice(0, 16), `0.${PI.slice(0, 15)}`, '0000000000000001', '.1234567890123456'],
    ...['1e23', '1e-23', '1.5e-22', '1e99', '1e-99', '1e00022'],
  ])('leaves %s, of which Number tells, to it', (text) => {
    expect(Number(text)).not.toBeNaN();
    expect(read(text)).toBeNaN();
  });

  test.each([
    ...[
      '',
      ' ',
      '\t',
      '.',
      '-',
      '+',
      '-.',
      '+.',
      ' - ',
      'e',
      'e5',
      '.e5',
      '-e5',
      '1e',
      '1e-',
      '1e+',
    ],
    ...[
      '1e ',
      '1e+ 5',
      '1 e5',
      '1e5.',
      '1e5x',
      '1e5 x',
      '1e0:',
      '1e1/',
      '1e0/5',
      '1..2',
      '1.2.3',
      '1-',
      '1+',
      '--1',
      '+-1',
      '-+1',
    ],
    ...[
      '- 1',
      '1 2',
      '1,5',
      '1;5',
      '1/2',
      '1:2',
      'x1',
      '1x',
      '1.x',
      '1ex',
      '0x10',
      '1_0',
      '\v1',
      '1\v',
    ],
    ...['1\u00a0', '1\r', '1\n', '\n1', 'Infinity', 'NaN', '1f5', '1d5', '1a', '1\x05', '1%5'],
  ])('finds no number in %o', (text) => expect(read(text)).toBeNaN());
});

describe('numberAt', () => {
  const read = (text: string) => {
    const found = AROUND.map((one) => {
      const { view, start, end } = among(one, text, one);
      const number = numberAt(view, start, end);
      return [number, place.end - start, place.point < 0 ? -1 : place.point - start];
    });
    const [first] = found;
    if (found.every((one) => one.every((value, at) => Object.is(value, first![at])))) return first!;
    throw new Error(`${text} is another number beside other characters: ${found.join(' ')}`);
  };
  const expectRead = (texts: readonly string[]) =>
    expect(texts.map((text) => [text, ...read(text)])).toEqual(
      texts.map((text) => [text, Number(text), text.length, text.indexOf('.')]),
    );

  test.each(['', '-', '+'])('reads up to 20 digits with a point anywhere, after %o', (sign) => {
    expectRead(upTo(20).map((digits) => sign + digits));
  });

  test('reads any digits behind zeros', () => {
    expectRead(upTo(9).map((digits) => `${'0'.repeat(18)}.0000${digits.replace('.', '')}`));
    const behind = ['9876543210987655', '98765432109876543', '9007199254740993', '1234567'];
    expectRead(['0.', '00.', '000.', '0000.'].flatMap((zeros) => behind.map((one) => zeros + one)));
  });

  test('reads powers of ten from -44, up to 22 where 15 digits are enough', () => {
    for (const digits of ['7', '7.', '7.25', '123456789012345', '271828182845.904']) {
      const behind = (digits.split('.')[1] ?? '').length;
      const powers = Array.from({ length: 67 }, (_, at) => behind - 44 + at);
      expectRead(powers.map((power) => `-${digits}e${power}`));
      for (const power of [behind - 45, 23 + behind]) {
        const text = `${digits}e${power}`;
        expect(read(text), text).toEqual([Number.NaN, text.length, digits.indexOf('.')]);
      }
    }
  });

  test('reads more digits with powers of ten from -44 to 0', () => {
    expectRead(Array.from({ length: 45 }, (_, at) => `2718281828459045.23e${at - 42}`));
    for (const text of ['2718281828459045.23e3', '2718281828459045.23e-43', '2718281828459045e1']) {
      expect(read(text)[0], text).toBeNaN();
    }
  });

  test.each(['271828182845904523536028', '27182818284590452353.6028', '2.71828182845904523536028'])(
    'leaves %s, of too many digits, to Number',
    (text) => expect(read(text)).toEqual([Number.NaN, text.length, text.indexOf('.')]),
  );

  test.each([
    // Between two numbers of binary64, and as near to the middle as 20 digits come.
    ...['9007199254740993', '9007199254740993.0', '9007199254740993.001', '9007199254740992.999'],
    ...['4503599627370496.5', '4503599627370497.5', '4503599627370496.501', '4503599627370496.499'],
    ...['9007199254740995', '9007199254740994.9999', '9007199254740995.0001'],
    // Of 20 digits, beside the middle by a part of some 10^19 of what numbers there differ by: found by continued fractions.
    ...['35066406093306926273e-28', '31108900663401317540e-33', '62217801326802635080e-33'],
    ...['32997400858013917170e-40', '68338220456755917479e-33', '33315155085168096645e-36'],
    ...['66630310170336193290e-36', '66647554671613887765e-40', '67222929364142831925e-44'],
  ])('rounds %s as Number does, or leaves it', (text) => {
    expect(read(text)[0]).toBeOneOf([Number(text), Number.NaN]);
  });

  test.each<[text: string, number: number, end: number, point: number]>([
    ['12,5', 12, 2, -1],
    ['1234,5', 1234, 4, -1],
    ['12345678;', 12345678, 8, -1],
    ['1.5.5', 1.5, 3, 1],
    ['1..5', 1, 2, 1],
    ['5.', 5, 2, 1],
    ['.5', 0.5, 2, 0],
    ['-.5', -0.5, 3, 1],
    ['1-2', 1, 1, -1],
    ['1+2', 1, 1, -1],
    ['1e5e5', 1e5, 3, -1],
    ['1E5', 1e5, 3, -1],
    ['1e-5.5', 1e-5, 4, -1],
    ['1e+5-5', 1e5, 4, -1],
    ['1e0005', 1e5, 6, -1],
    ['1e00055', 1e5, 6, -1],
    ['1 ', 1, 1, -1],
    ['123/4', 123, 3, -1],
    ['123:4', 123, 3, -1],
    ['1/23', 1, 1, -1],
    ['1:23', 1, 1, -1],
    ['12/3', 12, 2, -1],
    ['12:3', 12, 2, -1],
    ['/123', Number.NaN, 0, -1],
    [':123', Number.NaN, 0, -1],
    ['123\u0130', 123, 3, -1],
    ['0', 0, 1, -1],
    ['-0', -0, 2, -1],
    ['0.000', 0, 5, 1],
    ['', Number.NaN, 0, -1],
    ['-', Number.NaN, 1, -1],
    ['.', Number.NaN, 1, 0],
    ['-.', Number.NaN, 2, 1],
    ['x', Number.NaN, 0, -1],
    ['--1', Number.NaN, 1, -1],
    ['+-1', Number.NaN, 1, -1],
    ['e5', Number.NaN, 2, -1],
    ['1e', Number.NaN, 2, -1],
    ['1e-', Number.NaN, 3, -1],
    ['1e+x', Number.NaN, 3, -1],
    ['1ex', Number.NaN, 2, -1],
  ])('in %o finds %d and ends at %d', (text, number, end, point) => {
    const { view, start } = among('', text, '');
    expect(numberAt(view, start, view.byteLength)).toBe(number);
    expect(place).toEqual({ end, point });
  });
});

describe('putPlainNumber', () => {
  const SEMICOLON = 59;
  const put = (before: string, text: string, end: string, behind: string) => {
    const { bytes, start } = among(before, text + end, `${behind}\n`);
    const numbers = Float64Array.of(7, 8, 9);
    const at = putPlainNumber(bytes, start, SEMICOLON, numbers, 1, false);
    if (numbers[0] !== 7 || numbers[2] !== 9) throw new Error(`${text} is put into another row`);
    return [at < 0 ? -1 : at - start, numbers[1]];
  };

  test('reads what String writes, of up to 15 digits', () => {
    for (const digits of [...upTo(16), '0', '10', '100200300400500', '0.5', '0.25', '0.000001']) {
      for (const text of [digits, `-${digits}`, `${digits}0`, `0${digits}`]) {
        const isPlain = String(Number(text)) === text && text.replace(/\D/g, '').length <= 15;
        const expected = isPlain ? [text.length, Number(text)] : [-1, 8];
        const found = ['', ';', '\n', '\r\n'].map((end) => put('', text, end, ''));
        expect([text, ...found, put('5.', text, ';', '5')]).toEqual([
          text,
          ...Array.from({ length: 5 }, () => expected),
        ]);
      }
    }
  });

  test('reads nothing behind the end', () => {
    for (const behind of ['0', '5', '.5', 'x', ';']) {
      expect(put('', '12', '\n', behind)).toEqual([2, 12]);
      expect(put('', '1.2', '\n', behind)).toEqual([3, 1.2]);
    }
    expect(put('', '1.', '\n', '5')).toEqual([-1, 8]);
    expect(put('', '-', '\n', '5')).toEqual([-1, 8]);
    expect(put('', '', '\n', '5')).toEqual([-1, 8]);
  });

  test.each([',', 'x', ' ', '-', '.', '\rx', '/', ':', '"'])('is none before %o', (end) => {
    expect(put('', '12', end, '')).toEqual([-1, 8]);
    expect(put('', '1.2', end, '')).toEqual([-1, 8]);
  });

  test('takes 0, but not -0 and what is below a millionth, which are written otherwise', () => {
    expect(put('', '0', '', '')).toEqual([1, 0]);
    for (const text of ['-0', '0.0000001', '-0.0000009', '0.0000009', '00', '-00', '01']) {
      expect(put('', text, '', ''), text).toEqual([-1, 8]);
    }
    expect(put('', '0.0000012', '', '')).toEqual([9, 0.0000012]);
  });
});

test('a cell ends before a delimiter or the end of a line', () => {
  const bytes = Buffer.from('a;b\nc\r\nd\re\r\n');
  const ends = Array.from(bytes, (_, at) => endsCell(bytes, at, 59));
  const places = ends.flatMap((isEnd, at) => (isEnd ? [at] : []));
  expect(places).toEqual([1, 3, 5, 6, 10, 11]);
});
