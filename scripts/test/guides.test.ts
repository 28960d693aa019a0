import { execFile } from 'node:child_process';
import {
  copyFileSync,
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

const root = fileURLToPath(new URL('../../', import.meta.url));
const guides = join(root, 'docs', 'guide');
const bitgrad = join(root, 'packages', 'cli', 'bin', 'bitgrad.js');
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
  for (const name of ['conformance', 'core-wasm', 'serve']) link(join('@bitgrad', name), name);
  return folder;
}

const run = (folder: string, args: readonly string[]): Promise<{ stdout: string }> =>
  promisify(execFile)(process.execPath, args, { cwd: folder });

/** The words of a line as a shell takes it: in quotes, a space is one of a word. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);

/** Whether an output is what a guide shows; `…` stands for anything. */
function expectShown(shown: string, output: string): void {
  const pattern = shown
    .split('…')
    .map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[\\s\\S]*');
  expect(output.trim()).toMatch(new RegExp(`^${pattern}$`));
}

/** Writes the files that a guide shows under their names. */
function writeFiles(folder: string, text: string): void {
  for (const [, name, content] of text.matchAll(/^`([\w.-]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm)) {
    writeFileSync(join(folder, name!), content!);
  }
}

test.each(names)('the commands of %s run and print what it shows', async (name) => {
  const folder = userFolder();
  const text = readFileSync(join(guides, name), 'utf8');
  writeFiles(folder, text);
  for (const [, block] of text.matchAll(/^```console\n([\s\S]*?)^```$/gm)) {
    for (const part of block!.split(/^\$ /m).slice(1)) {
      const [line, ...shown] = part.split('\n');
      const [program, ...words] = wordsOf(line!);
      expect(program).toBe('bitgrad');
      const { stdout } = await run(folder, [bitgrad, ...words]);
      expectShown(shown.join('\n'), stdout);
    }
  }
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
