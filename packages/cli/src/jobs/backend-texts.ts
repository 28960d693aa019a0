import { availableParallelism } from 'node:os';
import { textOf } from '../arguments.js';
import { backendOf, backendOptions } from '../backends.js';
import type { Arguments } from '../command.js';
import { UsageError } from '../usage-error.js';
import type { BackendTexts } from './tasks.js';

/**
 * The options that choose a backend, for other processes.
 *
 * @param processes that share this machine's cores, unless `--threads` says how many each may use
 */
export function backendTextsOf(argv: Arguments, processes: number): BackendTexts {
  return {
    backend: textOf(argv, 'backend') ?? 'auto',
    isa: textOf(argv, 'isa'),
    threads: textOf(argv, 'threads') ?? threadsEach(processes),
  };
}

/** Of this machine's cores, what each of so many processes may use. */
export function threadsEach(processes: number): string {
  return String(Math.max(1, Math.floor(availableParallelism() / processes)));
}

/**
 * Makes sure, before anything is begun, that the backend which was asked for is there.
 *
 * @throws UsageError for a wrong value; BitgradError if it cannot be loaded
 */
export async function checkBackend(argv: Arguments): Promise<void> {
  const asked = Object.keys(backendOptions);
  if (asked.some((option) => textOf(argv, option) !== undefined)) await backendOf(argv);
}

/** @throws UsageError for an option that every worker of a queue has of its own */
export function checkLeftToWorkers(argv: Arguments, options: readonly string[]): void {
  const local = options.find((one) => textOf(argv, one) !== undefined);
  if (local === undefined) return;
  throw new UsageError(`--${local}: expected none with --queue, whose workers decide it`);
}
