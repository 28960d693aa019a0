// Trains the model that the page ships for reading drawings, and writes it with its receipt to
// `public/model.safetensors`, which is committed. It asks the command line for that, which takes the
// native backend where it loads, else TypeScript, to the same bits; so anyone can check the file:
// `bitgrad verify packages/web/public/model.safetensors`.
//
// `node scripts/make-model.mjs`

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const commandLine = fileURLToPath(new URL('../../cli/bin/bitgrad.js', import.meta.url));
const file = fileURLToPath(new URL('../public/model.safetensors', import.meta.url));

// The recipe turns, stretches and moves MNIST's digits: people draw on a screen less evenly than
// MNIST's writers wrote on paper. The layers are narrower, for those who only came to draw.
const recipe = ['--recipe', 'mnist-best', '--layers', '784,256,64,10'];

const { status } = spawnSync(process.execPath, [commandLine, 'train', ...recipe, '--out', file], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
