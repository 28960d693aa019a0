import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../../packages/cli/dist/commands/index.js';
import { root } from '../run.mjs';

/** The Markdown files of some folders, as paths from the root. */
const documents = [
  '.',
  'docs',
  'docs/guide',
  'examples',
  ...foldersIn('packages'),
  ...foldersIn('tools'),
]
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
  .filter((path) => path.endsWith('.md'));

function foldersIn(parent: string): string[] {
  return readdirSync(join(root, parent)).map((name) => join(parent, name));
}

/** Every line of a document that may be a command: in blocks without a language, and `between ticks`. */
function linesIn(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  const blocks = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, language]) => ['', 'console', 'sh', 'bash'].includes(language!))
    .flatMap(([, , block]) => block!.replaceAll('\\\n', ' ').split('\n'));
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '');
  const inline = [...prose.matchAll(/`([^`]+)`/g)].map(([, code]) => code!.replaceAll('\n', ' '));
  // What follows a shell's comment is no part of it.
  return [...blocks, ...inline].map((line) => line.replace(/\s#\s.*$/, '').replace(/^\$ /, ''));
}

const OF_EVERY_COMMAND = ['json', 'verbose', 'help', 'version'];

/** What is wrong with the calls of bitgrad in a line. */
async function wrongIn(line: string): Promise<string[]> {
  const calls = [...line.matchAll(/(?:^|\s|\/)bitgrad(?:\.js)? ([a-z]+)((?: [^|&;>]+)?)/g)];
  const problems = await Promise.all(
    calls.map(async ([, name, words]) => {
      const entry = commands.find(({ usage }) => usage.split(' ')[0] === name);
      if (entry === undefined) return [`${line}: there is no ${name}`];
      const { options } = await entry.load();
      return [...words!.matchAll(/(?:^| )--([a-z][\w-]*)/g)]
        .map(([, option]) => option!)
        .filter((option) => !Object.hasOwn(options, option) && !OF_EVERY_COMMAND.includes(option))
        .map((option) => `${line}: ${name} has no --${option}`);
    }),
  );
  return problems.flat();
}

test.each(documents)('the commands and options of bitgrad in %s are there', async (path) => {
  const problems = await Promise.all(linesIn(path).map(wrongIn));
  expect(problems.flat()).toEqual([]);
});

test.each(documents)('the programs that %s has Node and npm run are there', (path) => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const lines = linesIn(path);
  const programs = lines.flatMap((line) =>
    [...line.matchAll(/(?:^|\s)node ((?:scripts|tools|bench|packages)\/[\w./-]+)/g)].map(
      ([, file]) => file!,
    ),
  );
  // A package's own document may be read in its folder.
  const isThere = (file: string): boolean =>
    ['.', dirname(path)].some((folder) => existsSync(join(root, folder, file)));
  expect(programs.filter((file) => !isThere(file))).toEqual([]);
  const names = lines.flatMap((line) =>
    [...line.matchAll(/(?:^|\s)npm run ([a-z:]+)/g)].map(([, name]) => name!),
  );
  expect(names.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});
