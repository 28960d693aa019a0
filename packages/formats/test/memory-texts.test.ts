import { trimmed } from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { textOf, textSource } from '../src/memory/index.js';
import type { TableSource } from '../src/table/source.js';
import { errorOf } from './temporary.js';

/** All rows of a source, each behind its line. */
async function read(source: TableSource): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  await source.scan((cells, line) => rows.push([line, ...cells.map(trimmed)]), '.');
  return rows;
}

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('bytes become a text', () => {
  test.each<[string, Uint8Array, string]>([
    ['UTF-8', Buffer.from('a,é\n'), 'a,é\n'],
    ['UTF-8 behind its mark', Buffer.from('\ufeffa,é\n'), 'a,é\n'],
    ['UTF-16', Buffer.from('\ufeffa,é\n', 'utf16le'), 'a,é\n'],
    ['UTF-16 without a mark', Buffer.from('a,b\n1,2\n', 'utf16le'), 'a,b\n1,2\n'],
    ['UTF-16, turned', Buffer.from('\ufeffa,é\n', 'utf16le').swap16(), 'a,é\n'],
    ['Latin-1', latin('a,é\n'), 'a,é\n'],
    ['windows-1252', latin('a,\x80\n'), 'a,€\n'],
    // As Python decodes cp1252, which has no sign for five of them.
    [
      'all of windows-1252 that is not Latin-1',
      Uint8Array.from({ length: 32 }, (_, at) => 0x80 + at),
      '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ',
    ],
    ['much of it', latin('é\x96'.repeat(9000)), 'é–'.repeat(9000)],
    ['nothing', new Uint8Array(0), ''],
  ])('%s', (_, bytes, text) => {
    expect(textOf(bytes, 'x')).toBe(text);
  });

  test.each<[string, Uint8Array]>([
    ['a control character', Buffer.from('a\x01b')],
    ['a zero', Buffer.from('abcdefg\0')],
    ['half a pair of UTF-16', Buffer.from('fffe3dd8', 'hex')],
  ])('but not with %s', async (_, bytes) => {
    expect(await errorOf(() => textOf(bytes, 'x'))).toMatchObject({
      message: 'x: expected text in UTF-8, UTF-16 or Latin-1, received bytes that are none',
      fix: 'Save the file as UTF-8.',
    });
  });
});

describe('a text in memory', () => {
  test.each<[string, string, unknown[][], string | undefined]>([
    [
      'with commas',
      'x,k\n1,a\n',
      [
        [1, 'x', 'k'],
        [2, '1', 'a'],
      ],
      '.',
    ],
    [
      'with semicolons, behind a mark',
      '\ufeffx;k\n1,5;a\n',
      [
        [1, 'x', 'k'],
        [2, '1,5', 'a'],
      ],
      ',',
    ],
    [
      'with spaces',
      'x  k\n\n 1 a\n',
      [
        [1, 'x', 'k'],
        [3, '1', 'a'],
      ],
      undefined,
    ],
    [
      'with quotes over lines',
      'x,k\n"a\nb",1\n2,3\n',
      [
        [1, 'x', 'k'],
        [2, 'a\nb', '1'],
        [4, '2', '3'],
      ],
      '.',
    ],
    [
      'with returns',
      'x,k\r\n1,a\r\n',
      [
        [1, 'x', 'k'],
        [2, '1', 'a'],
      ],
      '.',
    ],
  ])('%s', async (_, text, rows, decimal) => {
    const source = textSource(text, 'text');
    expect(source).toMatchObject({ fileName: 'text', names: null, unit: 'line' });
    expect(await read(source)).toEqual(rows);
    expect(source.usualDecimal!()).toBe(decimal);
    // It may be read again.
    expect(await read(source)).toEqual(rows);
  });

  test('is looked at where it begins, however long it is', async () => {
    const text = `x;k\n${'1;a\n'.repeat(20_000)}1,1,1,1,1,1;b\n`;
    const rows = await read(textSource(text, 'text'));
    expect(rows.at(-1)).toEqual([20_002, '1,1,1,1,1,1', 'b']);
  });

  test('has comments also behind its mark, and where it begins alone', async () => {
    const marked = textSource('\ufeff# made\nx,k\n1,a # so\n', 'text');
    expect(await read(marked)).toEqual([
      [2, 'x', 'k'],
      [3, '1', 'a'],
    ]);
    const late = textSource(`x,k\n${'1,a\n'.repeat(20_000)}# 5,a\n`, 'text');
    expect((await read(late)).at(-1)).toEqual([20_002, '# 5', 'a']);
  });

  test('with a quote that stays open is refused', async () => {
    expect((await errorOf(() => read(textSource('x,k\n1,"a\n', 'text')))).message).toBe(
      'text: line 2: expected a quote to close its cell, received one that does not',
    );
  });
});
