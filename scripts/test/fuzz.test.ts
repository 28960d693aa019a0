import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { missing } from '../require.mjs';

const program = fileURLToPath(new URL('../../tools/fuzz/fuzz.mjs', import.meta.url));
const INPUTS = missing('long') ? 10 : 150;
const READERS =
  'csv gzip npy npz npyFolder idx png parquet arrow xlsx lines safetensors model receipt checkpoint recipe config program job answer http link' +
  (missing('native') ? '' : ' kernels binding');

test('what is nearly right is read or refused in one clear error', () => {
  const words = [program, '--inputs', String(INPUTS), '--seed', '7'];
  const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  const lines = stdout.trim().split('\n');
  expect(lines.filter((line) => !line.endsWith(' 0 failures'))).toEqual([]);
  expect(lines.map((line) => line.split(' ')[0]).join(' ')).toBe(READERS);
  for (const line of lines) {
    const [inputs, read, refused] = [...line.matchAll(/(\d+) (?:inputs|read|refused)/g)].map(
      ([, count]) => Number(count),
    );
    expect(inputs, line).toBe(INPUTS);
    expect(read! + refused!, line).toBe(INPUTS);
    expect(refused, line).toBeGreaterThan(0);
  }
  expect(status).toBe(0);
});

test.skipIf(missing('long'))(
  'guided by coverage, inputs that came across something new are changed further',
  () => {
    const words = [program, 'csv', '--guided', '--inputs', '30', '--seed', '7'];
    const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    const [, inputs, ways, failures] = /(\d+) inputs.* (\d+) ways .* (\d+) failures/.exec(stdout)!;
    expect([inputs, failures, status]).toEqual(['30', '0', 0]);
    expect(Number(ways)).toBeGreaterThan(500);
  },
);
