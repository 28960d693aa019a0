import type { Job } from '@bitgrad/mpi';

type Environment = Readonly<Record<string, string | undefined>>;

/** A launcher's job, and which of its ranks this process is. */
export interface Place extends Job {
  readonly rank: number;
}

/** What launchers tell the processes that they start: Open MPI's `mpirun`; that of MPICH and Intel MPI, and `srun` with PMI. */
const LAUNCHERS: readonly (readonly [rank: string, size: string, ...Job['implementations']])[] = [
  ['OMPI_COMM_WORLD_RANK', 'OMPI_COMM_WORLD_SIZE', 'openmpi'],
  ['PMI_RANK', 'PMI_SIZE', 'mpich', 'openmpi'],
  // With `srun --mpi=pmix` only Slurm's own words say how many there are.
  ['PMIX_RANK', 'SLURM_NTASKS', 'openmpi', 'mpich'],
];

/**
 * Where this process stands in the job that it was started for together with others; null where it was
 * started alone.
 */
export function placeIn(environment: Environment): Place | null {
  for (const [rankName, sizeName, ...implementations] of LAUNCHERS) {
    const [rank, size] = [rankName, sizeName].map((name) => countIn(environment[name]));
    if (rank === undefined || size === undefined) continue;
    return size > 1 ? { rank, size, implementations } : null;
  }
  return null;
}

function countIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
