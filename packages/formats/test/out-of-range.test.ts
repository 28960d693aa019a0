import {
  dateDay,
  dictionary,
  float64,
  tableFromArrays,
  tableToIPC,
  timeMillisecond,
  timestamp,
  uint8,
  utf8,
} from '@uwdata/flechette';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import { rowsSource } from '../src/memory/rows-source.js';
import { dictionaryValues } from '../src/sources/dictionary-values.js';
import { errorOf } from './temporary.js';
import { imageBytes, temporaryFile, zipBytes } from './writers.js';

// Whole files whose schema, sizes, dates and times say what cannot be.

const labels = ['x', 'y', 'x'];
const failure = async (name: string, bytes: Uint8Array, options = {}) => {
  const error = await errorOf(() => loadDataset(temporaryFile(name, bytes), options));
  expect(error.name).toBe('BitgradError');
  return error.message;
};

describe('Parquet', () => {
  const column = (schema: object, data: unknown[]) =>
    Buffer.from(
      parquetWriteBuffer({
        columnData: [
          { name: 'a', data },
          { name: 'label', data: labels },
        ],
        schema: [
          { name: 'root', num_children: 2 },
          { name: 'a', repetition_type: 'REQUIRED', ...schema },
          {
            name: 'label',
            type: 'BYTE_ARRAY',
            converted_type: 'UTF8',
            repetition_type: 'REQUIRED',
          },
        ] as NonNullable<Parameters<typeof parquetWriteBuffer>[0]['schema']>,
      }),
    );
  /** With some bytes of the footer written over. */
  const changed = (bytes: Buffer, before: readonly number[], after: readonly number[]) => {
    const at = bytes.lastIndexOf(Buffer.from(before));
    expect(at).toBeGreaterThan(0);
    bytes.set(after, at);
    return bytes;
  };
  const doubles = () => column({ type: 'DOUBLE' }, [1, 2, 3]);

  test('microseconds in whole numbers of 32 bits', async () => {
    // What is written as INT_32 becomes TIMESTAMP_MICROS.
    const numbers = column({ type: 'INT32', converted_type: 'INT_32' }, [0, 1, -1]);
    const bytes = changed(numbers, [0x18, 1, 0x61, 0x25, 34], [0x18, 1, 0x61, 0x25, 20]);
    const { encoding } = await loadDataset(temporaryFile('t.parquet', bytes), {});
    expect(encoding?.columns[0]).toMatchObject({ name: 'a', date: { unit: 'seconds' } });
  });

  test.each([undefined, 'label', 'b', 1])('a column without a name (label %s)', async (label) => {
    // The text becomes field 9, which is no name.
    const bytes = changed(doubles(), [0x18, 1, 0x61, 0], [0x68, 1, 0x61, 0]);
    expect(await failure('t.parquet', bytes, { label })).toContain('a column without a name');
  });

  test('a column with a name that an object has not', async () => {
    const columnData = [
      { name: '__proto__', data: [1, 2, 3] },
      { name: 'label', data: labels },
    ];
    const bytes = Buffer.from(parquetWriteBuffer({ columnData }));
    expect(await failure('t.parquet', bytes)).toContain('a column with the name __proto__');
  });

  test('two columns of one name', async () => {
    const columnData = [
      { name: 'a', data: [1, 2, 3] },
      { name: 'a', data: [4, 5, 6] },
      { name: 'label', data: labels },
    ];
    const bytes = Buffer.from(parquetWriteBuffer({ columnData }));
    expect(await failure('t.parquet', bytes)).toContain(
      'expected a different name for each column, received "a" for columns 1 and 2',
    );
  });

  test.each([
    ['negative', 5, -3],
    ['more', 8, 4],
  ])('a number of rows that is %s', async (_, byte, rows) => {
    const message = `${rows} rows in row groups of 3`;
    const bytes = changed(doubles(), [0x16, 6, 0x19], [0x16, byte, 0x19]);
    expect(await failure('t.parquet', bytes)).toContain(message);
    const image = await imageBytes('png', 1, 1, [7]);
    const images = parquetWriteBuffer({
      columnData: [
        { name: 'image', data: [image, image, image], type: 'BYTE_ARRAY' },
        { name: 'label', data: [0, 1, 0], type: 'INT32' },
      ],
    });
    const lying = changed(Buffer.from(images), [0x16, 6, 0x19], [0x16, byte, 0x19]);
    expect(await failure('t.parquet', lying)).toContain(message);
  });

  test.each([-1, 86_400_000])('a time of day that no day has: %i ms', async (milliseconds) => {
    const bytes = column({ type: 'INT32', converted_type: 'TIME_MILLIS' }, [0, milliseconds, 5]);
    expect(await failure('t.parquet', bytes)).toContain(
      `row 2, column "a": expected a time of day, 0 to 86400 seconds from midnight, received ${milliseconds / 1000}`,
    );
  });

  test.each<[string, string, unknown, string]>([
    ['INT32', 'DATE', 2 ** 31 - 1, 'one far beyond'],
    ['INT32', 'DATE', 3_000_000, 'one of the year 10183'],
    ['INT64', 'TIMESTAMP_MILLIS', 2n ** 63n - 1n, 'one far beyond'],
    ['INT64', 'TIMESTAMP_MICROS', 2n ** 63n - 1n, 'one far beyond'],
  ])('a date beyond all: %s %s', async (type, converted_type, value, received) => {
    const data = type === 'INT64' ? [0n, 1n, value] : [0, 1, value];
    expect(await failure('t.parquet', column({ type, converted_type }, data))).toContain(
      `row 3, column "a": expected a date of the years 0000 to 9999, received ${received}`,
    );
  });

  test('dates and times that are no integers', async () => {
    const bytes = column({ type: 'DOUBLE', converted_type: 'TIME_MILLIS' }, [1, 2, 3]);
    expect(await failure('t.parquet', bytes)).toContain(
      'column "a": expected numbers, text, dates or true and false, received TIME_MILLIS',
    );
  });
});

describe('Arrow', () => {
  const arrow = (data: unknown[], type: object) =>
    tableToIPC(
      tableFromArrays({ a: data, label: labels } as never, { types: { a: type } } as never),
      {},
    )!;

  test('a time of day that no day has', async () => {
    expect(await failure('t.arrow', arrow([0, -1, 5], timeMillisecond()))).toContain(
      'row 2, column "a": expected a time of day, 0 to 86400 seconds from midnight, received -0.001',
    );
  });

  test.each([2 ** 31 - 1, 1e12])('a dictionary of %i values in a few bytes', async (length) => {
    const bytes = Buffer.from(arrow(labels, dictionary(utf8())));
    const at = bytes.indexOf(Buffer.from(BigInt64Array.of(2n, 0n).buffer));
    expect(at).toBeGreaterThan(0);
    bytes.writeBigInt64LE(BigInt(length), at);
    // The label's dictionary has two more.
    expect(await failure('t.arrow', bytes)).toContain(
      `dictionaries of ${length + 2} values in ${bytes.length} bytes`,
    );
  });

  test('a dictionary of more values than are read', async () => {
    const texts = ['x', 'z'.repeat(20_000), 'x'];
    const bytes = Buffer.from(arrow(texts, dictionary(utf8())));
    const at = bytes.indexOf(Buffer.from(BigInt64Array.of(2n, 0n).buffer));
    expect(at).toBeGreaterThan(0);
    bytes.writeBigInt64LE(2n ** 24n, at);
    expect(await failure('t.arrow', bytes)).toContain(
      `expected dictionaries of at most ${2 ** 24} values, received ${2 ** 24 + 2}`,
    );
  });

  test('a dictionary that is replaced counts once, what is added to one counts too', () => {
    const batch = (id: number, length: number, isDelta = false) => ({
      id,
      isDelta,
      data: { nodes: [{ length }] },
    });
    const batches = [batch(1, 5), batch(2, 1), batch(1, 7), batch(1, 2, true), batch(1, 4)];
    expect(dictionaryValues(batches)).toEqual({ all: 19, most: 10 });
  });

  test.each([float64(), timestamp(1)])('a column that ends before its rows', async (type) => {
    const bytes = Buffer.from(arrow([1, 2, 3], type));
    const at = bytes.indexOf(Buffer.from(BigInt64Array.of(0n, 24n).buffer));
    expect(at).toBeGreaterThan(0);
    bytes.writeBigInt64LE(16n, at + 8);
    expect(await failure('t.arrow', bytes)).toContain('does not read (no value in row 3)');
  });

  test('a value that its dictionary has not', async () => {
    const bytes = Buffer.from(arrow(['p', 'q', 'p'], dictionary(utf8(), uint8())));
    // The indices of this column, and of the label's.
    const at = bytes.indexOf(Buffer.of(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0));
    expect(at).toBeGreaterThan(0);
    bytes[at + 1] = 9;
    expect(await failure('t.arrow', bytes)).toContain('does not read (no value in row 2)');
  });

  test('a date beyond all', async () => {
    const beyond = 9e15;
    expect(await failure('t.arrow', arrow([0, 864e5, beyond], dateDay()))).toContain(
      'row 3, column "a": expected a date of the years 0000 to 9999, received one far beyond',
    );
  });
});

test('rows in memory: a date beyond is refused, an invalid one is missing', async () => {
  const cells: unknown[] = [];
  const scan = (at: Date) =>
    rowsSource([{ at, label: 'x' }], 'rows').scan((row) => void cells.push(row[0]), '.');
  await scan(new Date(Number.NaN));
  await scan(new Date(0));
  expect(cells).toEqual([null, '1970-01-01']);
  const { message } = await errorOf(() => scan(new Date(8.64e15)));
  expect(message).toBe(
    'rows: row 1, column "at": expected a date of the years 0000 to 9999, received one of the year 275760',
  );
});

describe('Excel', () => {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  /** Its cells' second style is of dates. */
  const xlsx = (sheetData: string) => {
    const parts = {
      'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
      'xl/styles.xml': `<styleSheet xmlns="${main}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
      'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${sheetData}</sheetData></worksheet>`,
    };
    return zipBytes(
      Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, Buffer.from(text)])),
    );
  };
  const rows = (...dates: readonly number[]) =>
    dates
      .map(
        (date, row) =>
          `<row r="${row + 1}"><c r="A${row + 1}" s="1"><v>${date}</v></c><c r="B${row + 1}"><v>${row % 2}</v></c></row>`,
      )
      .join('');

  test.each([
    ['A999999999', 'a row or a cell at "A999999999"'],
    ['A1048577', 'a row or a cell at "A1048577"'],
    ['A1e9', 'a row or a cell at "A1e9"'],
    ['XFE1', 'a row or a cell at "XFE1"'],
    ['AAAAAAAA1', 'a row or a cell at "AAAAAAAA1"'],
    ['XFD1048576', '1048576 rows of 16384 cells, of at most 33554432 cells in all'],
  ])('a cell at %s, up to which all would be made', async (place, message) => {
    // The row has no number of its own.
    const row = `<row><c s="0" r='${place}'><v>1</v></c></row>`;
    expect(await failure('t.xlsx', xlsx(rows(1, 2) + row))).toContain(message);
  });

  test.each(['999999999', '1e9', '0x7fffffff', '&#57;e9'])('a row %s', async (row) => {
    expect(await failure('t.xlsx', xlsx(`${rows(1, 2)}<row r="${row}"></row>`))).toContain(
      `a row or a cell at "${row}"`,
    );
  });

  test('a cell whose tag does not end', async () => {
    const row = '<row r="3"><c t="<" r="A999999999"><v>1</v></c></row>';
    expect(await failure('t.xlsx', xlsx(rows(1, 2) + row))).toContain(
      'a row or a cell whose tag does not end',
    );
  });

  test('empty cells to the last row and column are none', async () => {
    const row = '<row r="1048576"><c r="XFD1048576" s="1"/></row>';
    const dataset = await loadDataset(temporaryFile('t.xlsx', xlsx(rows(1, 2, 45_000) + row)));
    expect(dataset).toMatchObject({ trainCount: 3, features: expect.any(Number) });
  });

  test('a number that is shown as a date, and is beyond all', async () => {
    expect(await failure('t.xlsx', xlsx(rows(45_000, 1e12)))).toContain(
      'row 2, cell 1: expected a date of the years 0000 to 9999, received one far beyond',
    );
    expect(await failure('t.xlsx', xlsx(rows(45_000, 3e6)))).toContain(
      'received one of the year 10',
    );
  });

  test('times below zero are seconds, like those of more than a day', async () => {
    const path = temporaryFile('t.xlsx', xlsx(rows(0.25, -0.5, 0.75, 0.5)));
    const { inputs } = await loadDataset(path, { task: 'classification' });
    expect([...inputs]).toEqual([21_600, -43_200, 64_800, 43_200]);
  });
});

describe('Rows that leave cells out', () => {
  test('in ARFF', async () => {
    const attributes = Array.from({ length: 6000 }, (_, at) => `@attribute a${at} numeric\n`);
    const text = `@relation r\n${attributes.join('')}@data\n${'{}\n'.repeat(6000)}`;
    expect(await failure('t.arff', Buffer.from(text))).toContain(
      'at most 33554432 cells in all, those left out too, received 6000 rows of 6000 attributes',
    );
  });

  test('in JSON', async () => {
    const rows = Array.from({ length: 12_000 }, (_, at) => ({ [`k${at}`]: 1 }));
    expect(await failure('t.json', Buffer.from(JSON.stringify(rows)))).toContain(
      'received 12000 rows of 12000 columns that lack 143988000',
    );
  });
});
