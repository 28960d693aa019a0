// One rank of a few trainings: the first one prints their receipts, one JSON object a line. Ranks take
// backends in turn.
//
//   mpirun -n R node rank.mjs openmpi|mpich

import { shareDataset, train, typescriptBackend } from '@bitgrad/core';
import { nativeAvailability, nativeBackend } from '@bitgrad/core-native';
import { wasmBackend } from '@bitgrad/core-wasm';
import { MpiRanks } from '../dist/index.js';
import { makeData, TRAININGS } from './recipes.mjs';

const [implementation] = /** @type {['openmpi' | 'mpich']} */ (process.argv.slice(2));
const size = Number(process.env.OMPI_COMM_WORLD_SIZE ?? process.env.PMI_SIZE);
const ranks = MpiRanks.join({ size, implementations: [implementation] });
const native = nativeAvailability().available ? [() => nativeBackend({ threads: 1 })] : [];
const backends = [...native, () => wasmBackend(), typescriptBackend];
const backend = await backends[ranks.rank % backends.length]?.();
if (backend === undefined) throw new Error('expected a backend');
const dataset = (await shareDataset(ranks, makeData())) ?? makeData();
const isShared = new Set([dataset.inputs.buffer, dataset.labels.buffer]).size === 1;
// Other systems have no memory without a name.
if (isShared !== (size > 1 && process.platform === 'linux')) {
  throw new Error(
    `expected samples in memory of their own only for a rank alone, received ${isShared}`,
  );
}
for (const [name, recipe] of Object.entries(TRAININGS)) {
  const { receipt } = await train({ recipe, dataset, backend, ranks });
  if (ranks.rank === 0) console.log(JSON.stringify({ name, receipt }));
}
await ranks.leave(1);
