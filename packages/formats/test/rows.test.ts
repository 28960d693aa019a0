import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { csvRows } from '../src/rows/csv-rows.js';
import { numberAt, openRows, place, type Wanted } from '../src/rows/index.js';
import { numberInBytes } from '../src/rows/number-in-bytes.js';
import { putPlainNumber } from '../src/rows/plain-number.js';
import { temporaryFolder } from './temporary.js';

const numberIn = (text: string): number => {
  const bytes = Buffer.from(`,${text},`);
  return numberInBytes(bytes, 1, bytes.length - 1);
};

describe('numbers out of bytes', () => {
  const digits = fc.stringMatching(/^\d{0,17}$/);
  const decimal = fc
    .tuple(fc.constantFrom('', '-', '+'), digits, fc.constantFrom('', '.'), digits)
    .map((parts) => parts.join(''));
  const exponent = fc.oneof(
    fc.constant(''),
    fc.integer({ min: -330, max: 330 }).map((power) => `e${power}`),
    fc.integer({ min: 0, max: 30 }).map((power) => `E+${power}`),
  );
  const written = fc.tuple(decimal, exponent).map((parts) => parts.join(''));

  test('are those that Number gives, or left to it', () => {
    const property = fc.property(written, (text) => {
      const number = numberIn(text);
      return Number.isNaN(number) || Object.is(number, Number(text));
    });
    fc.assert(property, { numRuns: 20_000 });
  });

  test('of up to 15 digits are read', () => {
    const property = fc.property(
      fc.integer({ min: -(10 ** 15) + 1, max: 10 ** 15 - 1 }),
      fc.integer({ min: 0, max: 22 }),
      (integer, power) =>
        Object.is(numberIn(`${integer}e-${power}`), Number(`${integer}e-${power}`)),
    );
    fc.assert(property, { numRuns: 5_000 });
    const plain = ['0', '-0', '1.', '.5', ' 2.50\t', '+3', '1e22', '1E-22', '123456.789012345'];
    for (const text of plain) expect(numberIn(text)).toBe(Number(text));
  });

  test.each([
    '',
    ' ',
    '.',
    '-',
    '+',
    'e5',
    '1e',
    '1e+',
    '0x10',
    '1,5',
    '1 2',
    'NaN',
    'Infinity',
    '١',
  ])('nothing else is: %o', (text) => expect(numberIn(text)).toBeNaN());
});

describe('numbers of many digits out of bytes', () => {
  const read = (text: string): number => {
    const bytes = Buffer.from(`${text},5`);
    return numberAt(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length);
  };
  const isRead = (text: string): boolean =>
    Object.is(read(text), Number(text)) && place.end === text.length;
  const value = fc.double({ min: 1e-20, max: 1e15, noNaN: true });

  test('are those that Number gives, or left to it', () => {
    const digits = fc.stringMatching(/^\d{0,26}$/);
    const exponent = fc.oneof(
      fc.constant(''),
      fc.integer({ min: -60, max: 60 }).map((power) => `e${power}`),
    );
    const written = fc
      .tuple(fc.constantFrom('', '-', '+'), digits, fc.constantFrom('', '.'), digits, exponent)
      .map((parts) => parts.join(''));
    const property = fc.property(written, (text) => {
      const number = read(text);
      return Number.isNaN(number) || (Object.is(number, Number(text)) && place.end === text.length);
    });
    fc.assert(property, { numRuns: 20_000 });
  });

  test('are read, whatever writes them', () => {
    const property = fc.property(value, (number) =>
      [String(number), String(-number), number.toExponential(16), number.toExponential(18)].every(
        isRead,
      ),
    );
    fc.assert(property, { numRuns: 5_000 });
  });

  test('in the middle between two numbers, and beside it, are rounded as Number does', () => {
    const property = fc.property(fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n - 1n }), (integer) => {
      const written = ['.5', '.50', '.499', '.501'].map((end) => `${integer}${end}`);
      for (const text of [...written, String(2n * integer + 1n)]) {
        const number = read(text);
        if (!Number.isNaN(number)) expect(number).toBe(Number(text));
      }
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  test.each(['', '-', '.', 'x', 'e5', '1e', '1e+'])('%o is none', (text) =>
    expect(read(text)).toBeNaN(),
  );
});

async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let piece = 0; at < bytes.length; piece += 1) {
    const size = sizes[piece % sizes.length]!;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

type Cells = readonly (string | number | null)[];

async function readAll(pieces: AsyncIterable<Uint8Array>): Promise<Cells[]> {
  const rows = await csvRows(pieces, 'table.csv');
  const all: Cells[] = [];
  const wanted = rows.first.map(() => 'text' as const);
  await rows.read(wanted, false, (cells) => all.push([...cells]));
  return all;
}

/** As `readAll`, in blocks as long as that goes. */
async function readAllInBlocks(pieces: AsyncIterable<Uint8Array>): Promise<Cells[]> {
  const rows = await csvRows(pieces, 'table.csv');
  const all: Cells[] = [];
  await rows.readBlocks(
    true,
    (cells) => all.push([...cells]),
    (block) => {
      for (let row = 0; row < block.rows; row += 1) all.push(block.cellsOf(row));
    },
  );
  return all;
}

test('rows are those that Papa Parse finds, however the text comes in pieces', async () => {
  const cell = fc.oneof(
    { weight: 6, arbitrary: fc.stringMatching(/^[a-z0-9.é😀 ]{0,5}$/u) },
    { weight: 1, arbitrary: fc.constantFrom('a"b', 'x,y', 'two\nlines', '"', ' -7') },
  );
  const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12 });
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
  const property = fc.asyncProperty(
    table,
    sizes,
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
    async (cells, pieces, newline, ends) => {
      const text = Papa.unparse([['a', 'b', 'c'], ...cells], { newline }) + (ends ? newline : '');
      const { data } = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n' });
      const expected = data
        .filter((row) => row.length > 1 || row[0]!.trim() !== '')
        .map((row) => row.map((one) => one.trim()));
      for (const readWhole of [readAll, readAllInBlocks]) {
        const read = await readWhole(inPieces(Buffer.from(text), pieces));
        expect(read.map((row) => row.map((one) => String(one).trim()))).toEqual(expected);
      }
    },
  );
  await fc.assert(property, { numRuns: 300 });
});

test('a byte order mark, blank lines, other delimiters and packed files', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'table.csv');
  for (const bytes of [
    Buffer.from('\ufeffa;b\n\n1;x\r\n\n2;y'),
    gzipSync('a\tb\n1\tx\n2\ty\n'),
    Buffer.from('a|b\r1|x\r2|y\r'),
  ]) {
    writeFileSync(file, bytes);
    const rows = await openRows(file);
    expect(rows.first).toEqual(['a', 'b']);
    const read: unknown[] = [];
    await rows.read(['number', 'text'], true, (cells) => read.push(Number(cells[0]), cells[1]));
    expect(read).toEqual([1, 'x', 2, 'y']);
  }
});

test('a Parquet file says what its columns hold', async () => {
  const file = join(temporaryFolder(), 'table.parquet');
  const columnData = [
    { name: 'a', data: [1, 2.5], type: 'DOUBLE' as const },
    { name: 'b', data: ['x', null], type: 'STRING' as const },
  ];
  writeFileSync(file, new Uint8Array(parquetWriteBuffer({ columnData })));
  const rows = await openRows(file);
  expect(rows).toMatchObject({ names: ['a', 'b'], types: ['number', 'text'], unit: 'row' });
  const read: unknown[] = [];
  await rows.read(['number', 'text'], false, (cells, row) => read.push([...cells, row]));
  expect(read).toEqual([
    [1, 'x', 1],
    [2.5, null, 2],
  ]);
});

test.each([
  ['', 'expected rows of values, received none'],
  ['\n\n', 'expected rows of values, received none'],
  ['a,b\n1,2\n3\n', 'line 3: expected 2 cells as in the first row, received 1'],
  ['a,b\n1,2\n3,4,5\n', 'line 3: expected 2 cells as in the first row, received 3'],
  ['a,b\n"1",2\n3\n', 'line 3: expected 2 cells as in the first row, received 1'],
  ['a,b\n1,2\n"3,4\n', 'line 3: expected a quote to close its cell'],
  [Buffer.from([0x61, 0x2c, 0x62, 0x0a, 0xff, 0x01, 0x31, 0x0a]), 'expected text in UTF-8'],
  ['a,b\n\0,1\n', 'expected text, received a zero byte'],
  [gzipSync('a,b\n1,2\n').subarray(0, 20), 'expected gzip data'],
])('what is wrong is named: %o', async (content, message) => {
  const file = join(temporaryFolder(), 'table.csv');
  writeFileSync(file, content);
  const work = openRows(file).then((rows) =>
    rows.read(['number', 'number'], true, () => undefined),
  );
  await expect(work).rejects.toThrow(message);
});

test.each([
  'records.json',
  'lines.jsonl',
  'things.xlsx',
  'things.arff',
  'things-lz4.feather',
  'utf16.csv',
  'latin1.csv',
  'comments.csv',
  'spaced.txt',
])('%s gives the rows of the same table', async (file) => {
  const folder = new URL('fixtures/tables/', import.meta.url);
  const rowsIn = async (name: string): Promise<unknown[]> => {
    const rows = await openRows(fileURLToPath(new URL(name, folder)));
    const names = rows.names ?? rows.first;
    const read: unknown[] = [];
    const wanted = names.map((one) => (one === 'größe' || one === 'n' ? 'number' : 'text'));
    await rows.read(wanted as Wanted[], rows.names === null, (cells) =>
      read.push([Number(cells[0]), Number(cells[1]), cells[2], String(cells[3]).toLowerCase()]),
    );
    return read;
  };
  expect(await rowsIn(file)).toEqual(await rowsIn('utf8.csv'));
});

test('a number is plain where String writes it just so, or its digits and point alone do', () => {
  const texts = [
    '0',
    '-0',
    '0.0',
    '00',
    '-',
    '',
    '.5',
    '5.',
    '-.5',
    '+1',
    '01',
    '-01',
    '1e5',
    '12.50',
    '12.05',
    ' 1',
    '1 ',
    '0.000001',
    '0.0000001',
    '-0.000001',
    '-0.0000001',
    '123456789012345',
    '1234567890.12345',
    '123456789',
    '4294967296',
    '99999.99999',
    '-0.0000123456',
    '1234567890123456',
    '0.1',
    '-7',
    'x',
    '1.2.3',
    '1-2',
  ];
  const ends = [';9\n', '\n9', '\r\n9'];
  for (const [text, end] of texts.flatMap((text) => ends.map((end) => [text, end] as const))) {
    const bytes = Buffer.from(`;${text}${end}`);
    const digits = text.replace(/\D/g, '').length;
    const isPlain = String(Number(text)) === text && digits <= 15;
    const isLoose = /^-?\d+(?:\.\d+)?$/.test(text) && digits <= 15;
    for (const takesLoose of [false, true]) {
      const isTaken = takesLoose ? isLoose : isPlain;
      const numbers = Float64Array.of(7, Number.NaN);
      const at = putPlainNumber(bytes, 1, 59, numbers, 1, takesLoose);
      const number = isTaken ? Number(text) : Number.NaN;
      expect([text, end, numbers]).toEqual([text, end, Float64Array.of(7, number)]);
      expect(at).toBe(isTaken ? text.length + 1 : -1);
    }
  }
});

test('how rows are written does not depend on how their bytes come', async () => {
  const text = 'a,b\n3,"x"\n1,x # y\n3,5, "z"\n"1,250","q"'.replace('3,5,', '3.5,');
  const formatOf = async (size: number) => {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    const rows = await csvRows(pieces(), 'table.csv');
    const format = await rows.findFormat!([0], true, '.');
    const cells: unknown[] = [];
    await rows.read(['text', 'text'], true, (row) => cells.push([...row]));
    return { format, cells };
  };
  const whole = await formatOf(1000);
  expect(whole.format).toEqual({ decimal: '.', note: null, isShown: true });
  expect(whole.cells).toHaveLength(4);
  for (const size of [4, 5, 9, 20]) expect(await formatOf(size)).toEqual(whole);
});

test('pieces of a text may lie in memory that is soon used again', async () => {
  // More than what is looked at before any row is read.
  const rows = Array.from({ length: 15_000 }, (_, row) => `${row},${row / 8},grün ${row % 3}`);
  const texts = [
    ...['\n', '\r\n', '\r'].map((newline) => ['a,b,c', ...rows].join(newline)),
    `a,b,c\n${rows.join('\n').replaceAll('grün 1', '"one, and\n""two"""')}\n`,
    `a,b,c\n${rows.join(' # why\n# what\n')}`,
    `a b c\n${rows.join('\n').replaceAll(',', '  ').replaceAll('grün ', 'x')}`,
  ].map((text) => Buffer.from(text));
  const encodings = ['utf16le', 'latin1'] as const;
  const others = encodings.map((encoding) => Buffer.from(`a,b,c\n${rows.join('\n')}`, encoding));
  for (const bytes of [...texts, ...others]) {
    const cellsOf = async (size: number): Promise<string[]> => {
      async function* pieces(): AsyncGenerator<Uint8Array> {
        let before: Buffer | null = null;
        for (let at = 0; at < bytes.length; at += size) {
          const piece = Buffer.from(bytes.subarray(at, at + size));
          yield piece;
          before?.fill('#');
          before = piece;
        }
      }
      const cells: string[] = [];
      await (await csvRows(pieces(), 'table.csv')).readBlocks(
        true,
        (row, line) => cells.push([line, ...row].join()),
        (block) => {
          for (let row = 0; row < block.rows; row += 1) {
            cells.push([block.lines[row]!, ...block.cellsOf(row)].join());
          }
        },
      );
      return cells;
    };
    const whole = await cellsOf(bytes.length);
    expect(whole).toHaveLength(rows.length + 1);
    for (const size of [1000, 100_000]) {
      expect((await cellsOf(size)).join('\n') === whole.join('\n')).toBe(true);
    }
  }
});

test('a last row without a line end tells how numbers are written', async () => {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a;b\n3;7\n');
    yield Buffer.from('1,5;8');
  }
  const rows = await csvRows(pieces(), 'table.csv');
  expect(await rows.findFormat!([0], true, '.')).toMatchObject({ decimal: ',', isShown: true });
});
