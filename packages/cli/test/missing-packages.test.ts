import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { startCli } from './run-cli.js';
import { temporaryFolder, writeFiles, writeShapes } from './temporary.js';

/** The environment of a command that finds no such package. */
function without(name: string, folder: string): Record<string, string> {
  const hooks = `export async function resolve(name, context, next) {
    if (name !== '${name}') return next(name, context);
    throw Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' });
  }`;
  const url = JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`);
  const text = `import { register } from 'node:module'; register(${url});`;
  writeFiles(folder, { 'without.mjs': text });
  return { NODE_OPTIONS: `--import ${pathToFileURL(join(folder, 'without.mjs'))}` };
}

function planned(): string {
  const folder = temporaryFolder();
  writeShapes(folder);
  const plan = 'data: shapes\nepochs: 1\nsplit: 0.6,0.2,0.2\ngrid:\n  lr: [0.02, 0.2]\n';
  writeFiles(folder, { 'plan.yaml': plan });
  return folder;
}

/** Two processes that mpirun has started, of which this is the first. */
const UNDER_MPIRUN = { OMPI_COMM_WORLD_RANK: '0', OMPI_COMM_WORLD_SIZE: '2' };

test.each([
  ['@bitgrad/queue', ['worker', '--queue', 'redis://127.0.0.1:1'], {}],
  ['@bitgrad/queue', ['sweep', 'plan.yaml', '--queue', 'redis://127.0.0.1:1'], {}],
  ['@bitgrad/serve', ['serve', 'model.safetensors'], {}],
  ['@bitgrad/mpi', ['train', '--data', 'shapes', '--shards', '4'], UNDER_MPIRUN],
])('where %s is not installed, %s names it', async (name, words, environment) => {
  const folder = planned();
  const result = await startCli(words, {
    folder,
    environment: { ...environment, ...without(name, folder) },
  });
  const lines = result.stderr.trimEnd().split('\n').slice(-2);
  expect([result.exitCode, ...lines]).toEqual([
    1,
    expect.stringMatching(`^error: .*expected the package ${name},`),
    expect.stringMatching(`^npm install ${name} `),
  ]);
});

test('a sweep on this machine needs no package of its own', async () => {
  const folder = planned();
  const environment = without('@bitgrad/queue', folder);
  const result = await startCli(['sweep', 'plan.yaml', '--backend', 'ts'], { folder, environment });
  expect(result.exitCode).toBe(0);
});
