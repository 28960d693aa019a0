import { spawnSync } from 'node:child_process';

/** How each MPI starts ranks here, more of them than processors. */
export const LAUNCHERS = /** @type {const} */ ({
  openmpi: ['mpirun.openmpi', '--oversubscribe'],
  mpich: ['mpirun.mpich'],
});
/** @typedef {keyof typeof LAUNCHERS} Launcher */

/** In a container everybody is root, and that is meant. */
export const ENVIRONMENT = {
  OMPI_ALLOW_RUN_AS_ROOT: '1',
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
  // Processes of a container may not read each other's memory.
  OMPI_MCA_btl_vader_single_copy_mechanism: 'none',
};

/**
 * Runs a program on so many ranks, and waits for all.
 * @param {Launcher} launcher
 * @param {number} count
 * @param {readonly string[]} words
 */
export function runRanks(launcher, count, words) {
  const [command, ...more] = LAUNCHERS[launcher];
  return spawnSync(command, [...more, '-n', String(count), process.execPath, ...words], {
    encoding: 'utf8',
    env: { ...process.env, ...ENVIRONMENT },
  });
}
