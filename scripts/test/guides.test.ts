import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { missing } from '../require.mjs';
import { drawPictures, expectShown, runShown } from './console.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const guides = join(root, 'docs', 'guide');
const names = readdirSync(guides).filter((name) => name.endsWith('.md'));

/** A folder as a user's who installed bitgrad: with flowers.csv, and packages by their names. */
function userFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-guide-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  copyFileSync(join(root, 'examples', 'data', 'flowers.csv'), join(folder, 'flowers.csv'));
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@bitgrad'), { recursive: true });
  const link = (name: string, target: string): void =>
    symlinkSync(join(root, 'packages', target), join(modules, name), 'junction');
  link('bitgrad', 'cli');
  link(join('@bitgrad', 'core'), 'core-ts');
  for (const name of ['conformance', 'core-wasm', 'queue', 'serve'])
    link(join('@bitgrad', name), name);
  return folder;
}

const run = (folder: string, args: readonly string[]): Promise<{ stdout: string }> =>
  promisify(execFile)(process.execPath, args, { cwd: folder });

/** Writes the files that a guide shows under their names. */
function writeFiles(folder: string, text: string): void {
  for (const [, name, content] of text.matchAll(/^`([\w.-]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm)) {
    writeFileSync(join(folder, name!), content!);
  }
}

/** Trainings on photographs, and sweeps, which take long. */
const LONG = ['beyond-one-machine.md', 'images.md'];
const commanded = names.filter((name) => !missing('long') || !LONG.includes(name));

test.each(commanded)('the commands of %s run and print what it shows', async (name) => {
  const folder = userFolder();
  const text = readFileSync(join(guides, name), 'utf8');
  writeFiles(folder, text);
  drawPictures(folder);
  await runShown(text, folder);
});

/** What each guide's programs print, one after the other; `…` stands for anything. */
const PRINTED: Readonly<Record<string, readonly string[]>> = {
  'backend.md': ['… cases passed'],
  'browser.md': ['right 64'],
  'quick-start.md': ['daisy'],
  'serve.md': ['daisy'],
  'your-own-table.md': ['large'],
};

test.each(names)('the programs of %s run and print what they should', async (name) => {
  const folder = userFolder();
  const text = readFileSync(join(guides, name), 'utf8');
  const programs = [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, program]) => program!);
  const printed = PRINTED[name] ?? [];
  expect(programs.length).toBe(printed.length);
  for (const [at, program] of programs.entries()) {
    writeFileSync(join(folder, 'program.mjs'), program);
    const { stdout } = await run(folder, ['program.mjs']);
    expectShown(printed[at]!, stdout);
  }
});

test.each(names)('the sources that %s shows are the sources', (name) => {
  const layers = join(root, 'packages', 'core-ts', 'src', 'layers');
  const sources = readdirSync(layers).map((file) => readFileSync(join(layers, file), 'utf8'));
  const text = readFileSync(join(guides, name), 'utf8');
  for (const [, shown] of text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)) {
    expect(sources.filter((source) => source.includes(shown!))).toHaveLength(1);
  }
});

const site = join(root, 'tools', 'api-docs');
const projectDocuments: readonly string[] = JSON.parse(
  readFileSync(join(site, 'typedoc.json'), 'utf8'),
).projectDocuments;

test('the site shows every guide', () => {
  for (const name of names) expect(projectDocuments).toContain(`../../docs/guide/${name}`);
});

/** The files that a path of the site's settings stands for, in which `*` is any name. */
function filesOf(path: string): string[] {
  const [before = '', ending] = path.split('*');
  const start = join(site, before);
  if (ending === undefined) return [start];
  const files = readdirSync(start).map((name) => join(start, name));
  return files.map((file) => (file.endsWith(ending) ? file : file + ending)).filter(existsSync);
}

test('no two documents of the site have the same heading', () => {
  const files = projectDocuments.flatMap(filesOf);
  const headings = files.map((file) => /^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1]);
  expect(headings.length).toBeGreaterThan(names.length);
  expect(headings).toEqual([...new Set(headings)]);
});
