import { freemem, totalmem } from 'node:os';
import { BitgradError, checkArena, type MemoryNeeded } from '@bitgrad/core';
import { formatBytes } from './format.js';
import { note } from './output.js';

/** From here on, a limit is none: systems say so with the largest number that they have. */
const NO_LIMIT = 2 ** 53;

/**
 * Refuses a training that this machine, or the container that the process runs in, has not the memory
 * for, before anything is allocated; says so where others are using it.
 *
 * @throws BitgradError with what it needs and what there is
 */
export function checkMemory({ arena, total }: MemoryNeeded, there = memoryThere()): void {
  checkArena(arena);
  if (total > there) {
    throw new BitgradError(
      `memory: expected a training that takes at most ${formatBytes(there)}, which this machine has, received one that takes ${formatBytes(total)}`,
      'use fewer samples, narrower layers or a smaller batch',
    );
  }
  if (total > freemem()) {
    note(
      `note: the training takes up to ${formatBytes(total)} of memory, of which ${formatBytes(freemem())} are free`,
    );
  }
}

/** The memory that this process may have in all, in bytes. */
export function memoryThere(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 && limit < NO_LIMIT ? Math.min(limit, totalmem()) : totalmem();
}
