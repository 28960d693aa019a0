import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isMissing } from './support.js';

const script = fileURLToPath(new URL('resources.mjs', import.meta.url));

/** What a process holds at the end, beyond what it held after the first of 41 rounds. */
function heldAfter(way: string): { threads: number; virtual: number; resident: number } {
  const child = spawnSync(process.execPath, [script, way], { encoding: 'utf8', timeout: 20_000 });
  expect({ ...child, output: null }).toMatchObject({ status: 0, stderr: '' });
  return JSON.parse(child.stdout);
}

/** In MiB. What JavaScript's own heap may grow by; a huge page in each round is more. */
const slack = 32;

describe.skipIf(isMissing || !existsSync('/proc/self/status'))('a process', () => {
  test('gets threads, plans and tables back from a closed session whose memory is in use', () => {
    const { threads, virtual, resident } = heldAfter('close');
    expect(threads).toBe(0);
    expect(virtual).toBeLessThan(slack);
    expect(resident).toBeLessThan(slack);
  });

  test.each([
    ['open', 'small sessions for many threads'],
    ['multiply', 'small products with kernels for many threads'],
  ])('%s: touches little memory for %s', (way) => {
    expect(heldAfter(way).resident).toBeLessThan(slack);
  });
});
