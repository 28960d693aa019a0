import { crc32 as expected } from 'node:zlib';
import { fileTree, readClassTree } from '@bitgrad/formats/image-folder';
import { expect, test } from 'vitest';
import { crc32 } from '../src/images/crc32.js';

test('the checksum is zlib’s', () => {
  for (const length of [0, 1, 9, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 7919) & 255);
    expect(crc32(bytes)).toBe(expected(bytes));
  }
});

test('chosen files are the folders that their paths say, hidden ones left aside', async () => {
  const paths = [
    'p/b/2.png',
    'p/b/10.png',
    'p/a/1.png',
    'p/.git/x',
    'p/b/.hidden',
    'p/a/Thumbs.db',
  ];
  const tree = fileTree(
    paths.map((path) => ({ path, read: async () => new TextEncoder().encode(path) })),
  );
  expect(await tree.list('p')).toEqual({ folders: ['a', 'b'], files: [] });
  expect(await tree.list('p/b')).toEqual({ folders: [], files: ['10.png', '2.png'] });
  const seen: string[] = [];
  const dataset = await readClassTree('p', 'p', tree, {}, async (bytes, fileName) => {
    seen.push(`${fileName} ${new TextDecoder().decode(bytes)}`);
    return { width: 1, height: 1, pixels: Uint8Array.of(9, 9, 9, 255) };
  });
  expect(seen).toEqual(['p/a/1.png', 'p/b/10.png', 'p/b/2.png'].map((path) => `${path} ${path}`));
  expect(dataset).toMatchObject({ classNames: ['a', 'b'], image: { height: 28, width: 28 } });
  expect([...dataset.labels]).toEqual([0, 1, 1]);
});
