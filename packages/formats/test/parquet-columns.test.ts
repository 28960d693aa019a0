import type {
  AsyncBuffer,
  ColumnMetaData,
  FileMetaData,
  SchemaElement,
  SchemaTree,
} from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { type ColumnKind, columnsOf } from '../src/parquet/columns.js';
import { readMetadata } from '../src/parquet/metadata.js';
import { checkRowGroup } from '../src/parquet/row-group.js';
import { cellOf } from '../src/parquet/table.js';
import { Instant } from '../src/table/date-text.js';
import { type Struct, thriftBytes } from './thrift.js';

type Element = Partial<SchemaElement>;

const tree = (element: Element, ...children: SchemaTree[]): SchemaTree => ({
  element: { name: 'x', ...element },
  children,
  count: 1,
  path: [],
});
const columnOf = (element: Element, ...children: SchemaTree[]) =>
  columnsOf(tree({}, tree(element, ...children)))[0]!;

const time = (unit: 'MILLIS' | 'MICROS' | 'NANOS') =>
  ({ type: 'TIME', isAdjustedToUTC: false, unit }) as const;
const timestamp = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } as const;
const integer = { type: 'INTEGER', bitWidth: 8, isSigned: true } as const;
const decimal = { type: 'DECIMAL', precision: 9, scale: 2 } as const;

describe('a column', () => {
  test.each<[ColumnKind, Element]>([
    ['number', { type: 'INT32' }],
    ['number', { type: 'INT64' }],
    ['number', { type: 'FLOAT' }],
    ['number', { type: 'DOUBLE' }],
    ['number', { type: 'INT32', converted_type: 'INT_8' }],
    ['number', { type: 'INT32', converted_type: 'UINT_16', logical_type: integer }],
    ['number', { type: 'INT64', logical_type: integer }],
    ['number', { type: 'FIXED_LEN_BYTE_ARRAY', logical_type: { type: 'FLOAT16' } }],
    ['number', { type: 'FIXED_LEN_BYTE_ARRAY', logical_type: decimal }],
    ['number', { type: 'BYTE_ARRAY', converted_type: 'DECIMAL' }],
    ['number', { type: 'INT32', logical_type: { type: 'NULL' } }],
    ['number', { type: 'BYTE_ARRAY', logical_type: { type: 'NULL' } }],
    ['other', { type: 'INT64', converted_type: 'JSON' }],
    ['other', { type: 'INT64', converted_type: 'INTERVAL' }],
    ['other', { type: 'INT32', logical_type: { type: 'JSON' } }],
    ['other', { type: 'INT32', converted_type: 'INT_8', logical_type: { type: 'UUID' } }],
    ['boolean', { type: 'BOOLEAN' }],
    ['date', { type: 'INT96' }],
    ['date', { type: 'INT32', converted_type: 'DATE' }],
    ['date', { type: 'INT32', logical_type: { type: 'DATE' } }],
    ['date', { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }],
    ['date', { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' }],
    ['date', { type: 'INT64', logical_type: timestamp }],
    ['other', { type: 'DOUBLE', converted_type: 'DATE' }],
    ['other', { type: 'BYTE_ARRAY', logical_type: timestamp }],
    ['time', { type: 'INT32', converted_type: 'TIME_MILLIS' }],
    ['time', { type: 'INT64', converted_type: 'TIME_MICROS' }],
    ['time', { type: 'INT64', logical_type: time('NANOS') }],
    ['other', { type: 'FLOAT', logical_type: time('NANOS') }],
    ['text', { type: 'BYTE_ARRAY', converted_type: 'UTF8' }],
    ['text', { type: 'BYTE_ARRAY', converted_type: 'ENUM' }],
    ['text', { type: 'BYTE_ARRAY', logical_type: { type: 'STRING' } }],
    ['text', { type: 'BYTE_ARRAY', logical_type: { type: 'ENUM' } }],
    ['text', { type: 'BYTE_ARRAY', converted_type: 'UTF8', name: 'image' }],
    ['other', { type: 'FIXED_LEN_BYTE_ARRAY', converted_type: 'UTF8' }],
    ['other', { type: 'BYTE_ARRAY' }],
    ['other', { type: 'BYTE_ARRAY', converted_type: 'BSON' }],
    ['image', { type: 'BYTE_ARRAY', name: 'image' }],
    ['other', { type: 'BYTE_ARRAY', name: 'image', converted_type: 'JSON' }],
    ['other', { type: 'BYTE_ARRAY', name: 'image', logical_type: { type: 'JSON' } }],
    ['other', { type: 'FIXED_LEN_BYTE_ARRAY', name: 'image' }],
    ['other', { type: 'INT32', repetition_type: 'REPEATED' }],
    ['number', { type: 'INT32', repetition_type: 'OPTIONAL' }],
    ['number', { type: 'INT32', repetition_type: 'REQUIRED' }],
  ])('is of the kind %s: %j', (kind, element) => {
    expect(columnOf(element).kind).toBe(kind);
  });

  test.each([
    'INT_8',
    'INT_16',
    'INT_32',
    'INT_64',
    'UINT_8',
    'UINT_16',
    'UINT_32',
    'UINT_64',
  ] as const)('%s is a number', (converted_type) => {
    expect(columnOf({ type: 'INT64', converted_type }).kind).toBe('number');
  });

  const bytes: Element = { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' };
  const path: Element = { name: 'path', type: 'BYTE_ARRAY' };

  test.each<[ColumnKind, Element[]]>([
    ['image', [bytes, path]],
    ['image', [path, bytes]],
    ['other', [path]],
    ['other', [{ ...bytes, name: 'data' }]],
    ['other', [{ ...bytes, type: 'INT32' }]],
    ['other', [{ ...bytes, repetition_type: 'REPEATED' }]],
  ])('is of the kind %s: a structure of %j', (kind, children) => {
    const column = columnOf({ name: 'picture' }, ...children.map((child) => tree(child)));
    expect(column).toMatchObject({ name: 'picture', kind, description: 'a structure' });
  });

  test('is no image whose bytes are a structure themselves, nor a list of images', () => {
    expect(columnOf({}, tree(bytes, tree(path))).kind).toBe('other');
    expect(columnOf({ repetition_type: 'REPEATED' }, tree(bytes)).kind).toBe('other');
  });

  test.each<[string, Element]>([
    ['JSON', { type: 'BYTE_ARRAY', converted_type: 'BSON', logical_type: { type: 'JSON' } }],
    ['BSON', { type: 'BYTE_ARRAY', converted_type: 'BSON' }],
    ['BYTE_ARRAY', { type: 'BYTE_ARRAY' }],
  ])('is described as %s', (description, element) => {
    expect(columnOf(element).description).toBe(description);
  });

  test.each<[number, Element]>([
    [1e3, { type: 'INT32', converted_type: 'TIME_MILLIS' }],
    [1e3, { type: 'INT32', logical_type: time('MILLIS') }],
    [1e6, { type: 'INT64', converted_type: 'TIME_MICROS' }],
    [1e6, { type: 'INT64', logical_type: time('MICROS') }],
    [1e9, { type: 'INT64', logical_type: time('NANOS') }],
    [1e3, { type: 'INT64', logical_type: { ...timestamp, unit: 'NANOS' } }],
  ])('has %d units a second: %j', (perSecond, element) => {
    expect(columnOf(element).perSecond).toBe(perSecond);
  });
});

describe('a value', () => {
  test.each<[string, unknown, string | number | null]>([
    ['a text', 'a', 'a'],
    ['an empty text', '', ''],
    ['a number', 1.5, 1.5],
    ['a long number', 5n, 5],
    ['true', true, 'true'],
    ['false', false, 'false'],
    ['a day', new Date('2024-02-29'), '2024-02-29'],
    ['a moment', new Date(1.5e12), '2017-07-14T02:40:00.000Z'],
    ['an exact moment', new Instant(1_000_001n, 1_000_000n), '1970-01-01T00:00:01.000001Z'],
    ['nothing', null, null],
    ['none', undefined, null],
    ['a list', [1], null],
    ['bytes', Uint8Array.of(1), null],
  ])('%s is a cell', (_, value, cell) => {
    expect(cellOf(value, () => 'x')).toBe(cell);
  });

  test('that is a date beyond all that are read is refused by its place', () => {
    const place = () => 'file: row 3';
    expect(() => cellOf(new Date(8.64e15), place)).toThrow(/^file: row 3: expected a date/);
    expect(() => cellOf(new Instant(10n ** 15n, 1n), place)).toThrow(/^file: row 3: expected/);
  });
});

/** A file of these bytes, which says where it was read. */
function bufferOf(bytes: Uint8Array, read: [number, number][] = []): AsyncBuffer {
  return {
    byteLength: bytes.length,
    slice: (start, end = bytes.length) => {
      read.push([start, end]);
      return new Uint8Array(bytes).slice(start, end).buffer;
    },
  };
}

interface Footer {
  readonly rows?: bigint;
  readonly groups?: readonly bigint[];
  readonly names?: readonly (string | null)[];
  readonly about?: readonly Struct[];
}

/** A file that only has a footer (Parquet's Thrift, FileMetaData). */
function footerOf({
  rows = 3n,
  groups = [2n, 1n],
  names = ['a', 'b'],
  about = [],
}: Footer): Buffer {
  const schema: Struct[] = [
    { 4: 'root', 5: names.length },
    ...names.map((name) => ({ 1: 1, 3: 0, ...(name === null ? {} : { 4: name }) })),
  ];
  const footer = thriftBytes({
    1: 1,
    2: schema,
    3: rows,
    4: groups.map((count) => ({ 1: [], 2: 0n, 3: count })),
    5: about,
  });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([Buffer.from('PAR1'), Buffer.from(footer), length, Buffer.from('PAR1')]);
}

describe('a footer', () => {
  test('says rows and columns', async () => {
    const { num_rows, row_groups, schema } = await readMetadata(bufferOf(footerOf({})));
    expect(num_rows).toBe(3n);
    expect(row_groups.map((group) => group.num_rows)).toEqual([2n, 1n]);
    expect(schema.map(({ name }) => name)).toEqual(['root', 'a', 'b']);
  });

  test('may say nothing of rows and columns', async () => {
    const bytes = footerOf({ rows: 0n, groups: [], names: [] });
    expect((await readMetadata(bufferOf(bytes))).num_rows).toBe(0n);
    expect((await readMetadata(bufferOf(footerOf({ rows: 0n, groups: [0n] })))).num_rows).toBe(0n);
  });

  test('is not asked for places on earth, which are bytes', async () => {
    const geo = '{"columns":{"a":{"encoding":"WKB"}}}';
    const { schema } = await readMetadata(bufferOf(footerOf({ about: [{ 1: 'geo', 2: geo }] })));
    expect(schema[1]!.logical_type).toBeUndefined();
    const damaged = footerOf({ about: [{ 1: 'geo', 2: '{' }] });
    expect((await readMetadata(bufferOf(damaged))).num_rows).toBe(3n);
  });

  test.each<[string, Footer, RegExp]>([
    ['rows that groups do not have', { rows: 4n }, /^4 rows in row groups of 3$/],
    ['fewer rows than none', { rows: 1n, groups: [2n, -1n] }, /^1 rows in row groups of 1$/],
    [
      'more rows than are counted',
      { rows: 2n ** 53n, groups: [2n ** 53n] },
      /^9007199254740992 rows in row groups of 9007199254740992$/,
    ],
    ['a column without a name', { names: ['a', null] }, /^a column without a name$/],
    [
      'a name that no row can have',
      { names: ['a', '__proto__'] },
      /^a column with the name __proto__$/,
    ],
  ])('of %s is refused', async (_, footer, message) => {
    await expect(readMetadata(bufferOf(footerOf(footer)))).rejects.toThrow(message);
  });

  test.each([0, 1, 4, 7])('of a file of %i bytes is none', async (length) => {
    const read: [number, number][] = [];
    const buffer = bufferOf(Buffer.from('PAR1PAR1').subarray(0, length), read);
    await expect(readMetadata(buffer)).rejects.toThrow(/^too few bytes$/);
    expect(read).toEqual([[0, length]]);
  });

  test('of more than 64 MiB is not read', async () => {
    const bytes = footerOf({});
    bytes.writeUInt32LE(2 ** 26 + 1, bytes.length - 8);
    const read: [number, number][] = [];
    await expect(readMetadata(bufferOf(bytes, read))).rejects.toThrow(
      /^a footer of 67108865 bytes$/,
    );
    expect(read).toHaveLength(1);
    bytes.writeUInt32LE(2 ** 26, bytes.length - 8);
    await expect(readMetadata(bufferOf(bytes))).rejects.toThrow(/^parquet metadata length/);
  });
});

describe('a row group', () => {
  // A page of the first version (Parquet's Thrift, PageHeader) with two numbers of 32 bits.
  const data = [1, 0, 0, 0, 2, 0, 0, 0];
  const page = [...thriftBytes({ 1: 0, 2: 8, 3: 8, 5: { 1: 2, 2: 0, 3: 3, 4: 3 } }), ...data];
  const AT = 5;
  const bytes = Uint8Array.from([...Array(AT).fill(77), ...page, 77, 77]);

  interface Setting {
    readonly rows?: bigint;
    readonly column?: Partial<ColumnMetaData>;
    readonly others?: FileMetaData['row_groups'][number]['columns'];
    readonly elements?: readonly Element[];
    readonly names?: readonly string[];
  }
  const meta: ColumnMetaData = {
    type: 'INT32',
    encodings: [],
    path_in_schema: ['a'],
    codec: 'UNCOMPRESSED',
    num_values: 2n,
    total_uncompressed_size: 8n,
    total_compressed_size: BigInt(page.length),
    data_page_offset: BigInt(AT),
  };
  async function check(setting: Setting = {}): Promise<[number, number][]> {
    const { rows = 2n, column = {}, others = [], names = ['a'] } = setting;
    const elements = setting.elements ?? [
      { name: 'a', type: 'INT32', repetition_type: 'REQUIRED' },
    ];
    const own = { file_offset: 0n, meta_data: { ...meta, ...column } };
    const group = { columns: [...others, own], total_byte_size: 0n, num_rows: rows };
    const metadata = {
      version: 1,
      schema: [
        { name: 'root', num_children: elements.filter(({ name }) => name !== 'inner').length },
        ...elements,
      ],
      num_rows: rows,
      row_groups: [{ columns: [], total_byte_size: 0n, num_rows: -1n }, group],
      metadata_length: 0,
    } as FileMetaData;
    const read: [number, number][] = [];
    await checkRowGroup(bufferOf(bytes, read), metadata, 1, names);
    return read;
  }

  test('is read where its columns are', async () => {
    expect(await check()).toEqual([[AT, AT + page.length]]);
    const dictionary = { dictionary_page_offset: BigInt(AT), data_page_offset: 9999n };
    expect(await check({ column: dictionary })).toEqual([[AT, AT + page.length]]);
    expect(await check({ column: { dictionary_page_offset: 0n } })).toEqual([
      [AT, AT + page.length],
    ]);
  });

  test('is not looked at where nobody asks', async () => {
    const column = { num_values: 7n, total_uncompressed_size: 2n ** 40n };
    expect(await check({ names: ['b'], column })).toEqual([]);
  });

  test('may hold nothing', async () => {
    const column = { num_values: 0n, total_uncompressed_size: 0n, total_compressed_size: 0n };
    expect(await check({ rows: 0n, column })).toEqual([[AT, AT]]);
  });

  test('may be as large as is read', async () => {
    const total_uncompressed_size = 2n ** 30n;
    expect(await check({ column: { total_uncompressed_size } })).toHaveLength(1);
  });

  const other = (size: bigint) => ({
    file_offset: 0n,
    meta_data: { ...meta, total_uncompressed_size: size },
  });
  test.each<[string, Setting, RegExp]>([
    ['fewer rows than none', { rows: -1n }, /^-1 rows, of at most 16777216$/],
    ['more rows than are read', { rows: 2n ** 24n + 1n }, /^16777217 rows, of at most 16777216$/],
    [
      'as many rows as are read, but not values',
      { rows: 2n ** 24n },
      /^2 values in 16777216 rows$/,
    ],
    [
      'columns in other files',
      { others: [{ file_offset: 0n, file_path: 'b', meta_data: meta }] },
      /^columns in other files$/,
    ],
    [
      'columns of which nothing is said',
      { others: [{ file_offset: 0n }] },
      /^columns in other files$/,
    ],
    [
      'more bytes than are read',
      { column: { total_uncompressed_size: 2n ** 30n + 1n } },
      /^columns of 1073741825 bytes, of at most 1073741824$/,
    ],
    ['more bytes together', { others: [other(2n ** 30n)] }, /^columns of 1073741832 bytes/],
    ['fewer bytes than none', { column: { total_uncompressed_size: -1n } }, /^columns of -1 bytes/],
    ['other values than rows', { column: { num_values: 3n } }, /^3 values in 2 rows$/],
    [
      'a column that is no part of the schema',
      { elements: [{ name: 'b' }] },
      /^the column a, which is no part of the schema, or a list$/,
    ],
    [
      'a list',
      { elements: [{ name: 'a', repetition_type: 'REPEATED' }] },
      /^the column a, which is no part/,
    ],
    [
      'a part of a column that has none',
      { column: { path_in_schema: ['a', 'b', 'c'] } },
      /^the column a\.b\.c, which is no part/,
    ],
    ['pages that are not whole', { column: { total_compressed_size: 4n } }, /./],
    [
      'too few levels',
      { elements: [{ name: 'a', type: 'INT32', repetition_type: 'OPTIONAL' }] },
      /levels for 2 values|a run that ends at/,
    ],
  ])('of %s is refused', async (_, setting, message) => {
    await expect(check(setting)).rejects.toThrow(message);
  });

  test('counts the levels of a path that may be missing', async () => {
    const inner: Element = { name: 'inner', type: 'INT32' };
    type Repetition = NonNullable<Element['repetition_type']>;
    const elements = (outer: Repetition, own: Repetition): Element[] => [
      { name: 'a', num_children: 1, repetition_type: outer },
      { ...inner, repetition_type: own },
    ];
    const column = { path_in_schema: ['a', 'inner'] };
    expect(await check({ elements: elements('REQUIRED', 'REQUIRED'), column })).toHaveLength(1);
    for (const [outer, own] of [
      ['OPTIONAL', 'REQUIRED'],
      ['REQUIRED', 'OPTIONAL'],
    ] as const) {
      await expect(check({ elements: elements(outer, own), column })).rejects.toThrow(/levels|run/);
    }
  });
});
