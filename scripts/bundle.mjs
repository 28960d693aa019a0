// What is published, in few files: a prediction of one row loads 273 modules in a clone, each of which Node must find,
// read and link, which takes longer than the prediction. In a clone every module stays a file.

import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The packages that are bundled, each with the files, beside its exports, that are asked for by name. */
const BUNDLED = /** @type {Record<string, string[]>} */ ({
  bitgrad: [
    'main.js',
    'own-file.js',
    'versions.js',
    'jobs/task-process.js',
    'soak/core-process.js',
    'sweep/for-library.js',
    'verify/for-library.js',
    'library/platform-node.js',
    'library/platform-web.js',
  ],
  '@bitgrad/core': [],
  '@bitgrad/core-native': [],
  '@bitgrad/formats': [],
});

/**
 * Dependencies whose modules are bundled too: every command loads them, and they are forty. They stay dependencies, so
 * that audits and lists of what is installed know of them.
 */
const INLINED = new Set(['yargs', 'picocolors', 'fastest-levenshtein', '@noble/hashes/sha2.js']);

/** @type {import('esbuild').Plugin} */
const dependencies = {
  name: 'dependencies',
  setup({ onResolve }) {
    // What yargs lays out by it is the command's help.
    onResolve({ filter: /^string-width$/ }, () => ({
      path: fileURLToPath(new URL('plain-width.mjs', import.meta.url)),
    }));
    onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
      const isOwn = kind === 'entry-point' || INLINED.has(path);
      return isOwn || importer.includes('node_modules') ? undefined : { path, external: true };
    });
  },
};

/**
 * Makes of a built package's modules a file for each way in, and few that those share. They lie in `dist` itself, where a
 * module that looks beside itself for a file finds it.
 *
 * @param {string} folder of a package whose `dist` was built
 * @param {{ name: string, exports: Record<string, string | { default: string }> }} manifest
 */
export async function bundle(folder, { name, exports }) {
  const named = BUNDLED[name];
  if (named === undefined) return;
  const dist = join(folder, 'dist');
  const exported = Object.values(exports).map((one) =>
    typeof one === 'string' ? one : one.default,
  );
  const entries = [
    ...exported.filter((path) => path.endsWith('.js')).map((path) => join(folder, path)),
    ...named.map((path) => join(dist, path)),
  ];
  const { outputFiles } = await build({
    entryPoints: entries,
    outbase: dist,
    outdir: dist,
    chunkNames: 'shared-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    plugins: [dependencies],
    target: 'es2022',
    // Numbers that are constants stand where they are used; names and lines stay, for stacks.
    minifySyntax: true,
    write: false,
    logLevel: 'warning',
  });
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.js')) rmSync(join(dist, file));
  }
  for (const { path, contents } of outputFiles) writeFileSync(path, contents);
}
