import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { BitgradError } from '@bitgrad/core';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test, vi } from 'vitest';
import { BlockRows } from '../src/rows/block-rows.js';
import { ByteRows } from '../src/rows/byte-rows.js';
import { openRows, type RowStream, type Wanted, withRows } from '../src/rows/index.js';
import { sourceRows } from '../src/rows/source-rows.js';
import type { Cell } from '../src/table/cell.js';
import type { TableSource } from '../src/table/source.js';
import { errorOf, temporaryFolder } from './temporary.js';
import { temporaryFile } from './writers.js';

const COMMA = 44;
type Cells = readonly (string | number | null)[];

describe('a line of bytes', () => {
  const take = (text: string | Buffer, wanted: readonly Wanted[], line = 1) => {
    const found: unknown[] = [];
    const visit = (cells: Cells, at: number) => found.push([at, ...cells]);
    const rows = new ByteRows('file', COMMA, wanted, visit, line);
    const bytes = Buffer.from(text);
    return { found, taken: rows.take(bytes), line: rows.line, of: bytes.length };
  };

  test('is cells as they are wanted', () => {
    const text = '1.50,1.50,x\n 2 ,,y\r\n1,5\n-.5e1,z,1\n'.replace('1,5\n', '"');
    expect(take('1.50,1.50,x\n 2 ,,y\r\n-.5e1,z,1', ['number', 'text', 'skip'], 7)).toEqual({
      found: [
        [7, 1.5, '1.50', null],
        [8, 2, '', null],
        [9, -5, 'z', null],
      ],
      taken: 29,
      line: 10,
      of: 29,
    });
    expect(take(text, ['number', 'text', 'skip']).taken).toBe(20);
  });

  test.each<[string, string | number]>([
    ['', ''],
    [' ', ' '],
    ['1,', 1],
    ['1e5', 1e5],
    ['0.1234567890123456789', Number('0.1234567890123456789')],
    ['-12345678901234566', -12345678901234566],
    ['12345678901234567890123456', '12345678901234567890123456'],
    ['0.12345678901234567x', '0.12345678901234567x'],
    [' 0.12345678901234567', ' 0.12345678901234567'],
    ['1e300', '1e300'],
    ['abc', 'abc'],
    ['$5', '$5'],
    ['inf', 'inf'],
  ])('%o as a number is %o', (cell, value) => {
    const text = cell.endsWith(',') ? `${cell}x\n` : `${cell},x\n`;
    expect(take(text, ['number', 'skip']).found).toEqual([[1, value, null]]);
  });

  test('may end with a carriage return, and with none', () => {
    expect(take('a,b\r\n1,2\r\n\r\n3,4\n5,6\r', ['text', 'text']).found).toEqual([
      [1, 'a', 'b'],
      [2, '1', '2'],
      [4, '3', '4'],
      [5, '5', '6'],
    ]);
  });

  test('ends before the first line with a quote', () => {
    const text = 'a,1\nb,2\nc,"\nd,4\n';
    expect(take(text, ['text', 'skip'])).toMatchObject({ taken: 8, line: 3 });
    expect(take(text.slice(8), ['text', 'skip'])).toMatchObject({ found: [], taken: 0, line: 1 });
    expect(take('', ['text'])).toMatchObject({ found: [], taken: 0, line: 1 });
    expect(take('"a",1\nb,2\n', ['text', 'skip'])).toMatchObject({ found: [], taken: 0 });
  });

  test('that is blank is none, and others have as many cells', async () => {
    expect(take('a,1\n\n \t\r\nb,2\n', ['text', 'text'])).toMatchObject({
      found: [
        [1, 'a', '1'],
        [4, 'b', '2'],
      ],
      line: 5,
    });
    expect(take('\na\n', ['text']).found).toEqual([
      [1, ''],
      [2, 'a'],
    ]);
    for (const [text, received] of [
      ['a,1\nb\n', 1],
      ['a,1\n,,\n', 3],
      ['a,1\nb,2,\n', 3],
    ] as const) {
      const error = await errorOf(() => take(text, ['text', 'text']));
      expect(error.message).toBe(
        `file: line 2: expected 2 cells as in the first row, received ${received}`,
      );
    }
    const zero = await errorOf(() => take('a,\0\n', ['text', 'text'], 5));
    expect(zero.message).toContain('file: line 5 or soon after: expected text, received a zero');
  });

  test('holds texts as they are, also where they are alike', () => {
    // Of the last two of each, the hash is one: 31 times a letter's code and the next one's.
    const texts = ['', 'a', 'Aa', 'BB', 'AaAa', 'BBBB', 'AaBB', 'x'.repeat(24), 'x'.repeat(25)];
    // The first two are found at one place, and begin alike.
    const known = ['a!A', 'a', 'a!A', 'a!A', 'a', ...texts, ...texts];
    const again = [...texts, ...[...texts].reverse(), 'é', 'Ã©', '北', 'x'.repeat(25)];
    for (const one of [texts, known, again]) {
      const { found } = take(one.map((text) => `${text},1\n`).join(''), ['text', 'skip']);
      expect(found).toEqual(one.map((text, at) => [at + 1, text, null]));
    }
    const bytes = Buffer.from('é,1\n', 'utf8');
    expect(take(bytes, ['text', 'skip']).found).toEqual([[1, 'é', null]]);
  });
});

describe('blocks of rows', () => {
  const take = (text: string, width: number, takesNumbers = false, readsNumbers = true) => {
    const blocks: (string | number)[][][] = [];
    const lines: number[][] = [];
    const rows = new BlockRows(
      'file',
      COMMA,
      width,
      readsNumbers,
      (block) => {
        blocks.push(Array.from({ length: block.rows }, (_, row) => block.cellsOf(row)));
        lines.push([...block.lines.subarray(0, block.rows)]);
        for (const column of block.columns) column.takesNumbers = takesNumbers;
      },
      1,
    );
    // Whole lines, with something behind them in memory that is not theirs.
    const lineEnd = text.endsWith('\n') ? '' : '\n';
    const bytes = Buffer.from(`${text}${lineEnd}#`).subarray(0, -1);
    const taken = rows.take(bytes);
    return { blocks, lines, left: bytes.subarray(taken).toString(), line: rows.line };
  };

  test('are of 256 rows, and of fewer where there are many columns', () => {
    const text = Array.from({ length: 600 }, (_, row) => `${row},t${row}\n`).join('');
    const { blocks, lines, line } = take(text, 2);
    expect(blocks.map((block) => block.length)).toEqual([256, 256, 88]);
    expect(blocks.flat()).toEqual(Array.from({ length: 600 }, (_, row) => [row, `t${row}`]));
    expect(lines.flat()).toEqual(Array.from({ length: 600 }, (_, row) => row + 1));
    expect(line).toBe(601);
    const wide = `${'1,'.repeat(9999)}x\n`.repeat(3);
    expect(take(wide, 10_000).blocks.map((block) => block.length)).toEqual([1, 1, 1]);
  });

  test('take quotes around whole cells of a line', () => {
    expect(take('"a","1"\n"b, c",2\n"",""', 2)).toEqual({
      blocks: [
        [
          ['a', '1'],
          ['b, c', 2],
          ['', ''],
        ],
      ],
      lines: [[1, 2, 3]],
      left: '',
      line: 4,
    });
  });

  test.each([
    ...[
      '"b""c",2\n',
      '"b\nc",2\n',
      'b"c,2\n',
      '"b"c,2\n',
      ' "b",2\n',
      '"b,2\n',
      '"b" ,2\n',
      'b,"2"" "\n',
    ],
    ...['b,2,"c"\n', '"b"\n', 'b,2 "x" \n', 'b,"2'],
  ])('end before %o', (line) => {
    expect(take(`a,1\n${line}c,3\n`, 2)).toEqual({
      blocks: [[['a', 1]]],
      lines: [[1]],
      left: `${line}c,3\n`,
      line: 2,
    });
  });

  test('end before a quote that opens the last line', () => {
    expect(take('a\n"b\n', 1)).toMatchObject({ blocks: [[['a']]], left: '"b\n' });
  });

  test('hold numbers as JavaScript writes them, or once all are, any that are finite', () => {
    const cells = [
      '5',
      '5.0',
      '+5',
      '.5',
      '5e0',
      '1e39',
      '-1e39',
      '1e22',
      '5x',
      '5 ',
      '',
      '-',
      'e5',
    ];
    const text = cells
      .map((cell) => `${cell}\n`)
      .join('')
      .replace('\n\n', '\n"x"\n');
    const shown = cells.map((cell) => (cell === '' ? 'x' : cell));
    const all = `${'7\n'.repeat(256)}${text}`;
    expect(take(all, 1).blocks[1]).toEqual(shown.map((cell) => [cell === '5' ? 5 : cell]));
    const finite = ['5', '5.0', '+5', '.5', '5e0', '1e22'];
    expect(take(all, 1, true).blocks[1]).toEqual(
      shown.map((cell) => [finite.includes(cell) ? Number(cell) : cell]),
    );
    // So in each column, and whether what came before was long or not.
    const digits = '0.12345678901234567';
    const two = ['x,5.0', '/,+5', `${digits},.5`, '1.50,5/', `-,${digits}`, '+2.0,7'];
    const numbered = `${'7,7\n'.repeat(256)}${two.map((row) => `${row}\n`).join('')}`;
    expect(take(numbered, 2, true).blocks[1]).toEqual([
      ['x', 5],
      ['/', 5],
      [Number(digits), 0.5],
      [1.5, '5/'],
      ['-', Number(digits)],
      [2, 7],
    ]);
    expect(take(all, 1, false, false).blocks.flat()).toEqual([
      ...new Array(256).fill(['7']),
      ...shown.map((cell) => [cell]),
    ]);
  });

  test('leave blank lines out, and have as many cells in each', async () => {
    expect(take('a,1\n\n \r\nb,2\r\nc,\r\nd,4\r', 2)).toEqual({
      blocks: [
        [
          ['a', 1],
          ['b', 2],
          ['c', ''],
          ['d', 4],
        ],
      ],
      lines: [[1, 4, 5, 6]],
      left: '',
      line: 7,
    });
    expect(take('a\rb,1\n', 2).blocks).toEqual([[['a\rb', 1]]]);
    expect(take('x,a\rb\ny,c\n', 2).blocks).toEqual([
      [
        ['x', 'a\rb'],
        ['y', 'c'],
      ],
    ]);
    expect(take(',1\n,b', 2)).toMatchObject({
      blocks: [
        [
          ['', 1],
          ['', 'b'],
        ],
      ],
      left: '',
    });
    for (const [text, received] of [
      ['a,1\nb\n', 1],
      ['a,1\n,,\n', 3],
      ['a,1\nb,2,', 3],
    ] as const) {
      const error = await errorOf(() => take(text, 2));
      expect(error.message).toBe(
        `file: line 2: expected 2 cells as in the first row, received ${received}`,
      );
    }
    const zero = await errorOf(() => take('a,\0\n', 2));
    expect(zero.message).toContain('file: line 1 or soon after: expected text, received a zero');
  });

  test('pass rows on before a row that is refused', async () => {
    const seen: unknown[] = [];
    const rows = new BlockRows('file', COMMA, 2, true, (block) => seen.push(block.cellsOf(0)), 1);
    await errorOf(() => rows.take(Buffer.from('a,1\nb\n')));
    expect(seen).toEqual([['a', 1]]);
  });
});

describe('a source', () => {
  const sourceOf = (all: readonly (readonly Cell[])[], more: Partial<TableSource> = {}) => {
    const scans: number[] = [];
    const source: TableSource = {
      fileName: 'file',
      unit: 'row',
      names: null,
      ...more,
      async scan(visit) {
        let row = 0;
        scans.push(0);
        for (const cells of all) {
          row += 1;
          visit(cells, row);
          scans[scans.length - 1] = row;
        }
      },
    };
    return { source, scans };
  };
  const read = async (rows: RowStream, hasHeader: boolean) => {
    const found: unknown[] = [];
    await rows.read([], hasHeader, (cells, row) => found.push([row, ...cells]));
    return found;
  };

  test('with names gives all its rows', async () => {
    const { source } = sourceOf(
      [
        [1, 'x'],
        [null, 'y'],
      ],
      { names: ['a', 'b'], usualDecimal: () => ',' },
    );
    const rows = await sourceRows(source, true);
    expect(rows).toMatchObject({
      fileName: 'file',
      unit: 'row',
      names: ['a', 'b'],
      types: null,
      first: [],
      usualDecimal: ',',
    });
    for (const hasHeader of [true, false]) {
      expect(await read(rows, hasHeader)).toEqual([
        [1, 1, 'x'],
        [2, null, 'y'],
      ]);
    }
  });

  test('without names gives the first row that is no title', async () => {
    const all = [
      ['Title ', '', null],
      ['', '', ''],
      [' a ', null, 5],
      ['x', 1, 2],
      ['late', '', ''],
    ];
    const rows = await sourceRows(sourceOf(all).source, false);
    expect(rows).toMatchObject({ names: null, first: ['a', '', '5'], usualDecimal: undefined });
    expect(rows).not.toHaveProperty('findFormat');
    expect((await read(rows, true)).map((row) => (row as unknown[])[0])).toEqual([4, 5]);
    expect(await read(rows, false)).toEqual(all.map((cells, at) => [at + 1, ...cells]));
  });

  test('leaves columns out that are not read', async () => {
    const unread = new Map([['b', 'lists']]);
    const { source } = sourceOf([[1, null, 'x']], { names: ['a', 'b', 'c'], unread });
    const rows = await sourceRows(source, true);
    expect(rows.names).toEqual(['a', 'c']);
    expect(await read(rows, false)).toEqual([[1, 1, 'x']]);
    const commas = sourceOf([[1, null, '1,5']], { names: ['a', 'b', 'c'], unread });
    const format = await (await sourceRows(commas.source, true)).findFormat!([1], false, undefined);
    expect(format).toMatchObject({
      decimal: ',',
      note: 'numbers are read with decimal commas, and points between thousands, because of column c',
    });
  });

  test('says how its numbers are written, by its first thousand rows of texts', async () => {
    const texts = (count: number): Cell[][] => Array.from({ length: count }, () => ['1', 'x']);
    const numbers: Cell[][] = Array.from({ length: 50 }, () => [1, 'x']);
    const find = async (all: Cell[][], hasHeader: boolean, named = true, usual?: '.' | ',') => {
      const names = named ? ['a', 'b'] : null;
      const { source, scans } = sourceOf(all, { names, usualDecimal: () => usual });
      const rows = await sourceRows(source, true);
      return { format: await rows.findFormat!([0], hasHeader, undefined), read: scans.at(-1) };
    };
    const last: Cell[] = ['1,5', 'x'];
    const shown = { decimal: ',', isShown: true };
    const long = [...numbers, ...texts(999), last, ...texts(9)];
    expect(await find(long, false)).toMatchObject({ format: shown, read: 1049 });
    const longer = [...numbers, ...texts(1000), last, ...texts(9)];
    expect(await find(longer, false)).toEqual({ format: null, read: 1049 });
    expect((await find([last, ['1', 'x']], true)).format).toMatchObject(shown);
    expect((await find([['a', 'b'], last], true, false)).format).toMatchObject({
      note: 'numbers are read with decimal commas, and points between thousands, because of column a',
    });
    expect((await find([last, ['a', 'b']], true, false)).format).toBeNull();
    expect((await find([last, ['1', 'x']], false, false)).format).toMatchObject(shown);
    expect((await find([['T', ''], last, ['1', 'x']], true, false)).format).toBeNull();
    const either: Cell[][] = [['1,234', 'x']];
    expect((await find(either, false)).format).toMatchObject({ decimal: '.', isShown: false });
    expect((await find(either, false, true, ',')).format).toMatchObject({ decimal: ',' });
    const { source, scans } = sourceOf(
      [...Array.from({ length: 1000 }, () => ['1', 5]), ['1,5', 5]],
      { names: ['a', 'b'] },
    );
    const rows = await sourceRows(source, true);
    expect(await rows.findFormat!([0, 1], false, undefined)).toBeNull();
    expect(scans).toEqual([999]);
    // Numbers that are no texts say nothing.
    expect((await find([[1.5, 'x']], false)).format).toBeNull();
    const few: Cell[][] = ['1,5', 'y', 'y', 7, 8].map((cell) => [cell, 'x']);
    expect((await find(few, false)).format).toBeNull();
    expect((await find(few.slice(0, 1).concat(few.slice(3)), false)).format).toMatchObject(shown);
  });

  test('whose reading fails says so', async () => {
    const { source } = sourceOf([[1]], { names: ['a'] });
    const failing = { ...source, scan: () => Promise.reject(new BitgradError('damaged')) };
    const rows = await sourceRows(failing, true);
    await expect(rows.findFormat!([0], false, undefined)).rejects.toThrow('damaged');
    await expect(read(rows, false)).rejects.toThrow('damaged');
  });
});

describe('a file of rows', () => {
  const rowsOf = async (rows: RowStream) => {
    const names = rows.names ?? rows.first;
    const found: unknown[] = [];
    const wanted = names.map(() => 'text' as const);
    await rows.read(wanted, rows.names === null, (cells) => found.push(cells.map(String)));
    return [names, ...found];
  };
  const CSV = 'a,b\n1,x\n2,y\n';
  const JSON_ROWS = '[{"a":1,"b":"x"},{"a":2,"b":"y"}]';
  const ARFF = '@relation r\n@attribute a numeric\n@attribute b {x,y}\n@data\n1,x\n2,y\n';
  const parquet = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'a', data: [1, 2], type: 'DOUBLE' },
        { name: 'b', data: ['x', 'y'], type: 'STRING' },
        { name: 'j', data: [{ c: 1 }, { c: 2 }], type: 'JSON' },
      ],
    }),
  );
  const all = [
    ['a', 'b'],
    ['1', 'x'],
    ['2', 'y'],
  ];
  const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

  const FILES: Readonly<Record<string, string | Uint8Array>> = {
    CSV,
    'gzipped CSV': gzipSync(CSV),
    'CSV of brackets': CSV.replaceAll('a,b', 'a, b'),
    JSON: JSON_ROWS,
    'JSON behind a mark and spaces': `\ufeff \n${JSON_ROWS}`,
    'JSON lines': JSON_ROWS.slice(1, -1).replace('},{', '}\n{'),
    'gzipped JSON': gzipSync(JSON_ROWS),
    'JSON of UTF-16': utf16(JSON_ROWS),
    ARFF,
    'ARFF behind comments': `% one\n%\n  % @data\n${ARFF.replace('@relation', '@RELATION')}`,
    'ARFF without its name': ARFF.slice(12),
    'gzipped ARFF': gzipSync(ARFF),
  };

  test.each(Object.keys(FILES))('%s', async (kind) => {
    expect(await rowsOf(await openRows(temporaryFile('file', FILES[kind]!)))).toEqual(all);
  });

  test('Parquet, without what is neither a number nor a text', async () => {
    const rows = await openRows(temporaryFile('file', parquet));
    expect(await rowsOf(rows)).toEqual(all);
    expect(rows).toMatchObject({
      unit: 'row',
      types: ['number', 'text'],
      names: ['a', 'b'],
      first: [],
    });
  });

  test('Arrow, whose numbers are no texts, and Excel, whose may be', async () => {
    const fixture = (name: string) =>
      fileURLToPath(new URL(`fixtures/tables/${name}`, import.meta.url));
    const arrow = await openRows(fixture('things-uncompressed.feather'));
    expect(arrow).not.toHaveProperty('findFormat');
    expect(arrow.names).toEqual(['größe', 'n', 'farbe', 'neu', 'art']);
    expect(await openRows(fixture('things.xlsx'))).toHaveProperty('findFormat');
  });

  test('Parquet of more than is looked at', async () => {
    const data = Array.from({ length: 2000 }, (_, at) => at / 3);
    const bytes = parquetWriteBuffer({ columnData: [{ name: 'a', data, type: 'DOUBLE' }] });
    expect(bytes.byteLength).toBeGreaterThan(8192);
    const [names, ...rows] = await rowsOf(
      await openRows(temporaryFile('file', new Uint8Array(bytes))),
    );
    expect(names).toEqual(['a']);
    expect(rows).toEqual(data.map((number) => [String(number)]));
  });

  test.each(['@', '%', '[x'.slice(1), 'PK', 'PAR', 'ARROW'])(
    'a text that begins with %o',
    async (begin) => {
      const rows = await openRows(temporaryFile('file', `${begin},b\n1,x\n`));
      expect(rows.first.at(-1)).toBe('b');
    },
  );

  test.each<[string, string | Uint8Array, string]>([
    ['ZIP', 'PK\x03\x04 no more', 'expected'],
    ['Arrow', 'ARROW1\0\0 no more', 'expected'],
    ['a stream of Arrow', Buffer.from('\xff\xff\xff\xff no more', 'latin1'), 'expected'],
    ['packed Parquet', gzipSync(parquet), 'expected'],
    ['gzip that is none', Buffer.from('1f8b0000000000000000', 'hex'), 'do not unpack (Z_'],
    ['nothing', '', 'expected rows of values, received none'],
  ])('%s that is damaged is refused', async (_, bytes, message) => {
    const path = temporaryFile('file', bytes);
    const error = await errorOf(() => openRows(path).then(rowsOf));
    expect(error.message).toContain(path);
    expect(error.message).toContain(message);
  });

  test('that is none is told', async () => {
    const folder = temporaryFolder();
    expect((await errorOf(() => openRows(folder))).message).toBe(
      `${folder}: expected a file of rows, received a folder`,
    );
    expect((await errorOf(() => openRows(`${folder}/none`))).message).toBe(
      `${folder}/none: cannot be read (ENOENT)`,
    );
  });

  test('on stdin is given to who reads it before it ends', async () => {
    let start = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      start = resolve;
    });
    async function* pieces(): AsyncGenerator<Buffer> {
      yield Buffer.from(CSV.padEnd(2 ** 18 + 1, '\n'));
      await started;
    }
    const stdin = vi.spyOn(process, 'stdin', 'get');
    try {
      stdin.mockReturnValue(Readable.from(pieces()) as typeof process.stdin);
      const work = (rows: RowStream) => {
        start();
        return rowsOf(rows);
      };
      expect(await withRows('-', work)).toEqual(all);
      async function* broken(): AsyncGenerator<Buffer> {
        yield gzipSync(CSV).subarray(0, 12);
        throw Object.assign(new Error('gone'), { code: 'EIO' });
      }
      stdin.mockReturnValue(Readable.from(broken()) as typeof process.stdin);
      const error = await errorOf(() => withRows('-', rowsOf));
      expect(error.message).toBe('stdin: cannot be read (EIO)');
    } finally {
      stdin.mockRestore();
    }
  });

  test.each([...Object.keys(FILES), 'Parquet'])('%s on stdin', async (kind) => {
    const bytes = Buffer.from(FILES[kind] ?? parquet);
    const halves = [bytes.subarray(0, 40), bytes.subarray(40)].filter(({ length }) => length > 0);
    const stdin = vi.spyOn(process, 'stdin', 'get');
    try {
      stdin.mockReturnValue(Readable.from(halves) as typeof process.stdin);
      const found = await withRows('-', async (rows) => [rows.fileName, await rowsOf(rows)]);
      expect(found).toEqual(['stdin', all]);
      stdin.mockReturnValue(Readable.from(['a,b\n1,x\n2\n'].map(Buffer.from)) as never);
      await expect(withRows('-', rowsOf)).rejects.toThrow('stdin: line 3: expected 2 cells');
      const broken = new Readable({
        read() {
          this.destroy(Object.assign(new Error('gone'), { code: 'EIO' }));
        },
      });
      stdin.mockReturnValue(broken as never);
      await expect(withRows('-', rowsOf)).rejects.toThrow('stdin: cannot be read (EIO)');
    } finally {
      stdin.mockRestore();
    }
    const path = temporaryFile('file', bytes);
    expect(await withRows(path, async (rows) => rows.fileName)).toBe(path);
  });
});
