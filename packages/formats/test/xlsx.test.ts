import { BitgradError } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { openTable } from '../src/sources/open.js';
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
