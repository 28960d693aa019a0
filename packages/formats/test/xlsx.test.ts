import { BitgradError } from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { openTable } from '../src/sources/open.js';
import { checkExtent } from '../src/sources/xlsx-extent.js';
import { storedZip, xlsxParts } from '../src/sources/xlsx-parts.js';
import { errorOf } from './temporary.js';
import { temporaryFile, zipBytes } from './writers.js';

const WORKBOOK =
  '<workbook xmlns:r="r"><sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>';
const WORKSHEET = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet';
const RELATIONSHIPS = `<Relationships><Relationship Id="rId1" Type="${WORKSHEET}" Target="worksheets/sheet1.xml"/></Relationships>`;

/** An Excel file whose one sheet has these rows, as XML. */
function xlsx(rows: string, others: Readonly<Record<string, string>> = {}): Buffer {
  const parts = {
    'xl/workbook.xml': WORKBOOK,
    'xl/_rels/workbook.xml.rels': RELATIONSHIPS,
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    ...others,
  };
  return zipBytes(
    Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, Buffer.from(xml)])),
  );
}

const HEAD = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>';

async function rowsOf(bytes: Buffer): Promise<unknown[]> {
  const rows: unknown[] = [];
  const source = await openTable(temporaryFile('t.xlsx', bytes));
  await source.scan((cells) => void rows.push([...cells]), '.');
  return rows;
}

test.each([
  ['a row far away', '<row r="169220804"><c r="A169220804"><v>1</v></c></row>', /at "169220804"/],
  ['another prefix', "<x:row x:r='99999999'/>", /at "99999999"/],
  ['a place twice', '<row r="2" x:r="99999999"/>', /at "99999999"/],
  ['a place behind a bracket', '<row a=">" r="99999999"/>', /at "99999999"/],
  ['no space', '<row r="2"><c r="A2"t="n"><v>1</v></c></row>', /whose tag does not end/],
])('a sheet with %s is refused before anything of its size is made', async (_, row, message) => {
  const refused = rowsOf(xlsx(HEAD + row));
  await expect(refused).rejects.toThrow(BitgradError);
  await expect(refused).rejects.toThrow(message);
});

test.each([
  [
    'a tag of many attributes',
    `<row ${'a="" '.repeat(60_000)}/>`,
    /\(a tag or a text of \d+ letters\)/,
  ],
  ['a text without an end', '-'.repeat(2 ** 18 + 1), /\(a tag or a text of \d+ letters\)/],
  ['a long comment', `<!--${'<'.repeat(2 ** 18)}-->`, /\(a tag or a text of \d+ letters\)/],
  ['comments without an end', '<!-- a '.repeat(9), /\(<!-- without its end\)/],
  ['plain texts without an end', '<![CDATA[ -->'.repeat(9), /\(<!\[CDATA\[ without its end\)/],
  ['a document type', '<!DOCTYPE w [<!ENTITY a "b">]>', /\(a document type\)/],
])('%s, which the parser reads anew at each piece, is refused', async (_, text, message) => {
  await expect(rowsOf(xlsx(HEAD + text))).rejects.toThrow(message);
});

test('comments are read over; a text in CDATA is read as any other', async () => {
  const row = (text: string) => `<row r="2"><c r="A2"><v>${text}</v></c></row>`;
  expect(await rowsOf(xlsx(`${HEAD}<!-- <b> ]]> -->${row('3')}`))).toEqual([
    [1, 2],
    [3, null],
  ]);
  const plain = '<![CDATA[3]]>';
  for (const text of [plain, `<!-- <![CDATA[4]]> -->${plain}`, '<![CDATA[]]>3<![CDATA[]]>']) {
    expect(await rowsOf(xlsx(HEAD + row(text)))).toEqual([
      [1, 2],
      [3, null],
    ]);
  }
  const inline =
    '<row r="2"><c r="A2" t="inlineStr"><is><t><![CDATA[é<b> &amp; <row r="9">]]></t></is></c></row>';
  expect(await rowsOf(xlsx(HEAD + inline))).toEqual([
    [1, 2],
    ['é<b> &amp; <row r="9">', null],
  ]);
});

test.each([
  ['of a query', 'customXml/item1.xml', `<DataMashup>${'UEsD'.repeat(2 ** 17)}</DataMashup>`],
  ['of an add-in', 'xl/webextensions/webextension1.xml', `<a v="${'x'.repeat(2 ** 19)}"/>`],
  ['about the file', 'docProps/custom.xml', `<p><![CDATA[${'x'.repeat(2 ** 19)}]]></p>`],
])('a long text %s is none of the table', async (_, name, xml) => {
  expect(await rowsOf(xlsx(HEAD, { [name]: xml }))).toEqual([[1, 2]]);
});

test('a sheet that is said to be among those parts is not there', async () => {
  const target = RELATIONSHIPS.replace('worksheets/sheet1.xml', '/customXml/item1.xml');
  const others = {
    'xl/_rels/workbook.xml.rels': target,
    'customXml/item1.xml': `<worksheet><sheetData>${HEAD}</sheetData></worksheet>`,
  };
  await expect(rowsOf(xlsx(HEAD, others))).rejects.toThrow(/that does not read/);
});

test('many sheets of empty rows count together', async () => {
  const sheet = '<worksheet><sheetData><row r="1048576"/></sheetData></worksheet>';
  const names = Array.from({ length: 33 }, (_, index) => `xl/worksheets/more${index}.xml`);
  const others = Object.fromEntries(names.map((name) => [name, sheet]));
  await expect(rowsOf(xlsx(HEAD, others))).rejects.toThrow(/at most 33554432 cells in all/);
});

test('more styles than a file has are refused', async () => {
  const styles = `<styleSheet><cellXfs>${'<xf/>'.repeat(2 ** 17 + 1)}</cellXfs></styleSheet>`;
  const refused = rowsOf(xlsx(HEAD, { 'xl/styles.xml': styles }));
  await expect(refused).rejects.toThrow(/at most 131072 elements <xf>, received more/);
});

test('empty cells and rows that only have a style may be anywhere', async () => {
  const far = '<row r="7" s="1"><c r="XFD7" s="1"/></row><row r="1048576" s="1"/>';
  expect(await rowsOf(xlsx(HEAD + far))).toEqual([[1, 2]]);
});

test('a part that is not what its CRC-32 says is damaged', async () => {
  const bytes = zipBytes({ 'xl/workbook.xml': Buffer.from(WORKBOOK) }, { sum: 1 });
  await expect(rowsOf(bytes)).rejects.toThrow(/wrong CRC-32 of xl\/workbook\.xml/);
});

describe('how far sheets reach', () => {
  const check = (rows: string, name = 'sheet.xml') =>
    checkExtent(new Map([[name, Buffer.from(`<x><sheetData>${rows}</sheetData></x>`)]]), 'file');
  const cell = (place: string) => `<c r="${place}"><v>1</v></c>`;

  test.each([
    ['no rows', ''],
    ['the last cell', cell('XFD2047')],
    ['the last row', cell('AE1048576')],
    ['a row without a number', '<row><c><v>1</v></c></row>'],
    ['a far cell that is empty', '<c r="XFD1048576"/>'],
    ['a far cell that is empty, in other words', '<c r="XFD1048576"></c>'],
    ['a far cell that is empty, with spaces', '<c r="XFD1048576" s = "1" />'],
    ['another element', '<cell r="XFD9999999"><v>1</v></cell><rows r="9999999"/>'],
    ['an attribute called otherwise', '<row rr="9999999" ar="9999999" xmlns:r="9999999"/>'],
    ['an attribute without a value', '<row r=""/>'],
    ['a row of only letters', '<row r="12"><c r="B12"><v>1</v></c></row>'],
  ])('to %s is taken', (_, rows) => {
    expect(() => check(rows)).not.toThrow();
  });

  test.each<[string, string, RegExp]>([
    ['a row beyond the last', cell('A1048577'), /^a row or a cell at "A1048577"$/],
    ['a column beyond the last', cell('XFE1'), /^a row or a cell at "XFE1"$/],
    ['row 0', cell('A0'), /^a row or a cell at "A0"$/],
    ['a row of eight digits', cell('A00000001'), /at "A00000001"$/],
    ['four letters', cell('AAAA1'), /at "AAAA1"$/],
    ['small letters', cell('a1'), /at "a1"$/],
    ['no row', cell('A'), /at "A"$/],
    ['more behind it', cell('A1:B2'), /at "A1:B2"$/],
    ['a long place', cell('X'.repeat(30)), /at "X{20}"$/],
    ['a row far away', '<row r="1048577"/>', /at "1048577"$/],
    ['single quotes', "<c r='A1048577'><v>1</v></c>", /at "A1048577"$/],
    ['any space', '<c\n\tr\v=\f"A1048577"\r><v>1</v></c>', /at "A1048577"$/],
    ['a prefix', '<x:c x:r="A1048577"><v>1</v></x:c>', /at "A1048577"$/],
    ['a prefix of dots and lines', '<a.b-c:row a.b-c:r="1048577"/>', /at "1048577"$/],
    ['another attribute before it', '<row s="1" t=\'a>b\' r="1048577"/>', /at "1048577"$/],
    ['a tag that does not end', '<row r="1"', /^a row or a cell whose tag does not end$/],
    [
      'a tag with something else in it',
      '<row r="1" x>',
      /^a row or a cell whose tag does not end$/,
    ],
  ])('%s is refused', (_, rows, message) => {
    expect(() => check(rows)).toThrow(message);
  });

  test('is what rows and the cells up to the last value come to', async () => {
    // 2^25: 2^20 rows, and 31 cells in each.
    expect(() => check(cell('AE1048576'))).not.toThrow();
    const { message, fix } = await errorOf(() => check(cell('AF1048576')));
    expect(message).toBe(
      'file: expected sheets whose cells fit in memory, the empty ones between them too, received 1048576 rows of 32 cells, of at most 33554432 cells in all',
    );
    expect(fix).toContain('save the table as CSV');
    // A value far to the right and another far down reach to the corner of both.
    await errorOf(() => check(`${cell('AF1')}${cell('A1048576')}`));
    await errorOf(() => check(`${cell('A1048576')}${cell('AF1')}`));
    // A cell that says only its column is in the row above it.
    expect(() => check(`<row r="1048576"/><row r="1"><c r="AF1"><v>1</v></c></row>`)).not.toThrow();
  });

  test('counts all sheets and all rows, those without a number too', async () => {
    const sheet = (rows: string) => Buffer.from(`<sheetData>${rows}</sheetData>`);
    const half = cell('O1048576');
    const parts = (count: number, rows: string) =>
      new Map(Array.from({ length: count }, (_, at) => [`${at}`, sheet(rows)]));
    expect(() => checkExtent(parts(2, half), 'file')).not.toThrow();
    await errorOf(() => checkExtent(parts(3, half), 'file'));
    const empty = (rows: number) => `${cell('AE1048576')}${'<row/>'.repeat(rows)}`;
    expect(() => check(empty(0))).not.toThrow();
    await errorOf(() => check(empty(1)));
    const other = new Map([['a', Buffer.from(`<x>${cell('XFE9')}</x>`)]]);
    expect(() => checkExtent(other, 'file')).not.toThrow();
  });

  test.each([
    ['xf', 2 ** 17],
    ['numFmt', 2 ** 17],
    ['sheet', 2 ** 12],
    ['Relationship', 2 ** 17],
  ])('goes with at most so many <%s>: %i', async (name, most) => {
    const parts = (count: number, tag = name) =>
      new Map([['styles.xml', Buffer.from(`<${tag}/>`.repeat(count))]]);
    expect(() => checkExtent(parts(most), 'file')).not.toThrow();
    expect(() => checkExtent(parts(most + 1, `${name}s`), 'file')).not.toThrow();
    const { message, fix } = await errorOf(() =>
      checkExtent(parts(most + 1, `x:${name} a="1"`), 'file'),
    );
    expect(message).toBe(
      `file: expected an Excel file of at most ${most} elements <${name}>, received more`,
    );
    expect(fix).toBe('Save the table as CSV.');
  });
});

describe('parts of a file', () => {
  test('are its XML, by their names', async () => {
    const entries = {
      'a.xml': 'A',
      'b/c.xml.rels': '',
      'd.png': 'D',
      'e.xml.txt': 'E',
      'f.rels': 'F',
    };
    const bytes = zipBytes(
      Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, Buffer.from(text)])),
    );
    const parts = await xlsxParts(bytes, 'file');
    expect([...parts].map(([name, part]) => [name, part.toString()])).toEqual([
      ['a.xml', 'A'],
      ['b/c.xml.rels', ''],
    ]);
  });

  test('come to at most 256 MiB, those that are not read too', async () => {
    const bytes = zipBytes(
      { 'a.png': Buffer.from('A'), 'b.xml': Buffer.from('B') },
      { unpackedSize: 2 ** 27 + 1 },
    );
    const { message, fix } = await errorOf(() => xlsxParts(bytes, 'file'));
    expect(message).toBe(
      'file: expected an Excel file of at most 268435456 bytes unpacked, received one of 268435458',
    );
    expect(fix).toBe('Save it as CSV.');
    const most = zipBytes(
      { 'a.png': Buffer.from('A'), 'b.png': Buffer.from('B') },
      { unpackedSize: 2 ** 27 },
    );
    expect((await xlsxParts(most, 'file')).size).toBe(0);
  });

  test('are given on as a ZIP file of the same', async () => {
    const parts = new Map([
      ['a.xml', Buffer.from('<a/>')],
      ['größe.xml', Buffer.alloc(0)],
    ]);
    const bytes = Buffer.concat([...storedZip(parts)]);
    // The local headers and the end of the directory (APPNOTE.TXT 6.3.10, 4.3.7 and 4.3.16).
    const head = (crc: string, size: string, name: string) =>
      `504b030414000008000000000000${crc}${size}${size}${name}`;
    expect(bytes.toString('hex')).toBe(
      [
        `${head('d41cd101', '04000000', '05000000')}${Buffer.from('a.xml<a/>').toString('hex')}`,
        `${head('00000000', '00000000', '0b000000')}${Buffer.from('größe.xml').toString('hex')}`,
        `504b0506${'00'.repeat(18)}`,
      ].join(''),
    );
  });
});

describe('sheets', () => {
  const inline = (place: string, text: string) =>
    `<c r="${place}" t="inlineStr"><is><t>${text}</t></is></c>`;
  const STYLES =
    '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="21"/></cellXfs></styleSheet>';
  const dated = (place: string, value: number) => `<c r="${place}" s="1"><v>${value}</v></c>`;
  const book = (...sheets: string[]): Buffer => {
    const names = sheets.map((_, at) => at + 1);
    const list = names.map((at) => `<sheet name="s${at}" sheetId="${at}" r:id="rId${at}"/>`);
    const links = names.map(
      (at) =>
        `<Relationship Id="rId${at}" Type="${WORKSHEET}" Target="worksheets/sheet${at}.xml"/>`,
    );
    return xlsx('', {
      'xl/workbook.xml': `<workbook xmlns:r="r"><sheets>${list.join('')}</sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships>${links.join('')}</Relationships>`,
      'xl/styles.xml': STYLES,
      ...Object.fromEntries(
        sheets.map((rows, at) => [
          `xl/worksheets/sheet${at + 1}.xml`,
          `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
        ]),
      ),
    });
  };
  const row = (number: number, ...cells: string[]) => `<row r="${number}">${cells.join('')}</row>`;
  const title = row(1, inline('A1', 'A title'));
  const sourceOf = (bytes: Buffer) => openTable(temporaryFile('t.xlsx', bytes));

  test('the first that holds two cells beside each other is read, the others are said', async () => {
    const bytes = book(title, HEAD, HEAD.replaceAll('<v>1</v>', '<v>9</v>'));
    expect(await rowsOf(bytes)).toEqual([[1, 2]]);
    const notes = async (...sheets: string[]) => (await sourceOf(book(...sheets))).notes!();
    expect((await notes(title, HEAD, HEAD))[0]).toMatch(
      /t\.xlsx: the sheet s2 is read, 2 others are not$/,
    );
    expect((await notes(HEAD, title))[0]).toMatch(/t\.xlsx: the sheet s1 is read, 1 other is not$/);
    expect(await notes(HEAD)).toEqual([]);
  });

  test('of one column are read where there is no other', async () => {
    expect(await rowsOf(book('', title))).toEqual([['A title']]);
    expect((await errorOf(() => rowsOf(book('', '')))).message).toMatch(
      /t\.xlsx: expected a sheet with rows, received none$/,
    );
  });

  test('have as many cells in every row as in the longest, and no empty rows', async () => {
    const rows =
      row(1, inline('A1', 'a')) +
      row(4, inline('A4', 'b'), inline('C4', 'c')) +
      row(6, inline('B6', 'd'));
    expect(await rowsOf(book(rows))).toEqual([
      ['a', null, null],
      ['b', null, 'c'],
      [null, 'd', null],
    ]);
  });

  // Days since 30 December 1899: 45351 is 29 February 2024.
  test.each<[string, number[], unknown[]]>([
    ['dates', [45351, 1.5], ['2024-02-29', '1899-12-31T12:00:00.000Z']],
    ['moments', [45351.25, 45351], ['2024-02-29T06:00:00.000Z', '2024-02-29']],
    ['times of day', [0.5, 0.25], ['12:00:00', '06:00:00']],
    ['midnight', [0, 0.75], ['00:00:00', '18:00:00']],
    ['spans of a day and more', [0.5, 1], [43_200, 86_400]],
    ['spans of up to 31 days', [0.5, 30.5], [43_200, 2_635_200]],
    ['dates from the 31st day on', [0.5, 31], ['1899-12-30T12:00:00.000Z', '1900-01-30']],
    ['negative spans', [-0.5, 0.5], [-43_200, 43_200]],
    ['negative spans of up to 31 days', [-31, 0.5], [-2_678_400, 43_200]],
    ['dates before', [-31.5, 0.5], ['1899-11-28T12:00:00.000Z', '1899-12-30T12:00:00.000Z']],
  ])('have %s in a column', async (_, [first, second], expected) => {
    const rows =
      row(1, dated('A1', first!), inline('B1', 'x')) +
      row(2, dated('A2', second!), inline('B2', 'y'));
    const read = (await rowsOf(book(rows))) as unknown[][];
    expect(read.map(([cell]) => cell)).toEqual(expected);
  });

  // Of 1 January 1904: 43889 is 29 February 2024 then.
  test.each<[string, number[], unknown[]]>([
    ['dates', [43889, 1.5], ['2024-02-29', '1904-01-02T12:00:00.000Z']],
    ['times of day', [0.5, 0.25], ['12:00:00', '06:00:00']],
    ['spans of a day and more', [0.5, 1], [43_200, 86_400]],
    ['dates from the 31st day on', [0.5, 31], ['1904-01-01T12:00:00.000Z', '1904-02-01']],
  ])('of a workbook that counts from 1904 have %s', async (_, [first, second], expected) => {
    const rows =
      row(1, dated('A1', first!), inline('B1', 'x')) +
      row(2, dated('A2', second!), inline('B2', 'y'));
    const workbook = WORKBOOK.replace('<sheets>', '<workbookPr date1904="1"/><sheets>');
    const parts = { 'xl/workbook.xml': workbook, 'xl/styles.xml': STYLES };
    const read = (await rowsOf(xlsx(rows, parts))) as unknown[][];
    expect(read.map(([cell]) => cell)).toEqual(expected);
  });

  test('have dates and times each in a column of their own', async () => {
    const rows =
      row(1, dated('A1', 0.5), dated('B1', 45351)) + row(2, inline('A2', 'x'), dated('B2', 0.5));
    expect(await rowsOf(book(rows))).toEqual([
      ['12:00:00', '2024-02-29'],
      ['x', '1899-12-30T12:00:00.000Z'],
    ]);
  });

  test('have no dates beyond all that are read', async () => {
    const rows = HEAD + row(2, inline('A2', 'x'), dated('B2', 2_958_466));
    expect((await errorOf(() => rowsOf(book(rows)))).message).toMatch(
      /t\.xlsx: row 2, cell 2: expected a date of the years 0000 to 9999, received one of the year 10000$/,
    );
  });

  test('of a file that is none are damaged', async () => {
    const bytes = zipBytes({ 'xl/workbook.xml': Buffer.from('<x') });
    const { message, fix } = await errorOf(() => rowsOf(bytes));
    expect(message).toMatch(
      /t\.xlsx: expected an Excel file \(\.xlsx\), received one that does not read \(.+\)$/,
    );
    expect(fix).toContain('password');
  });
});

const sheetWith = (rows: string, rest: string): Buffer =>
  xlsx('', {
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${HEAD}${rows}</sheetData>${rest}</worksheet>`,
  });

test.each([
  ['as openpyxl writes them', '<f>A1*2</f><v></v>'],
  ['without a value', '<f t="shared" ref="A2:A3" si="0">A1*2</f>'],
  ['of others', '<f t="shared" si="0"/><v/>'],
])('formulas without a result are said, %s', async (_, formula) => {
  const rows = `<row r="2"><c r="A2">${formula}</c><c r="B2"><f>A1*3</f><v>3</v></c></row>`;
  const source = await openTable(temporaryFile('t.xlsx', sheetWith(rows, '')));
  expect(source.notes!().join()).toContain('1 formula has no result in the file, and is missing');
  expect(await rowsOf(sheetWith(rows, ''))).toEqual([
    [1, 2],
    [null, 3],
  ]);
});

test('a formula whose result is an empty text has one', async () => {
  const rows =
    '<row r="2"><c r="A2" t="str"><f>IF(A1=1,"",A1)</f><v></v></c><c r="B2"><v>3</v></c></row>';
  const bytes = sheetWith(rows, '');
  expect((await openTable(temporaryFile('t.xlsx', bytes))).notes!()).toEqual([]);
  expect(await rowsOf(bytes)).toEqual([
    [1, 2],
    [null, 3],
  ]);
});

test('cells that are merged over rows are said, titles over columns are not', async () => {
  const notesOf = async (ref: string) => {
    const rest = `<mergeCells count="1"><mergeCell ref="${ref}"/></mergeCells>`;
    return (await openTable(temporaryFile('t.xlsx', sheetWith('', rest)))).notes!();
  };
  expect((await notesOf('A2:A5')).join()).toContain('merged cells, such as A2:A5, hold a value in');
  expect(await notesOf('A1:B1')).toEqual([]);
});
