// Builds the addon for each MPI that this machine has; where there is none, `npm test` says so.

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildAddon } from '../dist/index.js';

const source = fileURLToPath(new URL('../addon/mpi.c', import.meta.url));
for (const mpicc of ['mpicc.openmpi', 'mpicc.mpich', 'mpicc']) {
  if (spawnSync(mpicc, ['--version'], { stdio: 'ignore' }).status !== 0) continue;
  const { implementation, path } = buildAddon(mpicc);
  console.log(`${mpicc}: ${implementation}, ${statSync(path).size} bytes from ${source}`);
}
