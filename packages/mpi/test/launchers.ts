import { spawnSync } from 'node:child_process';

/** How each MPI starts ranks here, more of them than processors. */
export const LAUNCHERS = {
  openmpi: ['mpirun.openmpi', '--oversubscribe'],
  mpich: ['mpirun.mpich'],
} as const;
export type Launcher = keyof typeof LAUNCHERS;

/** In a container everybody is root, and that is meant. */
export const ENVIRONMENT = {
  OMPI_ALLOW_RUN_AS_ROOT: '1',
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
  // Processes of a container may not read each other's memory.
  OMPI_MCA_btl_vader_single_copy_mechanism: 'none',
};

/** Runs a program on so many ranks, and waits for all. */
export function runRanks(launcher: Launcher, count: number, words: readonly string[]) {
  const [command, ...more] = LAUNCHERS[launcher];
  return spawnSync(command, [...more, '-n', String(count), process.execPath, ...words], {
    encoding: 'utf8',
    env: { ...process.env, ...ENVIRONMENT },
  });
}
