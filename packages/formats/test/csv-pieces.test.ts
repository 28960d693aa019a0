import { describe, expect, test } from 'vitest';
import { type CsvRows, csvRows } from '../src/rows/csv-rows.js';
import { errorOf } from './temporary.js';

// Before a row is read a quarter of a megabyte is looked at, in one piece: how a text comes in pieces only
// matters behind it.

/** So much is looked at, in bytes. */
const HEAD = 2 ** 18;
/** A text of so many lines that its end is behind what is looked at. */
const LINES = 66;
const head = (line: string): string => line.repeat(LINES);
const LONG = 'y'.repeat(4000);

type Cells = readonly (string | number | null)[];
type Found = readonly [line: number, ...cells: Cells];

async function* piecesOf(...texts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}
/** The ways to read rows, with what comes of a cell that is written as a number. */
const WAYS: Readonly<
  Record<string, (rows: CsvRows, visit: (...found: Found) => void) => Promise<void>>
> = {
  texts: (rows, visit) =>
    rows.read(
      rows.first.map(() => 'text'),
      false,
      (cells, line) => visit(line, ...cells),
    ),
  numbers: (rows, visit) =>
    rows.read(
      rows.first.map(() => 'number'),
      false,
      (cells, line) => visit(line, ...cells),
    ),
  blocks: (rows, visit) =>
    rows.readBlocks(
      true,
      (cells, line) => visit(line, ...cells),
      (block) => {
        for (let row = 0; row < block.rows; row += 1) {
          visit(block.lines[row]!, ...block.cellsOf(row));
        }
      },
    ),
  'blocks of texts': (rows, visit) =>
    rows.readBlocks(
      false,
      (cells, line) => visit(line, ...cells),
      (block) => {
        for (let row = 0; row < block.rows; row += 1) {
          visit(block.lines[row]!, ...block.cellsOf(row));
        }
      },
    ),
};

/** The rows behind a text's beginning, with their lines counted from its end, and all cells as trimmed texts. */
async function tailOf(
  way: string,
  pieces: AsyncIterable<Uint8Array>,
  lines: number,
): Promise<(readonly (string | number)[])[]> {
  const rows = await csvRows(pieces, 'table.csv');
  const all: (string | number)[][] = [];
  await WAYS[way]!(rows, (line, ...cells) => {
    if (line > lines) all.push([line - lines, ...cells.map((cell) => String(cell).trim())]);
  });
  return all;
}

test('what is looked at is what there is, in a quarter of a megabyte, or until a row ends', async () => {
  const rows = await csvRows(piecesOf(`# ${LONG.repeat(70)}\n`, 'a,', 'b\n1,2\n'), 'table.csv');
  expect(rows).toMatchObject({ fileName: 'table.csv', unit: 'line', names: null, types: null });
  expect(rows.first).toEqual(['a', 'b']);
  const wide = `${'1,'.repeat(HEAD)}x\n`;
  const found = await csvRows(piecesOf(wide, wide), 'table.csv');
  expect(found.first).toHaveLength(HEAD + 1);
});

describe('the first row', () => {
  const firstOf = async (text: string) => {
    const rows = await csvRows(piecesOf(text), 'table.csv');
    const below: unknown[] = [];
    await rows.read(
      rows.first.map(() => 'text'),
      true,
      (cells, line) => below.push([line, ...cells.map((cell) => String(cell).trim())]),
    );
    return [rows.first, below[0]];
  };

  test.each<[string, string, readonly string[], Found | undefined]>([
    ['is the first one', ' a ,b\n1,2\n', ['a', 'b'], [2, '1', '2']],
    ['is the only one', 'a,b', ['a', 'b'], undefined],
    ['stands below blank lines', `${' \n'.repeat(20)}a,b\n1,2\n`, ['a', 'b'], [22, '1', '2']],
    [
      'stands below blank lines and has quotes',
      `${'\n'.repeat(20)}"a","b"\n1,2\n`,
      ['a', 'b'],
      [22, '1', '2'],
    ],
    ['stands below titles', 'T,\n\n,\na,b\n1,2\n', ['a', 'b'], [5, '1', '2']],
    ['stands below titles with quotes', '"T, or so",\n" ",\na,b\n1,2\n', ['a', 'b'], [4, '1', '2']],
    ['is no title where it has one cell', 'T\na\n', ['T'], [2, 'a']],
    ['is no title where a number stands alone', '5,\na,b\n', ['5', ''], [2, 'a', 'b']],
    ['stands below seven titles', `${'T,\n'.repeat(7)}a,b\n1,2\n`, ['a', 'b'], [9, '1', '2']],
    ['stands not below eight', `${'T,\n'.repeat(8)}a,b\n1,2\n`, ['T', ''], [2, 'T', '']],
    ['has quotes of several lines', '"a\nb",c\n1,2\n', ['a\nb', 'c'], [3, '1', '2']],
  ])('%s', async (_, text, first, below) => {
    expect(await firstOf(text)).toEqual([first, below]);
  });

  test.each(['-', '.', '5', ':'])('says by sep= that %s separates cells', async (delimiter) => {
    const text = `sep=${delimiter}\na${delimiter}b\n1${delimiter}2\n`;
    const rows = await csvRows(piecesOf(text), 'table.csv');
    expect(rows).toMatchObject({ delimiter, first: ['a', 'b'], usualDecimal: undefined });
    const found: unknown[] = [];
    await WAYS.blocks!(rows, (line, ...cells) => found.push([line, ...cells]));
    const numbers = delimiter === ':' ? [1, 2] : ['1', '2'];
    expect(found).toEqual([
      [2, 'a', 'b'],
      [3, ...numbers],
    ]);
  });

  test('goes with what people should know', async () => {
    const notes = async (text: string | Uint8Array) => {
      const said: string[] = [];
      const rows = await csvRows(piecesOf(text), 'f', (note) => said.push(note));
      await rows.read(
        rows.first.map(() => 'text'),
        true,
        () => undefined,
      );
      return [rows.usualDecimal, ...said];
    };
    expect(await notes('a,b\n1,2\n')).toEqual(['.']);
    expect(await notes('a;b\n1;2\n')).toEqual([',']);
    expect(await notes('# x,y\n1,2\n')).toEqual(['.', 'f: line 1 names the columns, after #']);
    expect(await notes('#\na,b\n1,2 # c\n')).toEqual([
      '.',
      'f: a comment from # on is left out of line 3',
    ]);
    expect(await notes('#\na,b\n1,2 # c\n3,4 # d\n')).toEqual([
      '.',
      'f: a comment from # on is left out of 2 lines, the first of them 3',
    ]);
    expect(await notes(Buffer.from('a,b\né,2\n', 'latin1'))).toEqual([
      '.',
      'f is read as Latin-1 (windows-1252): its bytes are no UTF-8',
    ]);
    for (const text of ['', '\n \n']) {
      expect((await errorOf(() => notes(text))).message).toBe(
        'f: expected rows of values, received none',
      );
    }
  });
});

describe('words between white space', () => {
  const read = async (...pieces: string[]) => {
    const rows = await csvRows(piecesOf(...pieces), 'table.txt');
    const all: unknown[] = [];
    await rows.read(
      rows.first.map(() => 'text'),
      true,
      (cells, line) => all.push([line, ...cells]),
    );
    return { first: rows.first, all };
  };

  test('are the cells, however they come', async () => {
    const text = 'a  b\n 1 2 \n\n"3 4"\t5\r\n6 7';
    const all = [
      [2, '1', '2'],
      [4, '3 4', '5'],
      [5, '6', '7'],
    ];
    expect(await read(text)).toEqual({ first: ['a', 'b'], all });
    const far = `a  b\n${'\n'.repeat(HEAD)}`;
    const found = await read(`${far}`, ...text.slice(5), '\n');
    expect(found.all).toEqual(all.map(([line, ...cells]) => [Number(line) + HEAD, ...cells]));
  });

  test('may be fewer in the first line, as R writes them', async () => {
    expect(await read('a b\nr1 1 2\nr2 3 4\n')).toEqual({
      first: ['', 'a', 'b'],
      all: [
        [2, 'r1', '1', '2'],
        [3, 'r2', '3', '4'],
      ],
    });
  });

  test('have no name for the first column there, also where all rows are read', async () => {
    const rows = await csvRows(piecesOf('a b\nr1 1 2\nr2 3 4\n'), 'table.txt');
    const all: unknown[] = [];
    await rows.read(['text', 'text', 'text'], false, (cells) => all.push([...cells]));
    expect(all).toEqual([
      ['', 'a', 'b'],
      ['r1', '1', '2'],
      ['r2', '3', '4'],
    ]);
  });

  test('begin below blank lines', async () => {
    const all = [
      [4, 'r1', '1', '2'],
      [5, 'r2', '3', '4'],
    ];
    expect(await read('\n \t\na b\nr1 1 2\nr2 3 4\n')).toEqual({ first: ['', 'a', 'b'], all });
  });

  test('are as many in each line', async () => {
    const error = await errorOf(() => read('a b\n1 2\n3 4\n5 6\n7 8\n\n9\n'));
    expect(error.message).toBe(
      'table.txt: line 7: expected 2 cells as in the first row, received 1',
    );
    const second = await errorOf(() => read('a b c\n1 2 3\n4 5 6\n7 8 9\n1 2 3\n4 5\n'));
    expect(second.message).toContain('line 6: expected 3 cells as in the first row, received 2');
  });
});

describe('a reader that waits', () => {
  const texts = {
    plain: `a,b\n${head(`x,${LONG}\n`)}`,
    quoted: `a,b\n"x\n",${LONG}\n${head(`x,${LONG}\n`)}`,
    words: `a b\n${head(`x ${LONG}\n`)}`,
  };

  test.each(Object.keys(texts))('is waited for between pieces of a %s text', async (kind) => {
    const text = texts[kind as keyof typeof texts];
    const rows = await csvRows(piecesOf(text, text.slice(4)), 'table.csv');
    let visited = 0;
    const waits: number[] = [];
    const pause = async (): Promise<void> => {
      waits.push(visited);
    };
    await rows.read(['text', 'text'], true, () => (visited += 1), pause);
    const half = kind === 'quoted' ? LINES + 1 : LINES;
    expect(visited).toBe(2 * half);
    expect(waits.length).toBeGreaterThan(1);
    expect(waits[0]).toBeGreaterThan(0);
    expect(waits[0]).toBeLessThan(visited);
  });

  test.each(Object.keys(texts))('may refuse more of a %s text', async (kind) => {
    const text = texts[kind as keyof typeof texts];
    const rows = await csvRows(piecesOf(text, text), 'table.csv');
    const refuse = () => Promise.reject(new Error('no more'));
    const work = rows.read(['text', 'text'], true, () => undefined, refuse);
    await expect(work).rejects.toThrow('no more');
  });
});

test('letters of several bytes are whole between pieces that Papa Parse is given', async () => {
  const cells = ['é', 'xé', '😀', 'x😀'].map((letters) => letters.repeat(12_000));
  const rows = cells.map((cell, at) => `"${cell}\n",${at}\n`);
  const expected = cells.map((cell, at) => [1 + 2 * at, cell, String(at)]);
  expect(await tailOf('texts', piecesOf(`a,b\n${rows.join('')}`), 1)).toEqual(expected);
});

describe('old lines end with carriage returns', () => {
  test.each(Object.keys(WAYS))('read as %s', async (way) => {
    const text = 'a,b\r1,"x\ry"\r\r2,z';
    const expected = [
      [1, '1', 'x\ry'],
      [4, '2', 'z'],
    ];
    expect(await tailOf(way, piecesOf(text), 1)).toEqual(expected);
    expect(await tailOf(way, piecesOf(...text), 1)).toEqual(expected);
  });
});

describe('how numbers are written', () => {
  const format = async (text: string, places = [0], known?: ',' | '.', hasHeader = true) => {
    const rows = await csvRows(piecesOf(text), 'table.csv');
    return rows.findFormat!(places, hasHeader, known);
  };
  const filled = (count: number, row: string): string => row.repeat(count);

  test('is told by the rows below the names', async () => {
    expect(await format('1,5;b;\n1;2;\n')).toBeNull();
    expect(await format('1,5;b;\n1;2;\n', [0], undefined, false)).toMatchObject({ decimal: ',' });
    expect(await format('T;;\n1,5;b;\n1;2;\n')).toBeNull();
    expect(await format('T;;\n;;b\n1,5;2;\n')).toMatchObject({ decimal: ',', isShown: true });
    expect(await format('a;b\n2;1,5\n')).toBeNull();
    expect(await format('a;b\n2;1,5\n', [1])).toMatchObject({
      note: 'numbers are read with decimal commas, and points between thousands, because of column b',
    });
    expect(await format('2;x;1,5\n3;y;4\n', [2], undefined, false)).toMatchObject({
      note: 'numbers are read with decimal commas, and points between thousands, because of column 3',
    });
  });

  test('is what is usual, or the model’s, where cells could be read either way', async () => {
    expect(await format('a;b\n1,234;2\n')).toMatchObject({ decimal: ',', isShown: false });
    expect(await format('a;b\n1,234;2\n', [0], '.')).toMatchObject({ decimal: '.' });
    expect(await format('a\tb\n1,234\t2\n')).toMatchObject({ decimal: '.', isShown: false });
    expect(await format('a\tb\n1,234\t2\n', [0], ',')).toMatchObject({ decimal: ',' });
    expect(await format('a  b\n1  1,5\n', [1])).toMatchObject({ decimal: ',', isShown: true });
    expect(await format('\n \na;b\n1,5;2\n')).toMatchObject({ decimal: ',', isShown: true });
    expect(await format('\n \n"a";b\n"1,5";2\n')).toMatchObject({ decimal: ',', isShown: true });
    expect(await format('"a"\n"1,5"\n"2,5"\n')).toMatchObject({ decimal: ',', isShown: true });
    expect(await format('a,b\n"1,234",2\n')).toMatchObject({ decimal: '.', isShown: false });
  });

  test.each([
    ['plain', 'a;b\n', '1;x\n', '1,5;x\n'],
    ['quoted', 'a;b\n', '1;"x"\n', '1,5;"x"\n'],
    ['words', 'a b\n', '1 x\n', '1,5 x\n'],
  ])('is looked for in a thousand lines: %s', async (_, names, row, last) => {
    expect(await format(`${names}${filled(998, row)}${last}`)).toMatchObject({ decimal: ',' });
    expect(await format(`${names}${filled(999, row)}${last}`)).toBeNull();
  });

  test('is not told by a row that is looked at in part', async () => {
    const begin = `a;b\n${head(`1;${LONG.slice(0, 3966)}\n`)}`;
    const row = '1;'.padEnd(HEAD - begin.length - 10, 'z');
    const text = `${begin}${row}\n2;1,5\n1,5 apples;x\n2;y\n`;
    expect(Buffer.byteLength(text)).toBeGreaterThan(HEAD);
    expect(text.slice(HEAD - 4, HEAD)).toBe('\n1,5');
    expect(await format(text)).toBeNull();
    const blank = `a;b\n${head(`1;${'1'.padStart(3966)}\n`)}`;
    const other = `${blank}${'1;'.padEnd(HEAD - blank.length - 10)}\n2;1,5\n1 apples;x\n`;
    expect(await format(other, [1])).toMatchObject({ decimal: ',' });
    expect(await format('a;b\n1;z\n1,5;x')).toMatchObject({ decimal: ',' });
    expect(await format(`${begin.slice(0, 4)}1,5;2`)).toMatchObject({ decimal: ',' });
  });
});

/** Behind what is looked at, each byte of it alone: takes longer. */
const FAR = [
  ...['without a last line end', 'with lines of Windows', 'with separators in quotes'],
  ...['with lines in quotes', 'with letters of several bytes'],
  'with more in quotes than sixteen pieces',
  ...['a row too short', 'a quote that is not closed', 'a zero byte behind quotes'],
];
const behindHead = (tail: string): Uint8Array[] => [
  Buffer.from(`a,b\n${head(`x,${LONG}\n`)}`),
  ...Array.from(Buffer.from(tail), (one) => Buffer.of(one)),
];

describe.each(Object.keys(WAYS))('rows that come in pieces, read as %s', (way) => {
  test.each<[string, string, readonly Found[]]>([
    [
      'plain',
      'p,1\nq,2\n',
      [
        [1, 'p', '1'],
        [2, 'q', '2'],
      ],
    ],
    [
      'without a last line end',
      'p,1\nq,2',
      [
        [1, 'p', '1'],
        [2, 'q', '2'],
      ],
    ],
    [
      'with lines of Windows',
      'p,1\r\nq,2\r\n',
      [
        [1, 'p', '1'],
        [2, 'q', '2'],
      ],
    ],
    [
      'with a last carriage return',
      'p,1\r\nq,2\r',
      [
        [1, 'p', '1'],
        [2, 'q', '2'],
      ],
    ],
    ['with a carriage return within', 'p\rr,1\n', [[1, 'p\rr', '1']]],
    [
      'with an empty last cell',
      'p,1\nq,',
      [
        [1, 'p', '1'],
        [2, 'q', ''],
      ],
    ],
    [
      'with empty cells',
      ',\n,\r\n',
      [
        [1, '', ''],
        [2, '', ''],
      ],
    ],
    [
      'with blank lines',
      '\n\np,1\n \t\r\nq,2\n\n',
      [
        [3, 'p', '1'],
        [5, 'q', '2'],
      ],
    ],
    [
      'with quotes',
      '"p","1"\n"",2\n',
      [
        [1, 'p', '1'],
        [2, '', '2'],
      ],
    ],
    [
      'with lines of Windows and quotes',
      '"p","1"\r\n"q",2\r\n',
      [
        [1, 'p', '1'],
        [2, 'q', '2'],
      ],
    ],
    [
      'with separators in quotes',
      'p,1\n"q,r",2\n"s,,",3',
      [
        [1, 'p', '1'],
        [2, 'q,r', '2'],
        [3, 's,,', '3'],
      ],
    ],
    [
      'with quotes in quotes',
      'p,1\n"q""r",2\n"""",3\n',
      [
        [1, 'p', '1'],
        [2, 'q"r', '2'],
        [3, '"', '3'],
      ],
    ],
    [
      'with lines in quotes',
      'p,1\n"q\n\nr",2\ns,3\n',
      [
        [1, 'p', '1'],
        [2, 'q\n\nr', '2'],
        [5, 's', '3'],
      ],
    ],
    [
      'with more in quotes than sixteen pieces',
      '"q\nthat goes on, and on",2\n',
      [[1, 'q\nthat goes on, and on', '2']],
    ],
    [
      'with a quote within a cell',
      'p,1\nq"r,2\ns,3\n',
      [
        [1, 'p', '1'],
        [2, 'q"r', '2'],
        [3, 's', '3'],
      ],
    ],
    [
      'with letters of several bytes',
      'é,1\n😀北,2\n',
      [
        [1, 'é', '1'],
        [2, '😀北', '2'],
      ],
    ],
    [
      'with signs',
      '-,-1\n+,--\n',
      [
        [1, '-', '-1'],
        [2, '+', '--'],
      ],
    ],
  ])('%s', async (kind, tail, expected) => {
    expect(await tailOf(way, piecesOf(`a,b\n${tail}`), 1)).toEqual(expected);
    if (FAR.includes(kind)) {
      expect(await tailOf(way, piecesOf(...behindHead(tail)), LINES + 1)).toEqual(expected);
    }
  });

  test('that are longer than pieces, and begin and end within them', async () => {
    const rows = Array.from({ length: 4 }, (_, at) => `${at},"${String(at).repeat(150_000)}"`);
    const text = `a,b\n${rows.join('\n')}`;
    const pieces = Array.from({ length: 7 }, (_, at) =>
      text.slice(at * 100_001, (at + 1) * 100_001),
    );
    const expected = rows.map((row, at) => [at + 1, ...row.replaceAll('"', '').split(',')]);
    expect(await tailOf(way, piecesOf(...pieces), 1)).toEqual(expected);
  });

  test.each<[string, string, string]>([
    [
      'a row too short',
      'p,1\nq\nr,2\n',
      'line 2: expected 2 cells as in the first row, received 1',
    ],
    [
      'a row too long',
      'p,1\nq,2,3\nr,2\n',
      'line 2: expected 2 cells as in the first row, received 3',
    ],
    [
      'a last row too long',
      'p,1\nq,2,',
      'line 2: expected 2 cells as in the first row, received 3',
    ],
    [
      'a row too short with quotes',
      'p,1\n"q"\nr,2\n',
      'line 2: expected 2 cells as in the first row, received 1',
    ],
    [
      'a row too long with quotes',
      'p,1\n\n"q","2","3"\n',
      'line 3: expected 2 cells as in the first row, received 3',
    ],
    [
      'a quote that is not closed',
      'p,1\nq,"2\nr,2\n',
      'line 2: expected a quote to close its cell',
    ],
    [
      'a quote that closes too early',
      'p,1\n"q"r,2\n',
      'line 2: expected a quote to close its cell',
    ],
    ['a zero byte', 'p,1\nq,\0\n', 'line 2 or soon after: expected text, received a zero byte'],
    ['a zero byte behind quotes', '"p\n",1\nq,\0\n', 'expected text, received a zero byte'],
  ])('refuses %s', async (kind, tail, message) => {
    const ways: [lines: number, pieces: readonly (string | Uint8Array)[]][] = [
      [1, [`a,b\n${tail}`]],
    ];
    if (FAR.includes(kind)) ways.push([LINES + 1, behindHead(tail)]);
    for (const [lines, pieces] of ways) {
      const placed = message.replace(/^line (\d+)/, (_line, at) => `line ${Number(at) + lines}`);
      // Where all comes at once, lines are not told so exactly.
      const told = lines === 1 && message.includes('zero') ? 'received a zero byte' : placed;
      const error = await errorOf(() => tailOf(way, piecesOf(...pieces), 0));
      expect(error.message).toContain(told);
    }
  });

  test('refuses a row of more than a megabyte', async () => {
    const pieces = Array.from({ length: 5 }, () => LONG.repeat(53));
    const error = await errorOf(() => tailOf(way, piecesOf('a,b\n1,2\n3,', ...pieces), 0));
    expect(error.message).toBe(
      'table.csv: line 3: expected a row that ends, received one of more than 1048576 bytes',
    );
    const quoted = await errorOf(() => tailOf(way, piecesOf('a,b\n1,2\n3,"', ...pieces), 0));
    expect(quoted.message).toContain('line 3: expected a');
    expect(quoted.message).not.toContain('1048576');
  });
});
