import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));

/** What each example prints among other things. */
const EXAMPLES: Readonly<Record<string, readonly RegExp[]>> = {
  'table.js': [/^9\d\.\d % of 45 unseen flowers are right$/m, /^poppy: 0\.\d{3}$/m],
  'mnist.js': [
    /^epoch 3: loss 0\.1\d{3}, \d+ images\/s$/m,
    /^weightsSha256 3a8ac8bbfe8965d87cfa82f482ad8c810dc377f90c9a962dc38b8e3891400358$/m,
    /^labels {4}7 2 1 0 4 1 4 9 5 9$/m,
  ],
  'own-loop.js': [/^went on from \d+ bytes$/m, /^stopped after epoch \d+: test accuracy 0\.9\d+$/m],
  'worker.js': [/^the worker sent a model of \d+ bytes$/m, /^meanwhile this thread was free$/m],
  'fine-tune.js': [/^began with model:3a8ac8bb.*…$/m, /^verified$/m],
  'service.js': [/^the service says daisy$/m, /^with the bits of the library$/m],
  'route.js': [
    /^200 \{"label":"daisy","probabilities":\[/m,
    /^400 \{"error":"column \\"petal length\\": expected a number/m,
    /^400 \{"error":"expected JSON"\}$/m,
  ],
  'desktop.js': [
    /^the window shows daisy$/m,
    /^and says column "sepal width": expected a value, received no value/m,
  ],
  'backends.js': [/^wasm \(simd128\): 957bf0931e550bee…/m, /^the same bits on all$/m],
};

test('there is an example for each expectation, and none besides', () => {
  const programs = readdirSync(folder).filter((name) => name.endsWith('.js'));
  expect(programs.sort()).toEqual(Object.keys(EXAMPLES).sort());
});

test.each(Object.entries(EXAMPLES))('%s', async (name, expected) => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [name], { cwd: folder });
  expect(stderr).toBe('');
  for (const pattern of expected) expect(stdout).toMatch(pattern);
});
