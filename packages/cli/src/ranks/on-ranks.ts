import { availableParallelism, cpus } from 'node:os';
import { BitgradError, together } from '@bitgrad/core';
import type { MpiRanks } from '@bitgrad/mpi';
import { listen, silence } from '../output.js';
import { type Place, placeIn } from './job.js';

/** How long the first rank may take to say an error that may be everybody's, in milliseconds. */
const PRECEDENCE = 1500;
const FAILED = 1;

/**
 * Does a command's work as one of the ranks that `mpirun` has started, or alone. Of ranks the first one
 * speaks; an error that all know of is said by it.
 *
 * @param work throws on all ranks where it throws on one; but for errors of MPI itself
 * @throws BitgradError if `@bitgrad/mpi` is missing or does not fit
 */
export async function onRanks(
  work: (ranks: MpiRanks | undefined) => Promise<boolean>,
): Promise<boolean> {
  const place = placeIn(process.env);
  if (place === null) return work(undefined);
  if (place.rank > 0) silence();
  // Launchers make a terminal of what may be a file.
  process.env.NO_COLOR ??= '1';
  const ranks = await join(place);
  let result: { isGood: boolean } | { error: unknown };
  try {
    result = { isGood: await work(ranks) };
  } catch (error) {
    result = { error };
  }
  if (!ranks.isBroken) await ranks.leave(FAILED);
  // A launcher ends all at once where one fails, and the first may still have to say why.
  if (ranks.rank > 0 && !ranks.isBroken) return true;
  listen();
  if ('error' in result) throw result.error;
  return result.isGood;
}

/**
 * Lets all ranks fail, because this one did before it could join them.
 *
 * @returns on ranks that leave it to the first to say so
 */
export async function failOnRanks(error: unknown): Promise<null> {
  await onRanks((ranks) => together(ranks, () => Promise.reject(error)));
  return null;
}

/** Of a machine's threads, what each of its ranks may use. */
export function threadsOf({ localSize }: MpiRanks): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(cpus().length / localSize)));
}

async function join(place: Place): Promise<MpiRanks> {
  try {
    const { MpiRanks } = await importMpi();
    return MpiRanks.join(place);
  } catch (error) {
    if (place.rank > 0) {
      await new Promise((resolve) => setTimeout(resolve, PRECEDENCE));
      listen();
    }
    throw error;
  }
}

async function importMpi(): Promise<typeof import('@bitgrad/mpi')> {
  return import('@bitgrad/mpi').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new BitgradError(
      'train: expected the package @bitgrad/mpi, because mpirun has started several processes, received none',
      'npm install @bitgrad/mpi (with -g beside a bitgrad that was installed so), then npx bitgrad-mpi build',
    );
  });
}
