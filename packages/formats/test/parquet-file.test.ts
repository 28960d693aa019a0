import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { type ParquetRow, withParquet } from '../src/parquet/file.js';
import { readParquet } from '../src/parquet/parquet-dataset.js';
import { parquetSource } from '../src/parquet/table.js';
import type { TableSource } from '../src/table/source.js';
import { errorOf } from './temporary.js';
import { thriftBytes } from './thrift.js';
import { temporaryFile, temporaryTree } from './writers.js';

type Columns = Parameters<typeof parquetWriteBuffer>[0]['columnData'];

const bytesOf = (columnData: Columns, options = {}): Buffer =>
  Buffer.from(parquetWriteBuffer({ columnData, ...options }));
const fileOf = (columnData: Columns, options = {}): string =>
  temporaryFile('t.parquet', bytesOf(columnData, options));
const two: Columns = [
  { name: 'a', data: [1, 2, 3, 4, 5], type: 'INT32' },
  { name: 'b', data: ['v', 'w', 'v', 'w', 'w'], type: 'STRING' },
];

const sourceOf = (path: string): Promise<TableSource> =>
  withParquet(path, async ({ columns, indexColumns }) =>
    parquetSource(path, columns, indexColumns),
  );

async function cellsOf(path: string) {
  const rows: unknown[] = [];
  const numbers: number[] = [];
  await (await sourceOf(path)).scan((cells, number) => {
    rows.push([...cells]);
    numbers.push(number);
  }, '.');
  return { rows, numbers };
}

// By make-types.py, with pyarrow.
describe('every type and encoding is read as pyarrow does', () => {
  const folder = fileURLToPath(new URL('fixtures/parquet/', import.meta.url));
  const { names, rows } = JSON.parse(readFileSync(join(folder, 'types.json'), 'utf8'));

  test.each(['types-1.parquet', 'types-2.parquet'])('%s', async (name) => {
    const path = join(folder, name);
    const source = await sourceOf(path);
    expect(source).toMatchObject({ fileName: path, names, unit: 'row', indexColumns: [] });
    expect(source.unread!.size).toBe(0);
    const read = await cellsOf(path);
    expect(read.rows).toEqual(rows);
    expect(read.numbers).toEqual(rows.map((_: unknown, at: number) => at + 1));
  });
});

describe('a Parquet file', () => {
  test('says its columns and rows, and gives those that are asked for', async () => {
    const rows: [ParquetRow, number][] = [];
    await withParquet(fileOf(two, { rowGroupSize: 2 }), async (file) => {
      expect(file.rows).toBe(5);
      expect(file.columns.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
        'a number',
        'b text',
      ]);
      await file.scan(['b'], (row, number) => void rows.push([row, number]));
    });
    expect(rows).toEqual(['v', 'w', 'v', 'w', 'w'].map((b, at) => [{ b }, at + 1]));
  });

  test('waits for what is done with a row', async () => {
    const seen: string[] = [];
    await withParquet(fileOf(two), (file) =>
      file.scan(['a'], async (_, number) => {
        seen.push(`begin ${number}`);
        await Promise.resolve();
        seen.push(`end ${number}`);
      }),
    );
    expect(seen.slice(0, 4)).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
  });

  test("says pandas' index of its rows", async () => {
    const pandas = { key: 'pandas', value: '{"index_columns": ["b", {"kind": "range"}]}' };
    const other = { key: 'other', value: '{"index_columns": ["a"]}' };
    for (const kvMetadata of [[pandas], [other, pandas], [pandas, other]]) {
      expect((await sourceOf(fileOf(two, { kvMetadata }))).indexColumns).toEqual(['b']);
    }
    for (const kvMetadata of [undefined, [other]]) {
      expect((await sourceOf(fileOf(two, { kvMetadata }))).indexColumns).toEqual([]);
    }
  });

  test('says what it holds beside cells, which are missing', async () => {
    const path = fileOf([
      { name: 'list', data: [[1], [2]] },
      { name: 'a', data: [1, 2], type: 'INT32' },
      { name: 'image', data: [Uint8Array.of(1), Uint8Array.of(2)], type: 'BYTE_ARRAY' },
      { name: 'bytes', data: [Uint8Array.of(1), Uint8Array.of(2)], type: 'BYTE_ARRAY' },
    ]);
    const { unread, names } = await sourceOf(path);
    expect([...unread!.keys()]).toEqual(['list', 'image', 'bytes']);
    expect(unread!.get('bytes')).toBe('BYTE_ARRAY');
    expect(names).toEqual(['list', 'a', 'image', 'bytes']);
    expect((await cellsOf(path)).rows).toEqual([
      [null, 1, null, null],
      [null, 2, null, null],
    ]);
  });

  test('has a different name for each column', async () => {
    const path = fileOf([two[0]!, two[0]!]);
    const { message, fix } = await errorOf(() => sourceOf(path));
    expect(message).toBe(
      `${path}: expected a different name for each column, received "a" for columns 1 and 2`,
    );
    expect(fix).toBe('Rename one of them.');
  });

  test('is closed also where the work fails, whose error comes out', async () => {
    const stop = new Error('stop');
    await expect(withParquet(fileOf(two), () => Promise.reject(stop))).rejects.toBe(stop);
    await expect(
      withParquet(fileOf(two), (file) =>
        file.scan(['a'], () => {
          throw stop;
        }),
      ),
    ).rejects.toBe(stop);
  });

  test('is none', async () => {
    const path = temporaryFile('t.parquet', 'PAR1 hello\0\0\0\0PAR2');
    const { message, fix } = await errorOf(() => sourceOf(path));
    expect(message).toBe(
      `${path}: expected Parquet, received a file that does not read (parquet file invalid (footer != PAR1))`,
    );
    expect(fix).toContain('damaged or truncated');
  });

  test('whose row group is damaged is named with its group', async () => {
    const bytes = bytesOf(two, { rowGroupSize: 2, codec: 'UNCOMPRESSED' });
    const path = temporaryFile('t.parquet', bytes);
    const first = bytes.indexOf(Buffer.from('04000000', 'hex'));
    const at = bytes.indexOf(Buffer.from('03000000', 'hex'), 4);
    expect(first).toBeGreaterThan(0);
    // The header of the page that holds a 3: two rows begin with it.
    bytes.fill(0, at - 12, at);
    writeFileSync(path, bytes);
    const seen: number[] = [];
    const work = () =>
      withParquet(path, (file) => file.scan(['a'], (_, number) => void seen.push(number)));
    const { message } = await errorOf(work);
    expect(message).toMatch(
      /t\.parquet: row group 2 of 3: expected Parquet, received a file that does not read \(.+\)$/,
    );
    expect(seen).toEqual([1, 2]);
  });

  test('that becomes shorter while it is read is said', async () => {
    const path = fileOf(two);
    const work = () =>
      withParquet(path, (file) => {
        truncateSync(path, 20);
        return file.scan(['a'], () => undefined);
      });
    expect((await errorOf(work)).message).toMatch(
      /row group 1 of 1: expected Parquet, received a file that does not read \(the file ends early\)$/,
    );
  });

  test.each([
    [-5n, 10n, '10 from -5'],
    [5n, -2n, '-2 from 5'],
    [9_999_999n, 5n, /-\d+ from 9999999/],
  ])('that has columns at %i of %i bytes is refused', async (at, bytes, received) => {
    const column = {
      1: 1,
      2: [0],
      3: ['a'],
      4: 0,
      5: 1n,
      6: 4n,
      7: bytes,
      9: at,
    };
    const footer = thriftBytes({
      1: 1,
      2: [
        { 4: 'root', 5: 1 },
        { 1: 1, 3: 0, 4: 'a' },
      ],
      3: 1n,
      4: [{ 1: [{ 2: 0n, 3: column }], 2: 0n, 3: 1n }],
    });
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    const parts = ['PAR1', Uint8Array.from(footer), length, 'PAR1'].map((part) =>
      Buffer.from(part),
    );
    const path = temporaryFile('t.parquet', Buffer.concat(parts));
    const work = () => withParquet(path, (file) => file.scan(['a'], () => undefined));
    const { message } = await errorOf(work);
    expect(message).toMatch(/t\.parquet: expected parts of at most 1073741824 bytes in the file, /);
    expect(message).toMatch(received);
  });
});

describe('Parquet files are a table', () => {
  const part = (values: readonly number[]): Buffer =>
    bytesOf([
      { name: 'a', data: [...values], type: 'INT32' },
      { name: 'b', data: values.map((value) => 'vw'[value % 2]!), type: 'STRING' },
    ]);

  test('of all parts in their order', async () => {
    const folder = temporaryTree({ 1: part([1, 2]), 2: part([3]), 3: part([4, 5]), 4: part([6]) });
    const at = (...names: number[]) => names.map((name) => join(folder, `${name}`));
    const read = await readParquet('t', { train: at(1, 2), validation: at(3), test: at(4) }, {});
    expect([...read.inputs]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(read).toMatchObject({ name: 't', trainCount: 5, validationCount: 2, testCount: 1 });
    const some = await readParquet('t', { train: at(1), test: at(4) }, {});
    expect([...some.inputs]).toEqual([1, 2, 6]);
    expect(some).toMatchObject({ trainCount: 2, testCount: 1 });
    expect(some.validationCount).toBeUndefined();
  });

  test('whose times of day beyond any are named by their place', async () => {
    const path = fileOf(
      [
        { name: 'at', data: [0, 86_400_000] },
        { name: 'b', data: [1, 2] },
      ],
      {
        schema: [
          { name: 'root', num_children: 2 },
          { name: 'at', type: 'INT32', converted_type: 'TIME_MILLIS', repetition_type: 'REQUIRED' },
          { name: 'b', type: 'INT32', repetition_type: 'REQUIRED' },
        ],
      },
    );
    const { message } = await errorOf(() => cellsOf(path));
    expect(message).toBe(
      `${path}: row 2, column "at": expected a time of day, 0 to 86400 seconds from midnight, received 86400`,
    );
  });
});
