// How long `npm start` and `npm test` take, each in a fresh clone of what is committed here, with npm's
// and pnpm's caches as they are.
//
//   node scripts/clone-times.mjs

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunError, root, run, stage } from './run.mjs';

const isWindows = process.platform === 'win32';
const scratch = mkdtempSync(join(tmpdir(), 'bitgrad-clone-'));

try {
  for (const word of ['start', 'test']) {
    const clone = join(scratch, word);
    await run('git', ['clone', '--quiet', root, clone]);
    const npm = isWindows ? 'npm.cmd' : 'npm';
    await stage(`npm ${word}`, () => run(npm, [word], { folder: clone, shell: isWindows }));
  }
} catch (error) {
  if (!(error instanceof RunError)) throw error;
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
