import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type ElementType, elementType } from '../src/arrays/element.js';
import { isNpy, type NpyHeader, npyHeaderEnd, readNpyHeader } from '../src/arrays/npy-header.js';
import { type ArraySource, peekArray, readArray } from '../src/arrays/read-array.js';
import { errorOf } from './temporary.js';
import { npyBytes, npySource as sourceOf } from './writers.js';

interface Case {
  readonly name: string;
  readonly hex: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly values: readonly (number | 'nan' | 'inf' | '-inf')[];
}

/** As NumPy writes and reads them (`fixtures/arrays/make-npy.py`). */
const CASES: readonly Case[] = JSON.parse(
  readFileSync(new URL('fixtures/arrays/npy.json', import.meta.url), 'utf8'),
);
const NAMED = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY };
const valuesOf = ({ values }: Case): number[] =>
  values.map((value) => (typeof value === 'number' ? value : NAMED[value]));

const read = (source: ArraySource) => readArray(source, (_, length) => new Float64Array(length));

describe('as NumPy reads it', () => {
  test.each(CASES)('$name', async (one) => {
    const bytes = Buffer.from(one.hex, 'hex');
    for (const piece of [1, 7, bytes.length]) {
      const { shape, values } = await read(sourceOf(bytes, piece));
      expect(shape).toEqual(one.shape);
      expect([...values]).toEqual(valuesOf(one));
      expect(await peekArray(sourceOf(bytes, piece))).toMatchObject({
        shape: one.shape,
        type: one.type,
      });
    }
  });

  test('unsigned bytes as they are, and others as what holds them does', async () => {
    const bytes = npyBytes('|u1', [3], Uint8Array.of(1, 2, 255));
    const asked: [string, number][] = [];
    const { values } = await readArray(sourceOf(bytes, 5), (type, length) => {
      asked.push([type, length]);
      return new Uint8Array(length);
    });
    expect(values).toEqual(Uint8Array.of(1, 2, 255));
    expect(asked).toEqual([['u1', 3]]);
    const halves = npyBytes('<i2', [2], Uint8Array.of(1, 0, 3, 0));
    const small = await readArray(sourceOf(halves), (_, length) => new Uint8Array(length));
    expect(small.values).toEqual(Uint8Array.of(1, 3));
  });
});

const whole = npyBytes('<i2', [3], Uint8Array.of(1, 0, 2, 0, 3, 0));
const HEADER = whole.length - 6;

describe('of an array that is cut', () => {
  test('after any byte is said how', async () => {
    for (let length = 0; length < whole.length; length += 1) {
      const cut = sourceOf(whole.subarray(0, length), 3);
      const { message } = await errorOf(() => read(cut));
      expect(message).toBe(
        length < HEADER
          ? `x: expected an NPY array, received ${length} bytes; the header is cut off`
          : `x: expected ${whole.length} bytes for the shape (3) of i2, received ${length}`,
      );
      if (length >= HEADER) expect((await peekArray(cut)).shape).toEqual([3]);
      else {
        expect((await errorOf(() => peekArray(cut))).message).toBe(
          'x: expected an NPY array, received a header that is cut off',
        );
      }
    }
  });

  test.each([-2, -1, 1, 2])('or goes on though its size is right, by %i bytes', async (more) => {
    const bytes = Buffer.concat([whole, Buffer.alloc(2)]).subarray(0, whole.length + more);
    const { message } = await errorOf(() => read(sourceOf(bytes, 64, whole.length)));
    expect(message).toBe('x: expected 3 elements, received another number; the file is damaged');
  });

  test('or is of more elements than are read', async () => {
    const bytes = npyBytes('<f8', [2 ** 27, 8, 2], new Uint8Array(0));
    const { message } = await errorOf(() => read(sourceOf(bytes, 64, bytes.length + 2 ** 34)));
    expect(message).toBe('x: expected at most 1073741824 elements, received 2147483648');
    const most = npyBytes('|b1', [2 ** 30], new Uint8Array(0));
    const stop = new Error('would be allocated');
    const allocate = (): Uint8Array => {
      throw stop;
    };
    await expect(readArray(sourceOf(most, 64, most.length + 2 ** 30), allocate)).rejects.toBe(stop);
  });
});

/** The beginning of an NPY file with this text as its header. */
function headed(text: string, version = 1, length = text.length): Buffer {
  const sizes = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) sizes.writeUInt16LE(length);
  else sizes.writeUInt32LE(length);
  return Buffer.concat([
    Buffer.from('\x93NUMPY', 'latin1'),
    Buffer.from([version, 0]),
    sizes,
    Buffer.from(text, 'latin1'),
  ]);
}

function parse(text: string, version = 1): NpyHeader {
  const bytes = headed(text, version);
  return readNpyHeader(bytes, npyHeaderEnd(bytes, 'x')!, 'x');
}

describe('a header', () => {
  const usual = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }";

  test.each([
    ['as NumPy writes it', usual],
    ['without a last comma', "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2)}"],
    ['with a comma behind the sizes', "{'descr':'<f4','fortran_order':False,'shape':(3,2,)}"],
    ['in another order', " {'shape': ( 3 , 2 ), 'fortran_order' : False , 'descr' : '<f4'}\n"],
    ['over lines', "{'descr': '<f4',\n 'fortran_order': False,\n 'shape': (3, 2),\n}   \n"],
  ])('is read %s', (_, text) => {
    for (const version of [1, 2, 3]) {
      expect(parse(text, version)).toEqual({
        type: 'f4',
        isLittleEndian: true,
        isFortran: false,
        shape: [3, 2],
        offset: text.length + (version === 1 ? 10 : 12),
      });
    }
  });

  test.each([
    ["'<f4'", 'True', '(3, 2)', { isLittleEndian: true, isFortran: true }],
    ["'>f4'", 'True', '(3,)', { isLittleEndian: false, isFortran: false }],
    ["'|u1'", 'False', '(1, 1)', { type: 'u1', isLittleEndian: true, isFortran: false }],
    ["'=i8'", 'False', '(10, 20, 30)', { type: 'i8', isLittleEndian: true, shape: [10, 20, 30] }],
    ["'|O'", 'False', '(3,)', { type: 'O' }],
    ["'<U12'", 'False', '(3,)', { type: 'U12' }],
  ])('says %s, %s, %s', (descr, order, shape, expected) => {
    const text = `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
    expect(parse(text)).toMatchObject(expected);
  });

  test.each([
    ['no text', ''],
    ['no dictionary', "'descr': '<f4', 'fortran_order': False, 'shape': (3,)"],
    ['a dictionary in brackets', `[${usual}]`],
    ['something behind it', `${usual} x`],
    ['something before it', `x ${usual}`],
    ['a key that is missing', "{'descr': '<f4', 'shape': (3,)}"],
    ['a key twice', "{'descr': '<f4', 'descr': '<f4', 'shape': (3,)}"],
    ['another key', "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'x': True}"],
    ['a call', "{'descr': '<f4', 'fortran_order': False, 'shape': f(3)}"],
    ['a negative size', "{'descr': '<f4', 'fortran_order': False, 'shape': (-3,)}"],
    ['a size in quotes', "{'descr': '<f4', 'fortran_order': False, 'shape': '(3,)'}"],
    ['an order in quotes', "{'descr': '<f4', 'fortran_order': 'True', 'shape': (3,)}"],
    ['an order that is none', "{'descr': '<f4', 'fortran_order': (3,), 'shape': (3,)}"],
    ['a type without quotes', "{'descr': True, 'fortran_order': True, 'shape': (3,)}"],
    ['no comma between', "{'descr': '<f4' 'fortran_order': True, 'shape': (3,)}"],
    ['a key without quotes', "{descr: '<f4', 'fortran_order': True, 'shape': (3,)}"],
  ])('with %s is refused', async (_, text) => {
    expect((await errorOf(() => parse(text))).message).toMatch(
      /^x: expected a header with descr, fortran_order and shape, received "/,
    );
  });

  test.each(["'f4'", "'<f4x'", "'<<f4'", "'<'", "'<4'", "'!f4'", "'x<f4'"])(
    'of the type %s is refused',
    async (type) => {
      const text = `{'descr': ${type}, 'fortran_order': False, 'shape': (3,)}`;
      expect((await errorOf(() => parse(text))).message).toBe(
        `x: expected an array of numbers, received the type ${type}`,
      );
    },
  );

  test.each(['()', '(0,)', '(3, 0)', '(0, 3)'])('of the shape %s is refused', async (shape) => {
    const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}}`;
    expect((await errorOf(() => parse(text))).message).toBe(
      `x: expected sizes of at least 1, received the shape ${shape}`,
    );
  });

  test.each(['', ' '])('of records is told what to do, with %j between', async (space) => {
    const text = `{${space}'descr'${space}:${space}[('a', '<f4')], 'fortran_order': False, 'shape': (3,)}`;
    const { message, fix } = await errorOf(() => parse(text));
    expect(message).toBe('x: expected an array of numbers, received one of records');
    expect(fix).toContain('pandas.DataFrame');
  });

  test('begins as NPY does, to its last letter', async () => {
    const bytes = headed(usual);
    expect(isNpy(bytes)).toBe(true);
    for (let at = 0; at < 6; at += 1) {
      const other = Buffer.from(bytes);
      other[at]! ^= 1;
      expect(isNpy(other)).toBe(false);
      expect((await errorOf(() => npyHeaderEnd(other, 'x'))).message).toBe(
        `x: expected an NPY array (first bytes 93 4e 55), received ${other.toString('hex', 0, 3)}`,
      );
      expect(npyHeaderEnd(other.subarray(0, 5), 'x')).toBeUndefined();
    }
    expect((await errorOf(() => npyHeaderEnd(Buffer.from('hello!'), 'x'))).message).toContain(
      'received 68656c',
    );
  });

  test.each([
    [1, 10],
    [2, 12],
    [3, 12],
  ])('of version %i says its end in %i bytes', (version, start) => {
    const bytes = headed(usual, version);
    for (let length = 0; length < start; length += 1) {
      expect(npyHeaderEnd(bytes.subarray(0, length), 'x')).toBeUndefined();
    }
    expect(npyHeaderEnd(bytes.subarray(0, start), 'x')).toBe(start + usual.length);
  });

  test.each([0, 4, 255])('of version %i is refused', async (version) => {
    const bytes = headed(usual);
    bytes[6] = version;
    expect((await errorOf(() => npyHeaderEnd(bytes, 'x'))).message).toBe(
      `x: expected NPY version 1, 2 or 3, received ${version}`,
    );
  });

  test('of more than 64 KiB is refused', async () => {
    expect(npyHeaderEnd(headed(usual, 2, 65536), 'x')).toBe(12 + 65536);
    expect((await errorOf(() => npyHeaderEnd(headed(usual, 2, 65537), 'x'))).message).toBe(
      'x: expected a header of at most 65536 bytes, received one that says 65537',
    );
    expect(npyHeaderEnd(headed('', 1, 65535), 'x')).toBe(10 + 65535);
  });
});

describe('elements', () => {
  test.each<[string, number]>([
    ['b1', 1],
    ['u1', 1],
    ['i1', 1],
    ['u2', 2],
    ['i2', 2],
    ['u4', 4],
    ['i4', 4],
    ['u8', 8],
    ['i8', 8],
    ['f2', 2],
    ['f4', 4],
    ['f8', 8],
  ])('of %s take %i bytes', (type, bytes) => {
    expect(elementType(type, 'x')).toMatchObject({ bytes } satisfies Partial<ElementType>);
  });

  test.each([
    ['O', 'an array of numbers, received Python objects', 'pickle'],
    ['O8', 'an array of numbers, received Python objects', 'pickle'],
    ['U3', 'received the type U3', 'numpy.unique'],
    ['S10', 'received the type S10', 'numpy.unique'],
    ['c8', 'received the type c8', 'array.astype("float32")'],
    ['M8', 'received the type M8', 'array.astype("float32")'],
    ['fS', 'received the type fS', 'array.astype("float32")'],
    ['f16', 'received the type f16', 'array.astype("float32")'],
  ])('of %s are refused', async (type, message, fix) => {
    const error = await errorOf(() => elementType(type, 'x'));
    expect(error.message).toContain(`x: expected `);
    expect(error.message).toContain(message);
    expect(error.fix).toContain(fix);
  });
});
