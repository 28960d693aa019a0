// Trains the model that the page ships for reading drawings, and writes it with its receipt to
// `model/model.safetensors`, which is committed. It is what this command makes, on any machine:
//
//   bitgrad train --recipe mnist-conv-best --out model.safetensors
//
// The recipe turns, stretches and moves MNIST's digits: people draw on a screen less evenly than
// MNIST's writers wrote on paper. Its convolutions read unusual hands far better than plain layers do,
// and take a seventh of the bytes. `bitgrad verify packages/web/model/model.safetensors` checks the file.
//
// `node scripts/make-model.mjs`

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const commandLine = fileURLToPath(new URL('../../cli/bin/bitgrad.js', import.meta.url));
const file = fileURLToPath(new URL('../model/model.safetensors', import.meta.url));

const args = [commandLine, 'train', '--recipe', 'mnist-conv-best', '--out', file];
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
process.exitCode = status ?? 1;
