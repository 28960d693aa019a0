import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { eventsIn, runCli } from './run-cli.js';
import { SHAPES, temporaryFolder, writeShapes } from './temporary.js';

const script = fileURLToPath(new URL('digest.py', import.meta.url));

test.skipIf(missing('python'))('a script in Python finds the same digest', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  const args = ['train', ...SHAPES, '--layers=16,7,5,3', '--json'].filter(
    (word) => word !== '--layers' && word !== '16,4,3',
  );
  const end = eventsIn(await runCli(args, { folder })).at(-1)!;
  const file = join(folder, 'model.safetensors');
  const digest = execFileSync('python3', [script, file], { encoding: 'utf8' });
  expect(digest.trim()).toBe(end.weightsSha256);
});
