import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

/** What each published package needs when it runs, Bitgrad's own packages aside. */
function needed(): Map<string, string> {
  const versions = new Map<string, string>();
  for (const folder of readdirSync(`${root}packages`)) {
    const { private: isPrivate, dependencies = {} } = JSON.parse(
      text(`packages/${folder}/package.json`),
    );
    if (isPrivate) continue;
    for (const [name, version] of Object.entries<string>(dependencies)) {
      if (!version.startsWith('workspace:')) versions.set(name, version);
    }
  }
  return versions;
}

test('docs/dependencies.md names every dependency and its version, and no other', () => {
  const rows = text('docs/dependencies.md').matchAll(/^\| `([^`]+)` \| ([^ ]+) \|/gm);
  const written = new Map([...rows].map(([, name, version]) => [name!, version!]));
  expect([...written].sort()).toEqual([...needed()].sort());
});

test('versions are pinned, and nothing runs on install', () => {
  for (const [name, version] of needed()) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
  expect(text('pnpm-workspace.yaml')).toMatch(/^allowBuilds: \{\}$/m);
  expect(text('scripts/run.mjs')).toContain("'--frozen-lockfile'");
});
