import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../dist/assets/', import.meta.url));

test('all script that the page loads is at most 150 kB, compressed', () => {
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
  expect(scripts.length).toBeGreaterThanOrEqual(2);
  const bytes = scripts.reduce(
    (sum, name) => sum + gzipSync(readFileSync(`${folder}${name}`)).length,
    0,
  );
  expect(bytes).toBeLessThanOrEqual(150_000);
});
