import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCli } from './run-cli.js';
import { temporaryFolder } from './temporary.js';

/** Not bundled: what is imported has names. */
const inClone = join(import.meta.dirname, '..', 'bin', 'bitgrad.js');

const flowers = join(import.meta.dirname, '..', '..', '..', 'examples', 'data', 'flowers.csv');

/** Appends the address of each module that is imported to the file that MODULES names. */
const HOOK = `import { appendFileSync } from 'node:fs';
export async function load(url, context, next) {
  if (!url.startsWith('node:')) appendFileSync(process.env.MODULES, url + '\\n');
  return next(url, context);
}`;
const moduleUrl = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;
const REGISTER = moduleUrl(
  `import { register } from 'node:module'; register(${JSON.stringify(moduleUrl(HOOK))});`,
);

/** The modules that a command line imports, without the folders that pnpm puts before them. */
async function modulesOf(...words: string[]): Promise<string[]> {
  const list = join(temporaryFolder(), 'modules');
  await startCli(words, {
    program: [process.execPath, inClone],
    environment: { MODULES: list, NODE_OPTIONS: `--import "${REGISTER}"` },
  });
  const urls = readFileSync(list, 'utf8').trimEnd().split('\n');
  rmSync(list);
  return urls.map((url) => url.replace(/^.*\/node_modules\/|^.*\/packages\//, ''));
}

const DEPENDENCIES = /^(?:@bufbuild|fzstd|hyparquet|papaparse|sharp|yaml|yauzl)/;

test('--version imports hardly anything', async () => {
  const modules = await modulesOf('--version');
  expect(modules.length).toBeLessThan(13);
  expect(modules.filter((name) => /^(?:yargs|formats|core-)/.test(name))).toEqual([
    'core-ts/dist/errors.js',
  ]);
});

test('an unknown command imports no other', async () => {
  const modules = await modulesOf('trian');
  expect(modules.filter((name) => /commands\/(?!index)|^formats|^core-/.test(name))).toEqual([
    'core-ts/dist/errors.js',
  ]);
});

test('a wrong option imports no reader of data, no backend and none of their libraries', async () => {
  const modules = await modulesOf('train', '--whatever');
  const reader = /^formats\/dist\/(?:csv|table|parquet|arrays\/arrays|idx|mnist|export)/;
  expect(modules).toContain('cli/dist/commands/train.js');
  expect(modules.filter((name) => reader.test(name) || DEPENDENCIES.test(name))).toEqual([]);
  expect(modules.filter((name) => /^core-(?:native|wasm)/.test(name))).toEqual([]);
});

test('training on a table imports what reads tables, and nothing that reads other data', async () => {
  const out = join(temporaryFolder(), 'model.safetensors');
  const table = ['--data', flowers, '--label', 'kind', '--epochs', '1', '--backend', 'ts'];
  const modules = await modulesOf('train', ...table, '--out', out);
  expect(modules).toContain('formats/dist/csv/source.js');
  // Where nothing is quoted, no library reads it.
  expect(modules.filter((name) => DEPENDENCIES.test(name))).toEqual([]);
  expect(
    modules.filter((name) => /^core-(?:native|wasm)|^formats\/dist\/export/.test(name)),
  ).toEqual([]);
});
