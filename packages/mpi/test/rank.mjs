// One rank of a few trainings: the first one prints their receipts, one JSON object a line. Ranks take
// backends in turn.
//
//   mpirun -n R node rank.mjs openmpi|mpich

import { train, typescriptBackend } from '@bitgrad/core';
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
for (const [name, recipe] of Object.entries(TRAININGS)) {
  const { receipt } = await train({ recipe, dataset: makeData(), backend, ranks });
  if (ranks.rank === 0) console.log(JSON.stringify({ name, receipt }));
}
await ranks.leave(1);
