import { describe, expect, it } from 'vitest';
import { BitgradError } from '../src/errors.js';
import { decodeSafetensors, encodeSafetensors } from '../src/file/safetensors.js';

const FILE = {
  tensors: [
    { name: 'b', shape: [2, 3], values: Float32Array.of(1, -0, 1e-45, 3.4e38, 5, 6) },
    { name: 'a', shape: [1], values: Float32Array.of(0.1) },
    { name: 'empty', shape: [0, 4], values: new Float32Array(0) },
  ],
  metadata: { receipt: '{"ä":1}', other: '' },
};

/** A file with any header, however wrong, over `dataBytes` bytes. */
function fileOf(header: unknown, dataBytes: number, headerLength?: number | bigint): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const file = new Uint8Array(8 + json.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength ?? json.length), true);
  file.set(json, 8);
  return file;
}

const f32 = (begin: unknown, end: unknown, shape: unknown = [1]) => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
});

/** Headers that must be refused, with the bytes of data behind them and what is said of them. */
const CORRUPT: Readonly<Record<string, readonly [header: unknown, data: number, error: string]>> = {
  'a header that is no JSON': [
    '{"a":',
    0,
    'expected a safetensors file, received a header that is not JSON',
  ],
  'a header that is a list': ['[]', 0, 'expected a safetensors file, received other bytes'],
  'a header that is null': ['null', 0, 'expected a safetensors file, received other bytes'],
  'a header that is a number': ['1', 0, 'expected a safetensors file, received other bytes'],
  'metadata that are no texts': [
    { __metadata__: { receipt: 1 } },
    0,
    'expected __metadata__ to hold texts',
  ],
  'metadata that are a list': [{ __metadata__: ['a'] }, 0, 'expected __metadata__ to hold texts'],
  'metadata that are a number': [{ __metadata__: 1 }, 0, 'expected __metadata__ to hold texts'],
  'a tensor that is null': [{ a: null }, 0, 'expected an object'],
  'a tensor that is a list': [{ a: [] }, 0, 'expected an object'],
  'a tensor that is a text': [{ a: 'F32' }, 0, 'expected an object'],
  'a tensor without anything': [{ a: {} }, 0, 'expected dtype F32'],
  'another dtype': [{ a: { ...f32(0, 4), dtype: 'F64' } }, 4, 'expected dtype F32'],
  'a dtype in lower case': [{ a: { ...f32(0, 4), dtype: 'f32' } }, 4, 'expected dtype F32'],
  'no shape': [{ a: { ...f32(0, 4), shape: undefined } }, 4, 'expected a shape of integers'],
  'a shape that is a text': [{ a: f32(0, 4, '1') }, 4, 'expected a shape of integers'],
  'a shape with a fraction': [{ a: f32(0, 4, [0.5, 2]) }, 4, 'expected a shape of integers'],
  'a negative shape': [{ a: f32(0, 4, [-1, -1]) }, 4, 'expected a shape of integers'],
  'a shape that overflows': [
    { a: f32(0, 4, [2 ** 52, 2 ** 52]) },
    4,
    'expected 8.112963841460668e+31 bytes for shape',
  ],
  'a shape of more bytes than the offsets': [
    { a: f32(0, 4, [2]) },
    4,
    'expected 8 bytes for shape [2], received offsets',
  ],
  'a shape of fewer bytes than the offsets': [
    { a: f32(0, 8, [1]) },
    8,
    'expected 4 bytes for shape [1], received offsets',
  ],
  'one offset': [{ a: { ...f32(0, 4), data_offsets: [0] } }, 4, 'expected two offsets'],
  'three offsets': [{ a: { ...f32(0, 4), data_offsets: [0, 4, 8] } }, 4, 'expected two offsets'],
  'offsets that are a text': [
    { a: { ...f32(0, 4), data_offsets: '04' } },
    4,
    'expected two offsets',
  ],
  'offsets that are texts': [{ a: f32('0', '4') }, 4, 'expected two offsets'],
  'an end that is a text': [{ a: f32(0, '4') }, 4, 'expected two offsets'],
  'a negative offset': [{ a: f32(-4, 0) }, 4, 'expected two offsets'],
  'offsets the wrong way round': [
    { a: f32(4, 0) },
    4,
    'expected 4 bytes for shape [1], received offsets',
  ],
  'an offset past the end': [{ a: f32(0, 8, [2]) }, 4, 'expected 8 bytes of tensors, received 4'],
  'an offset past 2^53': [{ a: f32(0, 2 ** 60, [2 ** 58]) }, 4, 'expected a shape of integers'],
  'bytes before the first tensor': [
    { a: f32(4, 8) },
    8,
    'expected tensor "a" to begin at byte 0, received 4',
  ],
  'a gap between tensors': [
    { a: f32(0, 4), b: f32(8, 12) },
    12,
    'expected tensor "b" to begin at byte 4, received 8',
  ],
  'tensors that overlap': [
    { a: f32(0, 8, [2]), b: f32(4, 12, [2]) },
    12,
    'expected tensor "b" to begin at byte 8, received 4',
  ],
  'two tensors in one place': [
    { a: f32(0, 4), b: f32(0, 4) },
    4,
    'expected tensor "b" to begin at byte 4, received 0',
  ],
  'bytes behind the last tensor': [{ a: f32(0, 4) }, 5, 'expected 4 bytes of tensors, received 5'],
  'no tensor for the bytes': [{}, 4, 'expected 0 bytes of tensors, received 4'],
};

describe('safetensors', () => {
  it('come back as they were, to the bit', () => {
    const read = decodeSafetensors(encodeSafetensors(FILE), 'file');
    expect(read).toEqual(FILE);
    expect(Object.is(read.tensors[0]!.values[1], -0)).toBe(true);
  });

  it('begin with a header of whole words, and have no gaps', () => {
    const file = encodeSafetensors(FILE);
    const headerLength = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(headerLength % 8).toBe(0);
    expect(file.length).toBe(8 + headerLength + 7 * 4);
    const text = new TextDecoder().decode(file.subarray(8, 8 + headerLength));
    expect(text.slice(-8).trim()).not.toBe('');
    const header = JSON.parse(text);
    expect(header.b).toEqual({ dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] });
    expect(new DataView(file.buffer).getFloat32(8 + headerLength, true)).toBe(1);
  });

  it('are read from the middle of a buffer, at any byte', () => {
    const file = encodeSafetensors(FILE);
    for (const shift of [1, 2, 3, 8]) {
      const buffer = new Uint8Array(file.length + 16);
      buffer.set(file, shift);
      expect(decodeSafetensors(buffer.subarray(shift, shift + file.length), 'file')).toEqual(FILE);
    }
  });

  it('may list tensors in another order than their bytes', () => {
    const file = fileOf({ b: f32(4, 8), a: f32(0, 4) }, 8);
    const { tensors } = decodeSafetensors(file, 'file');
    expect(tensors.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('may list an empty tensor anywhere', () => {
    const file = fileOf({ b: f32(4, 8), empty: f32(4, 4, [0]), a: f32(0, 4) }, 8);
    const { tensors } = decodeSafetensors(file, 'file');
    expect(tensors.map(({ name }) => name)).toEqual(['a', 'empty', 'b']);
  });

  it('may be empty', () => {
    expect(decodeSafetensors(fileOf({}, 0), 'file')).toEqual({ tensors: [], metadata: {} });
  });

  for (const [what, [header, dataBytes, message]] of Object.entries(CORRUPT)) {
    it(`are refused with ${what}`, () => {
      const act = () => decodeSafetensors(fileOf(header, dataBytes), 'some.file');
      expect(act).toThrow(BitgradError);
      expect(act).toThrow(/^some\.file: .*expected .*received/);
      expect(act).toThrow(message);
    });
  }

  it('are refused when cut off anywhere', () => {
    const file = encodeSafetensors(FILE);
    for (let length = 0; length < file.length; length += 1) {
      expect(() => decodeSafetensors(file.subarray(0, length), 'file')).toThrow(BitgradError);
    }
  });

  it('are refused when the length of the header lies', () => {
    const header = { a: f32(0, 4) };
    const { length } = JSON.stringify(header);
    for (const wrong of [0, 1, length - 1, length + 1]) {
      expect(() => decodeSafetensors(fileOf(header, 4, wrong), 'file')).toThrow(BitgradError);
    }
    for (const longer of [length + 5, 10_000, 100_000_001, 2 ** 53, 2n ** 64n - 1n]) {
      expect(() => decodeSafetensors(fileOf(header, 4, longer), 'file')).toThrow(
        `received a header of ${longer} bytes in a file of ${8 + length + 4}`,
      );
    }
    const large = new Uint8Array(8 + 100_000_001);
    large.set(fileOf({}, 0, 100_000_001));
    expect(() => decodeSafetensors(large, 'file')).toThrow('received a header of 100000001 bytes');
  });

  it.each([0, 7])('are refused with %i bytes, where there is no length', (length) => {
    expect(() => decodeSafetensors(new Uint8Array(length), 'file')).toThrow(
      `file: expected a safetensors file, received ${length} bytes`,
    );
  });

  it.each([
    ['a PNG picture', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]],
    ['a ZIP archive', [0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0]],
    ['a text', [...new TextEncoder().encode('label,pixel0,pixel1')]],
    ['other bytes', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ['other bytes', [0, 0, 0, 0, 0, 0, 0, 0]],
  ])('what is no safetensors file at all is named: %s', (kind, bytes) => {
    expect(() => decodeSafetensors(Uint8Array.from(bytes), 'file')).toThrow(
      `file: expected a safetensors file, received ${kind}`,
    );
  });

  it('are refused when the header is no UTF-8', () => {
    const file = fileOf({ a: f32(0, 4) }, 4);
    file[10] = 0xff;
    expect(() => decodeSafetensors(file, 'file')).toThrow('a header that is not JSON');
  });

  it('are refused with a value that is not finite, by name and index', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const tensors = [{ name: 'w', shape: [3], values: Float32Array.of(1, 2, value) }];
      const file = encodeSafetensors({ tensors, metadata: {} });
      expect(() => decodeSafetensors(file, 'file')).toThrow(
        `file: tensor "w": expected finite values, received ${value} at index 2`,
      );
    }
    const first = { name: 'w', shape: [2], values: Float32Array.of(Number.NaN, 1) };
    const file = encodeSafetensors({ tensors: [first], metadata: {} });
    expect(() => decodeSafetensors(file, 'file')).toThrow('received NaN at index 0');
  });

  it('take names of prototypes for names', () => {
    const text = `{"__metadata__":{"__proto__":"x"},"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"constructor":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`;
    const { tensors, metadata } = decodeSafetensors(fileOf(text, 8), 'file');
    expect(tensors.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
    expect(Object.keys(metadata)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect(decodeSafetensors(encodeSafetensors({ tensors, metadata }), 'file')).toEqual({
      tensors,
      metadata,
    });
  });
});
