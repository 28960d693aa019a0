// Lets clients that others wrote talk to `bitgrad serve`: Triton's Python client, of the same protocol as
// KServe's.
//
//   node tools/clients/clients.mjs --install   brings tritonclient from PyPI into .engines/clients/
//   node tools/clients/clients.mjs             serves a model on loopback and lets it ask

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const python = at(
  `../../.engines/clients/${process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'}`,
);
const PACKAGES = ['tritonclient[http]==2.73.0'];

/**
 * @param {string} program
 * @param {string[]} words
 */
function run(program, words) {
  const { status, error } = spawnSync(program, words, { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (process.argv.includes('--install')) {
  run('python3', ['-m', 'venv', at('../../.engines/clients')]);
  run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES]);
} else await check();

async function check() {
  const { train } = await import('../../packages/cli/dist/library/index.js');
  const { serve } = await import('../../packages/serve/dist/index.js');
  const rows = Array.from({ length: 60 }, (_, index) => ({
    size: ((index * 7919) % 100) / 50 + (index % 2),
    colour: ['red', 'grün', 'deep blue'][index % 3] ?? '',
    kind: ['cup', 'bowl'][index % 2] ?? '',
  }));
  const model = await train(rows, { label: 'kind', epochs: 5, seed: 3, backend: 'ts' });
  const predictions = model.predict(rows);
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-clients-'));
  const file = join(folder, 'things.safetensors');
  await model.save(file);
  const expected = {
    rows,
    probabilities: predictions.map(({ probabilities }) => probabilities),
    labels: predictions.map(({ label }) => label),
  };
  writeFileSync(join(folder, 'expected.json'), JSON.stringify(expected));
  const server = await serve({
    models: [file],
    backend: model.backend,
    port: 0,
    log: () => undefined,
  });
  const words = [at('triton.py'), new URL(server.url).host, join(folder, 'expected.json')];
  const child = spawn(python, words, { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  await server.close();
  rmSync(folder, { recursive: true });
  process.exitCode = code ?? 1;
}
