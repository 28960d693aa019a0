// Lets clients that others wrote talk to `bitgrad serve`: KServe's Python client and Triton's, which has the
// same protocol.
//
//   node tools/clients/clients.mjs --install   brings both from PyPI into .engines/clients/
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
const PACKAGES = ['tritonclient[http]==2.73.0', 'kserve==0.21.0'];

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
    count: (index * 31) % 17,
    whole: index % 5 > 0,
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
  for (const client of ['triton.py', 'kserve_client.py']) {
    const words = [at(client), new URL(server.url).host, join(folder, 'expected.json')];
    const child = spawn(python, words, { stdio: 'inherit' });
    const [code] = await once(child, 'exit');
    if (code !== 0) process.exitCode = code ?? 1;
  }
  await server.close();
  rmSync(folder, { recursive: true });
}
