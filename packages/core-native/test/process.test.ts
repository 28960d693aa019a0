import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isMissing } from './support.js';

const script = fileURLToPath(new URL('long-run.mjs', import.meta.url));

describe.skipIf(isMissing)('a runAsync under way', () => {
  test.each([
    ['exit', 'when the process exits'],
    ['collect', 'when nobody holds the session any more'],
    ['terminate', 'when its worker is terminated'],
    ['workers', 'in several workers at once'],
  ])('%s: nothing breaks %s', (way) => {
    const child = spawnSync(process.execPath, ['--expose-gc', script, way], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect({ ...child, output: null }).toMatchObject({ status: 0, stdout: 'done\n', stderr: '' });
  });
});
