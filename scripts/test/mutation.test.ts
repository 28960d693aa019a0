import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// By address, as what is imported so is no part of this folder's types.
const portions = new URL('../../tools/mutation/portions.mjs', import.meta.url).href;
const { NOT_READERS, PORTIONS } = (await import(portions)) as {
  readonly NOT_READERS: Readonly<Record<string, string>>;
  readonly PORTIONS: Readonly<
    Record<string, { readonly folder: string; readonly changed: string; readonly tests: string }>
  >;
};

/** The TypeScript files of a folder of packages, without `.ts`. */
function filesIn(folder: string): string[] {
  const path = fileURLToPath(new URL(`../../packages/${folder}`, import.meta.url));
  const names = readdirSync(path).map((name) => /^([^.]+)(?:\.test)?\.ts$/.exec(name)?.[1]);
  return names.filter((name) => name !== undefined);
}

test('every source file of the readers is in one portion, or is no reader’s', () => {
  const changed = Object.values(PORTIONS).flatMap(({ folder, changed }) =>
    (changed === '*' ? filesIn(folder) : changed.split(' ')).map((name) => `${folder}/${name}`),
  );
  expect(changed).toHaveLength(new Set(changed).size);
  const root = 'formats/src';
  const path = fileURLToPath(new URL(`../../packages/${root}`, import.meta.url));
  const folders = readdirSync(path, { withFileTypes: true }).filter((one) => one.isDirectory());
  const all = [root, ...folders.map(({ name }) => `${root}/${name}`)].flatMap((folder) =>
    filesIn(folder).map((name) => `${folder}/${name}`),
  );
  const isApart = (file: string): boolean => Object.hasOwn(NOT_READERS, file.split('/')[2]!);
  const tried = changed.filter((file) => file.startsWith(root));
  expect(tried.sort()).toEqual(all.filter((file) => !isApart(file)).sort());
});

test('the tests of portions are there', () => {
  for (const { folder, tests } of Object.values(PORTIONS)) {
    const [name] = folder.split('/');
    for (const file of tests.split(' ').filter((one) => !one.startsWith('/'))) {
      const [, below = '', own] = /^(.*\/)?(.+)$/.exec(file)!;
      const there = filesIn(`${name}/test/${below}`);
      if (own === '*') expect(there).not.toEqual([]);
      else expect(there).toContain(own);
    }
  }
});
