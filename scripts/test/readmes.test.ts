import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { reasonMissing } from '../require.mjs';
import { runTool } from '../run.mjs';

const packages = fileURLToPath(new URL('../../packages/', import.meta.url));
const flowers = fileURLToPath(new URL('../../examples/data/flowers.csv', import.meta.url));

const isPublic = (name: string): boolean => {
  const manifest = join(packages, name, 'package.json');
  return existsSync(manifest) && !JSON.parse(readFileSync(manifest, 'utf8')).private;
};

/** What each README's first program prints among other things. */
const PROGRAMS: Readonly<Record<string, RegExp>> = {
  cli: /^\d+\.\d % of unseen flowers are right\na daisy, by \d\.\d{3}\n\[ 'daisy', 'daisy' \]$/m,
  conformance: /^\d+ cases of random numbers passed$/m,
  'core-native': reasonMissing('native') === null ? /^\w+: 32, ready for 784,32,10$/m : /addon/,
  'core-ts': /^accuracy [01](?:\.\d+)?, weights [0-9a-f]{64}\nFloat32Array\(2\) \[/m,
  'core-wasm': /^simd128 Float32Array\(3\) \[ 3, 5, 7 \]$/m,
  mnist: /^10000 labels: 7 2 1 0 4 1 4 9 5 9 …$/m,
  mpi: /^alone; built for /m,
  queue: /^four squared is 16$|expected a server at redis:/m,
  serve: /^\{\n? *label: 0,\n? *className: 'daisy',\n? *probabilities: \[/m,
  formats: /^150 \[ 'daisy', 'poppy', 'tulip' \]$/m,
};

function programIn(name: string): string {
  const readme = readFileSync(join(packages, name, 'README.md'), 'utf8');
  return /^```js\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? '';
}

test('every public package has a README with a program', () => {
  expect(readdirSync(packages).filter(isPublic).sort()).toEqual(Object.keys(PROGRAMS).sort());
});

test.each(Object.entries(PROGRAMS))('the program in the README of %s', async (name, expected) => {
  const program = programIn(name);
  expect(program.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(15);
  // Beside the package's own files, where its name and those of its dependencies are known.
  const folder = mkdtempSync(join(packages, name, '.readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  copyFileSync(flowers, join(folder, 'flowers.csv'));
  writeFileSync(join(folder, 'program.mjs'), program);
  const run = promisify(execFile);
  const { stdout, stderr } = await run(process.execPath, ['program.mjs'], { cwd: folder });
  if (reasonMissing('native') === null) expect(stderr).toBe('');
  expect(stdout).toMatch(expected);
});

/** What a TypeScript program may do beyond the README's. */
const TYPED = `
await using again = await load('flowers.safetensors');
console.log(again.metrics.baseline.accuracy);
const prices = await train([{ size: 1, price: 2 }], { label: 'price', loss: 'squared-error' });
const price: number = prices.predict({ size: 1 });
const all: number[] = prices.predict([[1], [2]]);
console.log(price, all, prices.metrics.rmse);
`;

test.each([
  ['nodenext', { module: 'nodenext' }],
  ['bundler', { module: 'esnext', moduleResolution: 'bundler' }],
])('the library’s types hold as strictly as can be: %s', async (_, options) => {
  const folder = mkdtempSync(join(packages, 'cli', '.readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'program.ts'), programIn('cli') + TYPED);
  const strict = { strict: true, skipLibCheck: false, noEmit: true, target: 'ES2022', types: [] };
  const compilerOptions = { ...strict, ...options };
  const files = ['program.ts'];
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  expect(await runTool('tsc', ['-p', folder])).toBe('');
});
