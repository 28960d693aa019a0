import { appendFileSync, existsSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { cleanLines, cleanText, isClean } from '../src/csv/clean-lines.js';
import { type Dialect, findDialect, wordsOf } from '../src/csv/dialect.js';
import { holdsControls, utf16Of } from '../src/csv/encoding.js';
import { filePieces } from '../src/csv/file-pieces.js';
import { RowReader } from '../src/csv/row-reader.js';
import { csvSource } from '../src/csv/source.js';
import { textBeginning, utf8Pieces } from '../src/csv/utf8.js';
import { textOf } from '../src/memory/index.js';
import type { RowBlock } from '../src/table/row-block.js';
import { errorOf, temporaryFolder } from './temporary.js';
import { temporaryFile } from './writers.js';

const PLAIN: Dialect = {
  delimiter: ',',
  newline: '\n',
  hasComments: false,
  namesLine: 0,
  hasSpacedQuotes: false,
  isSeparatorFirst: false,
};

describe('a text is written', () => {
  test.each<[string, string, Partial<Dialect>]>([
    ['with commas', 'a,b\n1,2\n', {}],
    ['with commas where there is one column', 'a\n1\n2\n', {}],
    ['with semicolons', 'a;b\n1,5;2,5\n', { delimiter: ';' }],
    ['with tabs', 'a\tb\n1\t2\n', { delimiter: '\t' }],
    ['with bars', 'a|b\n1|2\n', { delimiter: '|' }],
    ['with what the first line holds most often', 'a;b;c,d\n1;2;3\n', { delimiter: ';' }],
    ['with commas where there are as many of others', 'a,b;c\n1,2;3\n', {}],
    ['with semicolons between decimal commas', '1,5;2,5;3,5\n4,5;5,5;6\n', { delimiter: ';' }],
    ['with tabs between decimal commas', '1,5\t2,5\n3,5\t4,5\n', { delimiter: '\t' }],
    ['with commas, not all between digits', '1,2;3,x\n2,2;4,y\n', {}],
    ['with commas between digits of a later line only', 'x,2;3\n1,5;2\n', {}],
    ['with commas between numbers, of which some hold a bar', '1,2,3|4,0\n5,6,7|8,1\n', {}],
    ['with semicolons between thousands', '1,234,567;2,5\n1,5;3\n', { delimiter: ';' }],
    ['with commas between whole numbers', '1,2,3\n4,5,6\n', {}],
    ['with what stands outside of quotes', '"a,b,""c,d";e\n1;2\n', { delimiter: ';' }],
    ['over lines in quotes', '"a\n,,,";b\n1;2\n', { delimiter: ';' }],
    ['with white space', 'a b\n1  2\n 3 4\n', { delimiter: ' ' }],
    ['with white space and quotes', '"a b" c\n"1 2" 3\n', { delimiter: ' ' }],
    ['with white space, but for the name of rows', 'a b\nr1 1 2\nr2 3 4\n', { delimiter: ' ' }],
    ['with one column of words', 'first name\nAnn\nBob Lee\n', {}],
    ['with one column, whose name is two words', 'first name\nAnn\nBob\n', {}],
    ['with one column of one and two words', 'name\nAnn Lee\nBob\n', {}],
    ['with one line of words', 'a b\n', { delimiter: ' ' }],
    ['with one word', 'a', {}],
    ['with nothing', '', {}],
    ['with blank lines', '\n \n', {}],
    ['with commas that do not make as many cells', 'a,b c\n1 2,3,4\n', {}],
    ['with names that are two fewer', 'a b\n1 2 3 4\n5 6 7 8\n', {}],
    ['with tabs that do not make as many cells', 'a\tb c\n1 2 3\n', { delimiter: ' ' }],
    ['with tabs, and spaces in cells', 'a b\tc\n1 2\t3\n', { delimiter: '\t' }],
    ['with tabs, and no cells that are alike', 'a\tb\n1\t2\t3\n4\n', { delimiter: '\t' }],
    ['with line feeds', 'a,b\r\n1,2\r\n', {}],
    ['with carriage returns', 'a,b\r1,2\r', { newline: '\r' }],
    ['without an end', 'a,b', {}],
    ['as Excel is told', 'sep=;\na,b;c\n', { delimiter: ';', isSeparatorFirst: true }],
    [
      'as Excel is told in quotes',
      '"SEP=|"  \na,b|c\n',
      { delimiter: '|', isSeparatorFirst: true },
    ],
    ['not as Excel is told', 'sep=;;\na,b\n', { delimiter: ';' }],
    ['not as a cell says', 'x sep=;\na,b,c\n', { delimiter: ';' }],
    ['with spaces before quotes', 'a, "b"\n1, "x, y"\n', { hasSpacedQuotes: true }],
    ['with spaces before the first quotes', 'a,b\n \t"x",y\n', { hasSpacedQuotes: true }],
    ['with spaces before the first quotes and semicolons', 'a;b\n "x";y\n', { delimiter: ';' }],
    ['with spaces before quotes between semicolons', 'a; "b"\n1; "x"\n', { delimiter: ';' }],
    ['with spaces within a cell before quotes', 'a,b "c"\n1,2\n', {}],
    ['with comments', '# made\na,b\n1,2\n', { hasComments: true }],
    ['with a comment of one sign', '#\na,b\n', { hasComments: true }],
    ['with a comment of other signs', '#!x,y\na,b\n##,\n', { hasComments: true }],
    ['with a comment of other cells', '#made\na,b\n', { hasComments: true }],
    ['with a comment at its end', 'a,b\n1,2\n# sum,3\n', { hasComments: true }],
    ['with a name that begins so', '#id,b\n1,2\n', {}],
    ['with a name and a comment that begin so', '#id,b\n# made\n1,2\n', {}],
    ['with nothing but comments', '# a,b\n# 1,2\n', {}],
    [
      'with names in a comment',
      '# x y\n1 2\n3 4\n',
      { delimiter: ' ', hasComments: true, namesLine: 1 },
    ],
    ['with names behind two signs', '##x,y\n1,2\n', { hasComments: true, namesLine: 1 }],
    [
      'with names in the last comment',
      '# of,us\n\n#  x, y\n1,2\n',
      { hasComments: true, namesLine: 3 },
    ],
    [
      'with names in a comment, not at the end',
      '# x,y\n1,2\n# u,v\n',
      { hasComments: true, namesLine: 1 },
    ],
    ['with a comment above names', '# x,y\na,b\n1,2\n', { hasComments: true }],
    ['with a comment of too few names', '# x\n1,2\n', { hasComments: true }],
    ['with a comment of a name that is none', '# x,\n1,2\n', { hasComments: true }],
    ['with a comment of numbers', '# x,5\n1,2\n', { hasComments: true }],
    ['with names above a text and a number', '# x,y\nu,2\n', { hasComments: true, namesLine: 1 }],
    ['with names above a text and nothing', '# x,y\nu,\n', { hasComments: true }],
  ])('%s', (_, text, own) => {
    expect(findDialect(text)).toEqual({ ...PLAIN, ...own });
  });

  test('as its first five lines are', () => {
    const five = 'a b\n1 2\n3 4\n5 6\n7 8\n';
    expect(findDialect(`${five}9\n`).delimiter).toBe(' ');
    expect(findDialect(`${five.slice(0, -4)}9\n`).delimiter).toBe(',');
    const tabs = 'a\tb c\n1\t2 3\n1\t2 3\n1\t2 3\n1\t2 3\n';
    expect(findDialect(`${tabs}1 2\t\t3\n`).delimiter).toBe('\t');
    expect(findDialect(`${tabs.slice(0, -6)}1 2\t\t3\n`).delimiter).toBe(' ');
  });

  test('in words', () => {
    expect(wordsOf('  a\t"b ""c"" d"  e"f" "" " x')).toEqual([
      'a',
      'b "c" d',
      'e"f"',
      '',
      '"',
      'x',
    ]);
    expect(wordsOf('"a"b "c" "')).toEqual(['a', 'b', 'c', '"']);
    expect(wordsOf('"abc d')).toEqual(['"abc', 'd']);
    expect(wordsOf(' \t\r')).toEqual([]);
  });
});

describe('what is no row goes', () => {
  const COMMENTS = { ...PLAIN, hasComments: true };
  const SPACED = { ...PLAIN, hasSpacedQuotes: true };
  const SEPARATOR = { ...PLAIN, isSeparatorFirst: true };

  /** Last comes what is said: how many lines a comment was cut off, and the first of them. */
  const CASES: readonly [string, Dialect, string, string, [number, number]?][] = [
    ['nothing', PLAIN, '# a\n1 # b\n', '# a\n1 # b\n'],
    ['lines', COMMENTS, '# a\nx,1\n#b\n', '\nx,1\n\n'],
    ['a comment behind a blank line', COMMENTS, '\n# a\nx,1\n', '\n\nx,1\n'],
    ['a last line', COMMENTS, 'x,1\n# a', 'x,1\n'],
    ['not behind white space', COMMENTS, ' # a\nx,1\n', ' # a\nx,1\n'],
    ['ends of lines', COMMENTS, 'x,1 # a\ny,2\t#\t b\nz,3 #\n', 'x,1\ny,2\nz,3\n', [3, 1]],
    [
      'ends of lines of Windows',
      COMMENTS,
      'x,1 # a\r\ny,2 #\r\nz,3\r\n',
      'x,1\ny,2\nz,3\r\n',
      [2, 1],
    ],
    ['the first of two', COMMENTS, 'x,1 # a # b\n', 'x,1\n', [1, 1]],
    ['not in words behind spaces', COMMENTS, 'x,a #b # c\n', 'x,a #b\n', [1, 1]],
    ['not in words', COMMENTS, 'x#1,C# 2\ny,#3\nz, #4\n', 'x#1,C# 2\ny,#3\nz, #4\n'],
    ['the second of two', COMMENTS, 'x#1,C# 2 # a\n', 'x#1,C# 2\n', [1, 1]],
    ['not cells', COMMENTS, 'x, # 1\ny,\t # 2\n,# 3\n', 'x, # 1\ny,\t # 2\n,# 3\n'],
    ['not between quotes', COMMENTS, '"x # 1",2\ny,"3 # 4"\n', '"x # 1",2\ny,"3 # 4"\n'],
    [
      'behind quotes',
      COMMENTS,
      '"x # 1",2 # a\n"y","z" # "b\n"u",1\n',
      '"x # 1",2\n"y","z"\n"u",1\n',
      [2, 1],
    ],
    [
      'not over lines between quotes',
      COMMENTS,
      '"x\n# 1\ny # 2",3 # a\n# b\n',
      '"x\n# 1\ny # 2",3\n\n',
      [1, 3],
    ],
    ['quotes in quotes', COMMENTS, '"x""\n# 1"" # 2",3 # a\n', '"x""\n# 1"" # 2",3\n', [1, 2]],
    [
      'between tabs',
      { ...COMMENTS, delimiter: '\t' },
      'x\t1 # a\ny\t # 2\n',
      'x\t1\ny\t # 2\n',
      [1, 1],
    ],
    ['between words', { ...COMMENTS, delimiter: ' ' }, 'x 1 # a\n # b\n', 'x 1\n\n', [2, 1]],
    [
      'quotes in a comment alone',
      { ...COMMENTS, delimiter: ' ' },
      'x 1\n # "b\n# c\ny 2\n',
      'x 1\n\n\ny 2\n',
      [1, 2],
    ],
    ['signs before names', { ...COMMENTS, namesLine: 2 }, '# a\n## \tx,y\n1,2\n', '\nx,y\n1,2\n'],
    ['one sign before names', { ...COMMENTS, namesLine: 1 }, '#x # y\n1,2\n', 'x # y\n1,2\n'],
    ['signs alone', { ...COMMENTS, namesLine: 1 }, '# \n1,2\n', '\n1,2\n'],
    ['Excel’s line', SEPARATOR, 'sep=,\nx,1\n', '\nx,1\n'],
    ['Excel’s line alone', SEPARATOR, 'x\nsep=,\n', '\nsep=,\n'],
    ['spaces before quotes', SPACED, 'x, "a, b"\n \t"c", "d" ,"e"\n', 'x,"a, b"\n"c","d" ,"e"\n'],
    ['not spaces in cells', SPACED, 'x, a\ny, b "c"\n', 'x, a\ny, b "c"\n'],
    ['not spaces in quotes', SPACED, 'x,"a, ""b"" , "\n', 'x,"a, ""b"" , "\n'],
    [
      'not spaces in lines of quotes',
      SPACED,
      'x, "a,\n ""b""\n, "" "\ny, "c"\n',
      'x,"a,\n ""b""\n, "" "\ny,"c"\n',
    ],
    [
      'all of it',
      { ...COMMENTS, hasSpacedQuotes: true },
      '# a\nx, "b # c" # d\n',
      '\nx,"b # c"\n',
      [1, 2],
    ],
    ['old lines', { ...COMMENTS, newline: '\r' }, '# a\rx,1 # b\ry,2', '\rx,1\ry,2', [1, 2]],
    ['nothing of nothing', COMMENTS, '', ''],
  ];

  test.each(CASES)('%s', (_, dialect, text, cleaned) => {
    expect(cleanText(text, dialect)).toBe(cleaned);
  });

  test.each(CASES)('%s, in pieces', async (_, dialect, text, cleaned, ...cut) => {
    for (const size of [1, 3, 1000]) {
      async function* pieces(): AsyncGenerator<Buffer> {
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      }
      const parts: Buffer[] = [];
      const said: number[][] = [];
      const say = (...cut: number[]) => said.push(cut);
      for await (const part of cleanLines(pieces(), dialect, say)) parts.push(part);
      expect(Buffer.concat(parts).toString()).toBe(isClean(dialect) ? text : cleaned);
      expect(said).toEqual(cut);
    }
  });

  test('where there is anything', () => {
    expect(isClean(PLAIN)).toBe(true);
    expect([COMMENTS, SPACED, SEPARATOR].some(isClean)).toBe(false);
  });
});

describe('bytes are', () => {
  const utf16 = (text: string, isBig = false): Buffer => {
    const bytes = Buffer.from(text, 'utf16le');
    return isBig ? bytes.swap16() : bytes;
  };
  const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
  const MARK = '\ufeff';

  const read = async (bytes: Uint8Array, size: number) => {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    const said: string[] = [];
    const parts: Uint8Array[] = [];
    for await (const part of utf8Pieces(pieces(), 'file', (one) => said.push(one))) {
      parts.push(part);
    }
    return { text: Buffer.concat(parts).toString(), said };
  };

  const LATIN = 'Latin-1 (windows-1252)';
  test.each<[string, Uint8Array, string, string[]]>([
    ['nothing', Buffer.of(), '', []],
    ['a letter', latin1('a'), 'a', []],
    ['ASCII', latin1('a,b\n1,2\n'), 'a,b\n1,2\n', []],
    ['UTF-8', Buffer.from('é,北京,😀\n1'), 'é,北京,😀\n1', []],
    ['UTF-8 that ends in a long letter', Buffer.from('abcd😀'), 'abcd😀', []],
    ['UTF-8 with a mark', Buffer.from(`${MARK}é,b`), 'é,b', []],
    ['a mark alone', Buffer.from(MARK), MARK, []],
    ['a mark later', Buffer.from(`abcd${MARK}e`), `abcd${MARK}e`, []],
    ['UTF-16 of one letter', utf16('a'), 'a', []],
    ['a mark of UTF-16', utf16(MARK), '', []],
    ['UTF-16 with a mark', utf16(`${MARK}é,北😀`), 'é,北😀', ['UTF-16LE']],
    [
      'UTF-16 with a mark, the high byte first',
      utf16(`${MARK}é,北😀`, true),
      'é,北😀',
      ['UTF-16BE'],
    ],
    ['UTF-16 without a mark', utf16('a,b\n1,2\n'), 'a,b\n1,2\n', ['UTF-16LE']],
    [
      'UTF-16 without a mark, the high byte first',
      utf16('a,b\n1,2\n', true),
      'a,b\n1,2\n',
      ['UTF-16BE'],
    ],
    ['Latin-1', latin1('a,é\nü,1\n'), 'a,é\nü,1\n', [LATIN]],
    ['Latin-1 at the end', latin1('abcdé'), 'abcdé', [LATIN]],
    ['Latin-1 twice at the end', latin1('abcdéé'), 'abcdéé', [LATIN]],
    ['Windows’ letters', Buffer.from('6162632c800a', 'hex'), 'abc,€\n', [LATIN]],
    ['a letter of Latin-1', latin1('é'), 'é', [LATIN]],
    ['three bytes of Latin-1', latin1('aéb'), 'aéb', [LATIN]],
  ])('%s', async (_, bytes, text, said) => {
    for (const size of [1, 2, 3, 4, 5, 1000])
      expect(await read(bytes, size)).toEqual({ text, said });
  });

  test.each([
    ['controls and no UTF-8', '61626364ff010a'],
    ['no UTF-8, and controls later', '61ff6263646162636461626364010a'],
    ['half of a pair of UTF-16', 'fffe610000d80a006100'],
  ])('no text: %s', async (_, hex) => {
    for (const size of [3, 4, 1000]) {
      const error = await errorOf(() => read(Buffer.from(hex, 'hex'), size));
      expect(error.message).toContain('file: expected text in UTF-8, UTF-16 or Latin-1');
    }
  });

  test.each([
    ['UTF-8 and Latin-1', 'c3a961626364e90a61626364'],
    ['UTF-8 that ends as Latin-1 does', 'c3a961626364e9'],
    ['three bytes of UTF-8 and Latin-1', '61e58c9762e9'],
    ['four bytes of UTF-8 and Latin-1', '61f09f988062e9'],
  ])('not one encoding, however it is cut: %s', async (_, hex) => {
    const bytes = Buffer.from(hex, 'hex');
    const message =
      'expected text in one encoding, received letters in UTF-8 and, behind them, bytes that are no UTF-8';
    for (const size of [1, 2, 3, 4, 5, 1000]) {
      expect((await errorOf(() => read(bytes, size))).message).toBe(`file: ${message}`);
    }
    expect((await errorOf(() => textOf(bytes, 'x'))).message).toBe(`x: ${message}`);
  });

  test('Latin-1 stays Latin-1, though two of its letters are one of UTF-8', async () => {
    const bytes = latin1('éa,b\nÃ¼,1\n');
    for (const size of [1, 2, 3, 4, 5, 1000]) {
      expect(await read(bytes, size)).toEqual({ text: 'éa,b\nÃ¼,1\n', said: [LATIN] });
    }
    expect(textOf(bytes, 'x')).toBe('éa,b\nÃ¼,1\n');
  });

  test('UTF-16 by their marks or their zeros', () => {
    const of = (hex: string) => utf16Of(Buffer.from(hex, 'hex'));
    expect([of('fffe'), of('feff'), of('fffe6100'), of('feff0061')]).toEqual([
      ...['utf-16le', 'utf-16be', 'utf-16le', 'utf-16be'],
    ]);
    expect([of(''), of('ff'), of('fe'), of('fffd'), of('fefe'), of('6162')]).toEqual(
      new Array(6).fill(null),
    );
    expect([of('6100'), of('0061'), of('61006162'), of('00616162')]).toEqual([
      ...['utf-16le', 'utf-16be', 'utf-16le', 'utf-16be'],
    ]);
    // Two of five are not more than 0.4; zeros on both sides are no letters.
    expect([of('61006100616161616161'), of('00610061616161616161')]).toEqual([null, null]);
    expect([
      of('610061006100616161616161'.slice(0, 20)),
      of('006100610061616161616161'.slice(0, 20)),
    ]).toEqual([...['utf-16le', 'utf-16be']]);
    expect([of('610061000061'), of('006100616100'), of('0000')]).toEqual([null, null, null]);
    const late = Buffer.concat([Buffer.alloc(4096, 'a\0'), Buffer.alloc(9000, '\0\0')]);
    expect([utf16Of(late), utf16Of(late.subarray(4096))]).toEqual(['utf-16le', null]);
  });

  test('controls below 9 and from 14 to 31', () => {
    const found = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) =>
      holdsControls(Uint8Array.of(65, byte, 66)),
    );
    const expected = Array.from({ length: 32 }, (_, byte) => byte);
    expect(found).toEqual(expected.filter((byte) => byte < 9 || byte > 13));
  });

  test('looked at without a mark', () => {
    expect(textBeginning(Buffer.from(`${MARK}aé`))).toBe('aÃ©');
    expect(textBeginning(latin1('aé'))).toBe('aé');
    expect(textBeginning(utf16(`${MARK}aé`))).toBe('aé');
    expect(textBeginning(utf16('abc', true))).toBe('abc');
    expect(textBeginning(Buffer.alloc(5000, 'x'))).toHaveLength(4096);
    const within = Buffer.from('zabcz');
    expect(textBeginning(within.subarray(1, 4))).toBe('abc');
  });
});

describe('a file', () => {
  const read = async (path: string, isPacked: boolean): Promise<string> => {
    const parts: Buffer[] = [];
    for await (const part of filePieces(path, isPacked)) parts.push(part);
    return Buffer.concat(parts).toString();
  };
  const text = 'a,b\n'.repeat(100_000);

  test('is read as it is, or unpacked', async () => {
    expect(await read(temporaryFile('a.csv', text), false)).toBe(text);
    expect(await read(temporaryFile('a.csv', gzipSync(text)), true)).toBe(text);
  });

  test('may unpack to eight megabytes, or to 250 times its own size', async () => {
    const whole = temporaryFile('a.csv', gzipSync(Buffer.alloc(2 ** 23, '1\n')));
    expect(await read(whole, true)).toHaveLength(2 ** 23);
    const more = temporaryFile('a.csv', gzipSync(Buffer.alloc(2 ** 23 + 1, '1\n')));
    await expect(read(more, true)).rejects.toThrow('that unpack to more than 250 times as many');
    const stored = gzipSync(Buffer.alloc(2 ** 23 + 1, '1\n'), { level: 0 });
    expect(await read(temporaryFile('a.csv', stored), true)).toHaveLength(2 ** 23 + 1);
  });

  test('that cannot be read is told with the reason', async () => {
    const none = join(temporaryFolder(), 'none.csv');
    await expect(read(none, false)).rejects.toThrow('ENOENT');
    const plain = temporaryFile('a.csv', text);
    await expect(read(plain, true)).rejects.toThrow(
      `${plain}: expected gzip data, received bytes that do not unpack (Z_DATA_ERROR)`,
    );
    const folder = temporaryFolder();
    await expect(read(folder, false)).rejects.toThrow(
      `${folder}: expected a regular file, received a folder`,
    );
    const growing = temporaryFile('a.csv', text);
    const reading = filePieces(growing, false);
    await reading.next();
    appendFileSync(growing, text);
    await expect(reading.next().then(() => reading.next())).rejects.toThrow('it grows');
  });

  test('says how it was read', async () => {
    const path = temporaryFile('a.csv', Buffer.from('a;b\n1,5;é\n', 'latin1'));
    const source = csvSource(path, false);
    expect([source.usualDecimal!(), source.notes!()]).toEqual(['.', []]);
    const rows: unknown[] = [];
    await source.scan((cells, line) => rows.push([line, ...cells]), '.');
    expect(rows).toEqual([
      [1, 'a', 'b'],
      [2, '1,5', 'é'],
    ]);
    expect([source.usualDecimal!(), source.notes!()]).toEqual([
      ',',
      [`${path} is read as Latin-1 (windows-1252): its bytes are no UTF-8`],
    ]);
    writeFileSync(path, 'a;b\n1.5;2\n');
    const blocks: (string | number)[] = [];
    const visitBlock = (block: RowBlock) => {
      for (let row = 0; row < block.rows; row += 1) blocks.push(...block.cellsOf(row));
    };
    await source.scan(() => undefined, '.', visitBlock);
    await source.scan(() => undefined, ',', visitBlock);
    expect(blocks).toEqual(['a', 'b', 1.5, 2, 'a', 'b', '1.5', '2']);
    expect(source.notes!()).toEqual([]);
  });
});

test.runIf(existsSync('/proc/self/fd'))(
  'a file that is not read to its end is closed',
  async () => {
    const path = temporaryFile('a.csv', 'a,b\n1,2\n'.repeat(200_000));
    const openFiles = (): string[] =>
      readdirSync('/proc/self/fd').flatMap((fd) => {
        try {
          return [readlinkSync(`/proc/self/fd/${fd}`)];
        } catch {
          return [];
        }
      });
    const stop = new Error('enough');
    const scan = csvSource(path, false).scan(() => {
      expect(openFiles()).toContain(path);
      throw stop;
    }, '.');
    await expect(scan).rejects.toBe(stop);
    expect(openFiles()).not.toContain(path);
  },
);

describe('rows of Papa Parse', () => {
  const reader = (newline: '\n' | '\r' = '\n', line?: number) => {
    const rows: (readonly [number, ...unknown[]])[] = [];
    const visit = (cells: readonly unknown[], at: number) => rows.push([at, ...cells]);
    return { rows, reader: new RowReader('file', { ...PLAIN, newline }, visit, line) };
  };
  const quotes = (row: number) =>
    ({ type: 'Quotes', code: 'MissingQuotes', message: '', row }) as const;
  const width = { type: 'FieldMismatch', code: 'TooFewFields', message: '', row: 0 } as const;

  test('take the lines that their cells have', () => {
    const { rows, reader: one } = reader();
    one.take({ data: [['a', 'b'], [''], [' '], [], ['x\n\ny', 'z\n'], ['c']], errors: [width] });
    one.take({ data: [['d\re', 'f']], errors: [] });
    expect(rows).toEqual([
      [1, 'a', 'b'],
      [5, 'x\n\ny', 'z\n'],
      [9, 'c'],
      [10, 'd\re', 'f'],
    ]);
    const { rows: old, reader: other } = reader('\r', 5);
    other.take({
      data: [
        ['x\ry', 'a'],
        ['z\n', 'b'],
        ['c', 'd'],
      ],
      errors: [],
    });
    expect(old.map(([at]) => at)).toEqual([5, 7, 8]);
  });

  test('end at the first whose quotes do not match', async () => {
    const { rows, reader: one } = reader();
    const data = [
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ];
    const error = await errorOf(() => one.take({ data, errors: [width, quotes(1), quotes(2)] }));
    expect(error.message).toContain('file: line 2: expected a quote to close its cell');
    expect(rows).toEqual([[1, 'a', 'b']]);
    const behind = await errorOf(() => reader().reader.take({ data, errors: [quotes(3)] }));
    expect(behind.message).toContain('file: line 4: expected a quote');
  });

  test('are not longer than 16 pieces', async () => {
    const { reader: one } = reader();
    const take = (count: number) => {
      for (let piece = 0; piece < count; piece += 1) one.take({ data: [], errors: [] });
    };
    take(16);
    one.take({ data: [['a']], errors: [] });
    take(16);
    const error = await errorOf(() => take(1));
    expect(error.message).toContain('file: line 2: expected a row that ends');
  });
});
