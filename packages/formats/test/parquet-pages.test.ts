import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { ColumnMetaData } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { boundedCompressors, unpackZstandard } from '../src/parquet/decompress.js';
import { checkDeltaStrings } from '../src/parquet/delta-strings.js';
import { type Chunk, checkPages } from '../src/parquet/pages.js';
import { type Struct, thriftBytes, varint, zigzag } from './thrift.js';

// By number, as Parquet's Thrift has them.
const [PLAIN, BIT_PACKED, RLE, DELTA_BYTE_ARRAY, RLE_DICTIONARY] = [0, 4, 3, 7, 8];
const PLAIN_DICTIONARY = 2;

/** A page: its header, with the sizes that it has unless others are said, and its bytes. */
function page(header: Struct, data: readonly number[], said: Struct = {}): number[] {
  return [...thriftBytes({ 2: data.length, 3: data.length, ...header, ...said }), ...data];
}
const first = (values: number, encoding: number, data: readonly number[], said: Struct = {}) =>
  page({ 1: 0, 5: { 1: values, 2: encoding, 3: RLE, 4: RLE } }, data, said);
interface Second {
  readonly values?: number;
  readonly nulls?: number;
  readonly rows?: number;
  readonly encoding?: number;
  readonly levels?: number;
  readonly repeats?: number;
  readonly isPacked?: boolean;
}
function second(data: readonly number[], one: Second = {}, said: Struct = {}): number[] {
  const { values = 4, nulls = 0, rows = values, encoding = PLAIN, levels = 0, repeats = 0 } = one;
  const { isPacked = false } = one;
  const header = { 1: values, 2: nulls, 3: rows, 4: encoding, 5: levels, 6: repeats, 7: isPacked };
  return page({ 1: 3, 8: header }, data, said);
}
const dictionary = (values: number, data: readonly number[], said: Struct = {}) =>
  page({ 1: 2, 7: { 1: values, 2: PLAIN } }, data, said);

interface Setting {
  readonly values?: number;
  readonly level?: number;
  readonly limit?: number;
  readonly type?: ColumnMetaData['type'];
  readonly codec?: ColumnMetaData['codec'];
}
function check(pages: readonly number[], setting: Setting = {}): void {
  const { values = 4, level = 0, limit = 1000, type = 'INT32', codec = 'UNCOMPRESSED' } = setting;
  const padded = Uint8Array.from([99, ...pages]).subarray(1);
  checkPages({
    bytes: padded,
    metadata: { type, codec, total_uncompressed_size: BigInt(limit) },
    values,
    definitionLevel: level,
  } as Chunk);
}

const numbers = [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0];
/** A run of so many levels, whose bytes are counted before. */
const run = (count: number, level = 1): number[] => [2, 0, 0, 0, count << 1, level];

describe('pages are taken', () => {
  test.each<[string, number[], Setting]>([
    ['of the first version', first(4, PLAIN, numbers), {}],
    ['of the second version', second(numbers), {}],
    ['one after the other', [...first(1, PLAIN, numbers), ...second(numbers, { values: 3 })], {}],
    ['with a dictionary', [...dictionary(4, numbers), ...first(4, RLE_DICTIONARY, [2, 8, 1])], {}],
    ['with a dictionary of old', first(4, PLAIN_DICTIONARY, [1, 8, 1]), {}],
    ['of a dictionary of one, whose indices have no bits', first(4, RLE_DICTIONARY, [0, 8]), {}],
    ['with more behind them, which is not read', [...first(4, PLAIN, numbers), 255, 255], {}],
    ['as large as the column', first(4, PLAIN, numbers), { limit: 16 }],
    ['with levels', first(4, PLAIN, [...run(4), ...numbers]), { level: 1 }],
    ['with levels of two bits', first(4, PLAIN, [...run(4, 2), ...numbers]), { level: 2 }],
    ['with levels and indices', first(4, RLE_DICTIONARY, [...run(4), 1, 8, 1]), { level: 1 }],
    ['with levels apart', second([8, 1, ...numbers], { levels: 2 }), { level: 1 }],
    ['with levels behind others', second([8, 0, 8, 1], { levels: 2, repeats: 2 }), { level: 1 }],
    [
      'with levels behind others and indices',
      second([8, 0, 8, 1, 1, 8, 1], { levels: 2, repeats: 2, encoding: RLE_DICTIONARY }),
      { level: 1 },
    ],
    ['of nothing but missing values', second([8, 0], { nulls: 4, levels: 2 }), { level: 1 }],
    ['of truths in runs', first(4, RLE, [2, 0, 0, 0, 8, 1]), { type: 'BOOLEAN' }],
    [
      'of texts by their beginnings',
      first(4, DELTA_BYTE_ARRAY, [
        ...progression(4, 0, 0),
        ...progression(4, 1, 0),
        65,
        66,
        67,
        68,
      ]),
      { type: 'BYTE_ARRAY' },
    ],
    [
      'of a dictionary as large as its bytes allow',
      [...dictionary(16 * 8, numbers), ...first(4, PLAIN, numbers)],
      {},
    ],
  ])('%s', (_, pages, setting) => {
    expect(() => check(pages, setting)).not.toThrow();
  });

  test.each<[number, number[]]>([
    [1, [4, 1, 4, 0, 3, 0xff]],
    [2, [4, 1, 4, 0, 3, 0xaa, 0xaa]],
    [3, [3, 0xff, 0xff, 4, 3, 4, 0]],
    [4, [3, 1, 2, 3, 8, 4]],
    [255, [3, 1, 2, 3, 4, 5, 6, 7, 8, 8, 1]],
    [256, [3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 1, 0]],
  ])('with levels to %i in several runs', (level, runs) => {
    const [old, apart] = [[runs.length, 0, 0, 0, ...runs], runs];
    const one = { values: 12, levels: apart.length };
    for (const pages of [first(12, PLAIN, old), second(apart, one)]) {
      expect(() => check(pages, { level, values: 12 })).not.toThrow();
    }
  });

  test('that are packed, the levels of the second version aside', () => {
    const setting: Setting = { level: 1, codec: 'GZIP' };
    const packed = (data: readonly number[]) => [...gzipSync(Uint8Array.from(data))];
    const indices = (count: number) => [2, count << 1, 1];
    const old = (count: number) => [...run(4), ...indices(count)];
    const one = { levels: 2, encoding: RLE_DICTIONARY, isPacked: true };
    const pages = (count: number) => [
      first(4, RLE_DICTIONARY, packed(old(count)), { 2: old(count).length }),
      second([8, 1, ...packed(indices(count))], one, { 2: 5 }),
      second([8, 1, ...indices(count)], { ...one, isPacked: false }),
    ];
    for (const good of pages(4)) expect(() => check(good, setting)).not.toThrow();
    for (const bad of pages(5)) {
      expect(() => check(bad, setting)).toThrow(/^a run that ends at value 5 of 4$/);
    }
    for (const size of [2, 4, 6]) {
      const other = second([8, 1, ...packed(indices(4))], one, { 2: size });
      expect(() => check(other, setting)).toThrow();
      const older = first(4, RLE_DICTIONARY, packed(old(4)), { 2: old(4).length + size - 5 });
      expect(() => check(older, setting)).toThrow();
    }
  });
});

describe('pages are refused', () => {
  test.each<[string, number[], RegExp, Setting?]>([
    [
      'larger than their bytes',
      first(4, PLAIN, numbers, { 3: 17 }),
      /^a page of 17 bytes, 16 unpacked, which does not fit$/,
    ],
    ['of a negative size', first(4, PLAIN, numbers, { 3: -1 }), /^a page of -1 bytes, 16 unpacked/],
    ['without a size', thriftBytes({ 1: 0, 2: 4 }), /^a page of undefined bytes, 4 unpacked/],
    [
      'larger than the column',
      first(4, PLAIN, numbers),
      /^a page of 16 bytes, 16 unpacked/,
      { limit: 15 },
    ],
    [
      'of a negative size unpacked',
      first(4, PLAIN, numbers, { 2: -1 }),
      /^a page of 16 bytes, -1 unpacked/,
    ],
    ['without an end', [0x15], /./],
    ['of too few values', first(3, PLAIN, numbers), /^pages with 3 of 4 values$/],
    ['of no values', [], /^pages with 0 of 4 values$/],
    ['of more values than the column', first(5, PLAIN, numbers), /^5 values$/],
    [
      'of more values together',
      [...first(3, PLAIN, numbers), ...first(2, PLAIN, numbers)],
      /^pages with more than 4 values$/,
    ],
    ['of fewer values than none', first(-1, PLAIN, numbers), /^-1 values$/],
    [
      'of both versions',
      page({ 1: 0, 5: { 1: 4, 2: PLAIN }, 8: { 1: 4, 2: 0, 3: 4, 4: PLAIN, 5: 0, 6: 0 } }, numbers),
      /^4 values$/,
    ],
    ['of no version', page({ 1: 0 }, numbers), /^undefined values$/],
    ['of an encoding that is not read', first(4, BIT_PACKED, numbers), /^the encoding BIT_PACKED$/],
    ['of an unknown encoding', second(numbers, { encoding: 99 }), /^the encoding undefined$/],
    [
      'of a dictionary of too many values',
      dictionary(16 * 8 + 1, numbers),
      /^a dictionary of 129 values$/,
    ],
    [
      'of a dictionary of fewer values than none',
      dictionary(-1, numbers),
      /^a dictionary of -1 values$/,
    ],
    [
      'of a dictionary that does not say',
      page({ 1: 2 }, numbers),
      /^a dictionary of undefined values$/,
    ],
    ['of runs of numbers', first(4, RLE, [2, 0, 0, 0, 8, 1]), /^the encoding RLE for INT32$/],
    [
      'of runs of more truths',
      first(4, RLE, [2, 0, 0, 0, 10, 1]),
      /^a run that ends at value 5 of 4$/,
      { type: 'BOOLEAN' },
    ],
    ['of more indices', first(4, RLE_DICTIONARY, [2, 10, 1]), /^a run that ends at value 5 of 4$/],
    [
      'of more indices behind levels',
      first(4, RLE_DICTIONARY, [...run(4), 2, 12, 1]),
      /^a run that ends at value 6 of 4$/,
      { level: 1 },
    ],
    [
      'of more indices apart',
      second([8, 1, 2, 12, 1], { levels: 2, encoding: RLE_DICTIONARY }),
      /^a run that ends at value 6 of 4$/,
      { level: 1 },
    ],
    ['of too few levels', first(4, PLAIN, run(3)), /^3 levels for 4 values$/, { level: 1 }],
    [
      'of too many levels',
      first(4, PLAIN, run(5)),
      /^a run that ends at value 5 of 4$/,
      { level: 1 },
    ],
    [
      'of too few levels apart',
      second([6, 1, ...numbers], { levels: 2 }),
      /^3 levels for 4 values$/,
      { level: 1 },
    ],
    [
      'of too few levels behind others',
      second([8, 1, 6, 1], { levels: 2, repeats: 2 }),
      /^3 levels for 4 values$/,
      { level: 1 },
    ],
    [
      'of texts that begin with nothing',
      first(4, DELTA_BYTE_ARRAY, [...progression(4, 1, 0), ...progression(4, 1, 0)]),
      /^a text that begins with 1 of 0 bytes$/,
      { type: 'BYTE_ARRAY' },
    ],
    [
      'of more texts',
      first(4, DELTA_BYTE_ARRAY, [...progression(5, 0, 0), ...progression(5, 1, 0)]),
      /^5 lengths in blocks of 128 in 4 parts$/,
      { type: 'BYTE_ARRAY' },
    ],
    [
      'of more texts apart',
      second([8, 1, ...progression(5, 0, 0)], { levels: 2, encoding: DELTA_BYTE_ARRAY }),
      /^5 lengths in blocks/,
      { type: 'BYTE_ARRAY', level: 1 },
    ],
  ])('%s', (_, pages, message, setting = {}) => {
    expect(() => check(pages, setting)).toThrow(message);
  });

  test.each<[string, Second]>([
    ['more missing values', { nulls: 5 }],
    ['fewer missing values than none', { nulls: -1 }],
    ['more rows', { rows: 5 }],
    ['fewer rows than none', { rows: -1 }],
    ['longer levels', { levels: 17 }],
    ['levels shorter than none', { levels: -1, repeats: 1 }],
    ['longer repetitions', { repeats: 17 }],
    ['repetitions shorter than none', { levels: 1, repeats: -1 }],
    ['longer levels and repetitions together', { levels: 9, repeats: 8 }],
  ])('of %s than they have', (_, one) => {
    expect(() => check(second(numbers, one))).toThrow(/^a page whose levels do not fit$/);
  });

  test('of levels longer than what they unpack to', () => {
    const pages = second(numbers, { levels: 9 }, { 2: 8 });
    expect(() => check(pages)).toThrow(/^a page whose levels do not fit$/);
    expect(() => check(second(numbers, { levels: 9, repeats: 7 }))).not.toThrow();
  });
});

/** What DELTA_BINARY_PACKED makes of numbers of which each is `step` more: no bits at all (the format's specification, encodings). */
function progression(count: number, start: number, step: number): number[] {
  const blocks = Math.ceil((count - 1) / 128);
  const block = [...zigzag(BigInt(step)), 0, 0, 0, 0];
  return [
    ...varint(128n),
    ...varint(4n),
    ...varint(BigInt(count)),
    ...zigzag(BigInt(start)),
    ...Array.from({ length: blocks }, () => block).flat(),
  ];
}

describe('texts by their beginnings', () => {
  const texts = (prefixes: number[], suffixes: number[], stored: number) => () =>
    checkDeltaStrings(
      Uint8Array.from([7, ...prefixes, ...suffixes, ...Array(stored).fill(65)]).subarray(1),
      1000,
    );

  test.each<[string, () => void]>([
    ['of nothing', () => checkDeltaStrings(new Uint8Array(0), 4)],
    ['of one', texts(progression(1, 0, 0), progression(1, 3, 0), 3)],
    ['of no bytes', texts(progression(3, 0, 0), progression(3, 0, 0), 0)],
    ['that each go on by a letter', texts(progression(200, 0, 1), progression(200, 1, 0), 200)],
    ['with more bytes behind', texts(progression(2, 0, 0), progression(2, 1, 1), 5)],
    ['as many as there may be', texts(progression(1000, 0, 0), progression(1000, 0, 0), 0)],
  ])('%s are taken', (_, work) => {
    expect(work).not.toThrow();
  });

  test.each<[string, () => void, RegExp]>([
    [
      'fewer beginnings',
      texts(progression(2, 0, 0), progression(3, 1, 0), 3),
      /^texts without their beginnings$/,
    ],
    [
      'a beginning of the first',
      texts(progression(2, 1, -1), progression(2, 1, 0), 2),
      /^a text that begins with 1 of 0 bytes$/,
    ],
    [
      'a longer beginning than the text before',
      texts(progression(2, 0, 3), progression(2, 2, 0), 4),
      /^a text that begins with 3 of 2 bytes$/,
    ],
    [
      'a beginning of less than nothing',
      texts(progression(2, 0, -1), progression(2, 1, 0), 2),
      /^a text that begins with -1 of 1 bytes$/,
    ],
    [
      'an end of less than nothing',
      texts(progression(2, 0, 0), progression(2, 1, -2), 2),
      /^a text that begins with 0 of 1 bytes$/,
    ],
    [
      'more bytes than there are',
      texts(progression(3, 0, 0), progression(3, 1, 1), 5),
      /^texts beyond the page$/,
    ],
    ['no lengths', texts([128, 1, 4, 0, 0], [], 0), /^no lengths$/],
    [
      'more lengths than values',
      texts(progression(1001, 0, 0), [], 0),
      /^1001 lengths in blocks of 128 in 4 parts$/,
    ],
    [
      'blocks of no parts',
      texts([128, 1, 0, 1, 0], [], 0),
      /^1 lengths in blocks of 128 in 0 parts$/,
    ],
    [
      'blocks smaller than their parts',
      texts([2, 4, 1, 0], [], 0),
      /^1 lengths in blocks of 2 in 4 parts$/,
    ],
    [
      'blocks of parts and a half',
      texts([6, 4, 1, 0], [], 0),
      /^1 lengths in blocks of 6 in 4 parts$/,
    ],
    [
      'blocks of fewer parts than none',
      texts([4, 255, 255, 255, 255, 15, 1, 0], [], 0),
      /^1 lengths in blocks of 4 in -1 parts$/,
    ],
    [
      'lengths of fewer than none',
      texts([4, 4, 255, 255, 255, 255, 15, 0], [], 0),
      /^-1 lengths in blocks of 4 in 4 parts$/,
    ],
  ])('that say %s are refused', (_, work, message) => {
    expect(work).toThrow(message);
  });

  test('may come to 256 MiB and no more', () => {
    // All begin as the first, which is stored, and have nothing else.
    const length = 2 ** 18 + 2 ** 15;
    const bytes = (count: number) =>
      Uint8Array.from([
        ...oneStep(count, 0, length),
        ...oneStep(count, length, 0),
        ...Array(length).fill(65),
      ]);
    expect(() => checkDeltaStrings(bytes(910), 1000)).not.toThrow();
    expect(() => checkDeltaStrings(bytes(911), 1000)).toThrow(
      /^texts of 268664832 bytes, of at most 268435456$/,
    );
  });
});

/** As `progression`, of a number that is followed by another again and again: blocks of one number each. */
function oneStep(count: number, start: number, then: number): number[] {
  return [
    ...varint(1n),
    ...varint(1n),
    ...varint(BigInt(count)),
    ...zigzag(BigInt(start)),
    ...zigzag(BigInt(then - start)),
    0,
    ...Array(2 * (count - 2)).fill(0),
  ];
}

describe('what unpacks to more than is said is stopped:', () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, at) => at % 7);

  test.each([
    ['GZIP', gzipSync(bytes)],
    ['BROTLI', brotliCompressSync(bytes)],
  ] as const)('%s', (codec, packed) => {
    const unpack = boundedCompressors[codec]!;
    expect(Uint8Array.from(unpack(packed, 100))).toEqual(bytes);
    expect(() => unpack(packed, 99)).toThrow();
    expect(() => unpack(packed, 0)).toThrow();
  });

  test.each([
    ['GZIP', gzipSync(new Uint8Array(0))],
    ['BROTLI', brotliCompressSync(new Uint8Array(0))],
    ['LZ4_RAW', new Uint8Array(0)],
  ] as const)('%s of nothing is nothing', (codec, packed) => {
    expect(boundedCompressors[codec]!(packed, 0)).toHaveLength(0);
  });

  test('LZ4_RAW', () => {
    // A token of three letters without a match (the format of LZ4's blocks).
    const packed = Uint8Array.of(0x30, 65, 66, 67);
    expect(Uint8Array.from(boundedCompressors.LZ4_RAW!(packed, 3))).toEqual(
      Uint8Array.of(65, 66, 67),
    );
  });

  test('ZSTD', () => {
    // A frame with two blocks that are not packed (RFC 8878, 3.1.1).
    const block = (size: number, isLast: boolean) => [(size << 3) | Number(isLast), 0, 0];
    const frame = [
      0x28,
      0xb5,
      0x2f,
      0xfd,
      0x20,
      5,
      ...block(2, false),
      1,
      2,
      ...block(3, true),
      3,
      4,
      5,
    ];
    const packed = Uint8Array.from(frame);
    expect(unpackZstandard(packed, 5)).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
    expect(unpackZstandard(packed, 9)).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
    for (const length of [0, 1, 4]) {
      expect(() => unpackZstandard(packed, length)).toThrow('more bytes than the header says');
    }
  });
});
