import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { isTableKind, openTable } from '../src/sources/open.js';
import { errorOf } from './temporary.js';
import { npyBytes, temporaryFile, zipBytes } from './writers.js';

async function read(name: string, bytes: Uint8Array | string) {
  const source = await openTable(temporaryFile(name, bytes));
  const rows: unknown[] = [];
  await source.scan((cells) => void rows.push([...cells]), '.');
  return { names: source.names, rows };
}

const ARFF = '@relation r\n@attribute größe numeric\n@attribute k {a,b}\n@data\n1.5,a\n';
const JSON_ROWS = '[{"größe":1.5,"k":"a"}]';
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

describe('a table is read by what it holds:', () => {
  test.each<[string, Uint8Array | string, unknown]>([
    [
      'CSV',
      'größe,k\n1.5,a\n',
      [
        ['größe', 'k'],
        ['1.5', 'a'],
      ],
    ],
    [
      'CSV, packed',
      gzipSync('größe,k\n1.5,a\n'),
      [
        ['größe', 'k'],
        ['1.5', 'a'],
      ],
    ],
  ])('%s', async (_, bytes, expected) => {
    const rows = (await read('t', bytes)).rows as unknown[][];
    expect(rows.map((row) => row.map(String))).toEqual(expected);
  });

  test.each<[string, Uint8Array | string, unknown]>([
    ['JSON', JSON_ROWS, [1.5, 'a']],
    ['JSON, packed', gzipSync(JSON_ROWS), [1.5, 'a']],
    ['JSON in another encoding', utf16(JSON_ROWS), [1.5, 'a']],
    ['ARFF', ARFF, ['1.5', 'a']],
    ['ARFF, packed', gzipSync(ARFF), ['1.5', 'a']],
    ['ARFF in another encoding', utf16(ARFF), ['1.5', 'a']],
  ])('%s', async (_, bytes, row) => {
    expect(await read('t', bytes)).toEqual({ names: ['größe', 'k'], rows: [row] });
  });

  test('Excel and Arrow', async () => {
    const fixture = (name: string) =>
      readFileSync(fileURLToPath(new URL(`fixtures/tables/${name}`, import.meta.url)));
    const excel = await read('t', fixture('things.xlsx'));
    const arrow = await read('t', fixture('things-uncompressed.feather'));
    expect(arrow.names).toEqual(['größe', 'n', 'farbe', 'neu', 'art']);
    expect(excel.rows[0]).toEqual(arrow.names);
    expect(excel.rows.slice(1)).toEqual(arrow.rows);
  });

  test.each<[string, Uint8Array]>([
    ['npz', zipBytes({ 'x.npy': npyBytes('|u1', [1], Uint8Array.of(1)) })],
    ['npy', npyBytes('|u1', [1], Uint8Array.of(1))],
    ['parquet', Buffer.from('PAR1 and PAR1')],
  ])('but %s is no table of rows', async (kind, bytes) => {
    expect((await errorOf(() => read('t', bytes))).message).toMatch(
      new RegExp(`t: expected a table of rows, received ${kind}$`),
    );
    expect(isTableKind(kind as Parameters<typeof isTableKind>[0])).toBe(false);
  });

  test.each(['text', 'gzipped text', 'json', 'arff', 'xlsx', 'arrow'] as const)(
    '%s is one',
    (kind) => {
      expect(isTableKind(kind)).toBe(true);
    },
  );
});
