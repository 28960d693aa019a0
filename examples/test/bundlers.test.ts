import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { EdgeRuntime } from 'edge-runtime';
import { build as esbuild } from 'esbuild';
import { type Plugin, rollup } from 'rollup';
import { build as vite } from 'vite';
import { afterAll, expect, test } from 'vitest';
import webpack from 'webpack';
import { missing, reasonMissing } from '../../scripts/require.mjs';

/** Beside the examples, where packages are found; no folder of the repository's own. */
const folder = mkdtempSync(fileURLToPath(new URL('../.readme-', import.meta.url)));
afterAll(() => rmSync(folder, { recursive: true }));

const entry = join(folder, 'program.mjs');
writeFileSync(
  entry,
  `import { train } from 'bitgrad';
const rows = Array.from({ length: 60 }, (_, at) => ({
  size: ((at * 7919) % 100) / 50 + (at % 2),
  kind: 'ab'[at % 2],
}));
train(rows, { label: 'kind', epochs: 3, seed: 5 }).then((model) => {
  console.log(model.backend.name, model.receipt.weightsSha256);
});
`,
);

const native = '@bitgrad/core-native';

interface Bundler {
  /** Writes `out`, for a browser, or for Node with what is marked external left outside. */
  bundle(out: string, isNode: boolean, external: readonly string[]): Promise<unknown>;
}

const BUNDLERS: Readonly<Record<string, Bundler>> = {
  esbuild: {
    bundle: (out, isNode, external) =>
      esbuild({
        entryPoints: [entry],
        outfile: out,
        bundle: true,
        format: 'esm',
        platform: isNode ? 'node' : 'browser',
        external: [...external],
        logLevel: 'error',
      }),
  },
  rollup: {
    async bundle(out, isNode, external) {
      const bundle = await rollup({
        input: entry,
        external: isNode ? [...external, /^node:/, ...builtinModules] : [...external],
        plugins: [
          nodeResolve(isNode ? { exportConditions: ['node'] } : { browser: true }),
          // Its types are CommonJS's, it is not.
          (commonjs as unknown as () => Plugin)(),
        ],
        onwarn: () => undefined,
      });
      await bundle.write({ file: out, format: 'esm', inlineDynamicImports: true });
      await bundle.close();
    },
  },
  vite: {
    bundle: (out, isNode, external) =>
      vite({
        root: folder,
        configFile: false,
        logLevel: 'error',
        build: {
          ...(isNode ? { ssr: entry } : { lib: { entry, formats: ['es'] } }),
          outDir: folder,
          emptyOutDir: false,
          rollupOptions: {
            external: [...external],
            output: { codeSplitting: false, entryFileNames: out.slice(folder.length + 1) },
          },
        },
        ...(isNode ? { ssr: { noExternal: true, external: [...external] } } : {}),
      }),
  },
  webpack: {
    bundle: (out, isNode, external) =>
      new Promise((resolve, reject) => {
        webpack(
          {
            entry,
            mode: 'production',
            target: isNode ? 'node20' : 'web',
            output: { path: folder, filename: out.slice(folder.length + 1), module: true },
            experiments: { outputModule: true },
            externals: Object.fromEntries(external.map((name) => [name, `import ${name}`])),
            optimization: { minimize: false, splitChunks: false },
            plugins: [new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 })],
          },
          (error, stats) => {
            if (error || stats?.hasErrors())
              reject(error ?? new Error(stats?.toString('errors-only')));
            else resolve(stats);
          },
        );
      }),
  },
};

async function run(file: string): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [file], { cwd: folder });
}

const alone = await run(entry);
const digest = alone.stdout.trim().split(' ')[1];

test.each(Object.entries(BUNDLERS))(
  '%s, for a browser: WebAssembly, the same bits',
  async (name, { bundle }) => {
    const out = join(folder, `${name}-browser.mjs`);
    await bundle(out, false, []);
    expect(await run(out)).toEqual({ stdout: `wasm ${digest}\n`, stderr: '' });
  },
);

/** Of what takes long, for all of them, what these bundlers do. */
const some = (...names: readonly string[]) =>
  Object.entries(BUNDLERS).filter(([name]) => !missing('long') || names.includes(name));

test.each(some('esbuild'))('%s, for Node: native, marked external', async (name, { bundle }) => {
  const out = join(folder, `${name}-node.mjs`);
  await bundle(out, true, [native, 'sharp']);
  const { stdout } = await run(out);
  const backend = reasonMissing('native') === null ? 'native' : 'wasm';
  expect(stdout).toBe(`${backend} ${digest}\n`);
});

test.each(some('vite'))(
  '%s, for Node, with the addon not marked: the same bits, and a line says what to mark',
  async (name, { bundle }) => {
    const out = join(folder, `${name}-whole.mjs`);
    await bundle(out, true, ['sharp']);
    const { stdout, stderr } = await run(out);
    expect(stdout).toMatch(new RegExp(`^(?:native|wasm) ${digest}\n$`));
    // A bundler that keeps where files lay finds the addon there.
    if (stdout.startsWith('wasm')) expect(stderr).toMatch(/core-native.* external\)?\n$/);
  },
);

test('an edge runtime: WebAssembly, the same bits', async () => {
  const handler = `
    import { train } from 'bitgrad';
    const rows = Array.from({ length: 60 }, (_, at) => ({
      size: ((at * 7919) % 100) / 50 + (at % 2),
      kind: 'ab'[at % 2],
    }));
    async function answer() {
      const model = await train(rows, { label: 'kind', epochs: 3, seed: 5 });
      return new Response(model.backend.name + ' ' + model.receipt.weightsSha256);
    }
    addEventListener('fetch', (event) => event.respondWith(answer()));`;
  const { outputFiles } = await esbuild({
    stdin: { contents: handler, resolveDir: folder },
    bundle: true,
    format: 'iife',
    platform: 'browser',
    conditions: ['edge-light', 'worker'],
    write: false,
  });
  const runtime = new EdgeRuntime({ initialCode: outputFiles[0]!.text });
  const response = await runtime.dispatchFetch('http://localhost/');
  expect(await response.text()).toBe(`wasm ${digest}`);
});
