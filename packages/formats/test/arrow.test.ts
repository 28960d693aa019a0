import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  binary,
  bool,
  type Column,
  columnFromArray,
  dateDay,
  dictionary,
  float64,
  int32,
  int64,
  list,
  TimeUnit,
  tableFromColumns,
  tableToIPC,
  timeMillisecond,
  timestamp,
  utf8,
} from '@uwdata/flechette';
import { describe, expect, test } from 'vitest';
import { arrowSource } from '../src/sources/arrow.js';
import { errorOf } from './temporary.js';
import { temporaryFile } from './writers.js';

async function read(path: string) {
  const source = await arrowSource(path);
  const rows: unknown[] = [];
  const numbers: number[] = [];
  await source.scan((cells, number) => {
    rows.push([...cells]);
    numbers.push(number);
  }, '.');
  return { source, rows, numbers };
}

// By make-arrow.py, with pyarrow.
test('every type is read as pyarrow does', async () => {
  const folder = fileURLToPath(new URL('fixtures/arrow/', import.meta.url));
  const { names, rows } = JSON.parse(readFileSync(join(folder, 'types.json'), 'utf8'));
  const path = join(folder, 'types.feather');
  const received = await read(path);
  expect(received.source).toMatchObject({ fileName: path, names, unit: 'row', indexColumns: [] });
  expect(received.source.unread!.size).toBe(0);
  expect(received.rows).toEqual(rows);
  expect(received.numbers).toEqual(rows.map((_: unknown, at: number) => at + 1));
});

type Columns = Readonly<Record<string, Column<unknown>>>;
const bytesOf = (columns: Columns, format: 'file' | 'stream' = 'file'): Buffer =>
  Buffer.from(tableToIPC(tableFromColumns(columns as never), { format })!);
const fileOf = (columns: Columns, format?: 'file' | 'stream'): string =>
  temporaryFile('t.arrow', bytesOf(columns, format));
const numbers = (...values: (number | null)[]) => columnFromArray(values, float64());

describe('columns', () => {
  test.each(['file', 'stream'] as const)('of a %s', async (format) => {
    const { rows, source } = await read(
      fileOf({ x: numbers(1, 2), k: columnFromArray(['a', null], utf8()) }, format),
    );
    expect(source.names).toEqual(['x', 'k']);
    expect(rows).toEqual([
      [1, 'a'],
      [2, null],
    ]);
  });

  test('of lists are not read, also where they begin with nothing', async () => {
    const path = fileOf({
      x: numbers(1, 2, 3),
      v: columnFromArray([null, [1, 2], [3]], list(int32())),
      b: columnFromArray([Uint8Array.of(1, 2), null, null], binary()),
      n: columnFromArray([null, null, null], list(int32())),
    });
    const { source, rows } = await read(path);
    expect([...source.unread!]).toEqual([
      ['v', 'Int32Array of 2'],
      ['b', 'Buffer of 2'],
    ]);
    expect(rows).toEqual([
      [1, null, null, null],
      [2, null, null, null],
      [3, null, null, null],
    ]);
  });

  test('have different names', async () => {
    const table = tableFromColumns([
      ['a', numbers(1)],
      ['a', numbers(2)],
    ] as never);
    const path = temporaryFile('t.arrow', Buffer.from(tableToIPC(table, { format: 'file' })!));
    const { message, fix } = await errorOf(() => arrowSource(path));
    expect(message).toBe(
      `${path}: expected a different name for each column, received "a" for columns 1 and 2`,
    );
    expect(fix).toBe('Rename one of them.');
  });

  test('of dates beyond all that are read are named by their place', async () => {
    const days = columnFromArray([new Date(0), new Date(253402300800000)], dateDay());
    const path = fileOf({ x: numbers(1, 2), day: days });
    expect((await errorOf(() => read(path))).message).toBe(
      `${path}: row 2, column "day": expected a date of the years 0000 to 9999, received one of the year 10000`,
    );
    const moments = columnFromArray([0, 253402300800000], timestamp(TimeUnit.MILLISECOND));
    const other = fileOf({ x: numbers(1, 2), at: moments });
    expect((await errorOf(() => read(other))).message).toContain(
      'row 2, column "at": expected a date',
    );
    const clock = columnFromArray([0, 86_400_000], timeMillisecond());
    const clocks = fileOf({ x: numbers(1, 2), at: clock });
    expect((await errorOf(() => read(clocks))).message).toBe(
      `${clocks}: row 2, column "at": expected a time of day, 0 to 86400 seconds from midnight, received 86400`,
    );
  });

  test('of truths, long numbers and dictionaries', async () => {
    const path = fileOf({
      flag: columnFromArray([true, false, null], bool()),
      long: columnFromArray([2n ** 60n + 1n, -1n, null], int64()),
      kind: columnFromArray(['b', 'a', 'b'], dictionary(utf8(), int32())),
    });
    expect((await read(path)).rows).toEqual([
      ['true', 2 ** 60, 'b'],
      ['false', -1, 'a'],
      [null, null, 'b'],
    ]);
  });

  test("that are pandas' index are said", async () => {
    const path = fileURLToPath(new URL('fixtures/tables/index.arrows', import.meta.url));
    expect((await arrowSource(path)).indexColumns).toEqual(['__index_level_0__']);
  });
});

describe('a damaged file', () => {
  const whole = bytesOf({ x: numbers(1, 2, 3), k: columnFromArray(['a', 'b', 'c'], utf8()) });

  test('is named, wherever it is cut', async () => {
    for (let length = 8; length < whole.length - 8; length += 97) {
      const path = temporaryFile('t.arrow', whole.subarray(0, length));
      const { message, fix } = await errorOf(() => read(path));
      expect(message).toMatch(
        /t\.arrow: expected Arrow or Feather, received a file that does not read \(.+\)$/,
      );
      expect(fix).toContain('damaged or truncated');
    }
  });

  test('that says that it has more rows than bytes can hold is refused', async () => {
    const bytes = Buffer.from(whole);
    const three = Buffer.from('0300000000000000', 'hex');
    for (let at = bytes.indexOf(three); at >= 0; at = bytes.indexOf(three, at + 8)) {
      bytes.writeBigInt64LE(2n ** 40n, at);
    }
    const { message } = await errorOf(() => read(temporaryFile('t.arrow', bytes)));
    expect(message).toContain(`(1099511627776 rows in ${bytes.length} bytes)`);
  });

  test.each<[bigint, string]>([
    [2n ** 40n, '(dictionaries of 1099511627776 values in '],
    [2n ** 24n + 1n, ': expected dictionaries of at most 16777216 values, received 16777217'],
  ])('whose dictionary says that it has %d values is refused', async (values, message) => {
    const kinds = Array.from({ length: 1200 }, (_, at) => 'abcde'[at % 5]!);
    const bytes = bytesOf({
      x: numbers(...kinds.map((_, at) => at + 0.5)),
      k: columnFromArray(kinds, dictionary(utf8(), int32())),
    });
    expect(2000 * bytes.length).toBeGreaterThan(2 ** 24);
    const five = Buffer.from('0500000000000000', 'hex');
    for (let at = bytes.indexOf(five); at >= 0; at = bytes.indexOf(five, at + 8)) {
      bytes.writeBigInt64LE(values, at);
    }
    const path = temporaryFile('t.arrow', bytes);
    expect((await errorOf(() => read(path))).message).toContain(message);
  });
});
