import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../dist/', import.meta.url));
const file = (name: string) => readFileSync(`${folder}${name}`);
/** Fonts are compressed already. */
const weight = (name: string) =>
  name.endsWith('.woff2') ? file(name).length : gzipSync(file(name)).length;

test('the first view is at most 250 kB, compressed, before any digit', () => {
  const page = file('index.html').toString();
  const named = [...page.matchAll(/assets\/[\w.-]+/g)].map(([name]) => name);
  const fonts = readdirSync(`${folder}assets`).filter((name) => name.endsWith('.woff2'));
  const workers = readdirSync(`${folder}assets`).filter(
    (name) => /^worker-.*\.js$/.test(name) && !named.includes(`assets/${name}`),
  );
  expect(named.filter((name) => name.endsWith('.js')).length).toBeGreaterThanOrEqual(1);
  expect([fonts.length, workers.length]).toEqual([2, 1]);
  const names = new Set([
    'index.html',
    ...named,
    ...[...fonts, ...workers].map((name) => `assets/${name}`),
  ]);
  const bytes = [...names].reduce((sum, name) => sum + weight(name), 0);
  expect(bytes).toBeLessThanOrEqual(250_000);
});

test('the first digits are at most 200 kB', () => {
  const { parts } = JSON.parse(file('data/manifest.json').toString());
  expect(file(`data/${parts[0].bits.file}`).length).toBeLessThanOrEqual(200_000);
});
