import { readFileSync } from 'node:fs';
import { BitgradError } from '@bitgrad/core/errors';

/** What no system has without end, by the code of its error; and what gives more. */
const LIMITS: Readonly<Record<string, readonly [what: string, fix: string]>> = {
  EMFILE: ['files', 'let the process have more open files, as by ulimit -n 1024'],
  ENFILE: ['files', 'let the system have more open files, or end what has many open'],
  EAGAIN: ['processes', 'let this user or container have more processes (ulimit -u, pids.max)'],
  ENOMEM: ['memory', 'end what else takes memory, or let the process have more (ulimit -v)'],
};

/** As they are at the start: later there may be no file more to read them from. */
const limitsAtStart = readLimits();

/** What engines say, without a code, where an array has no place. */
const NO_PLACE = /allocation failed|could not allocate|out of memory/i;

/**
 * An error that says which limit was reached is nobody's bug.
 *
 * @param limits as Linux tells them
 */
export function limitIn(error: unknown, limits = limitsAtStart): unknown {
  const { code, message, syscall } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  const isLarge = error instanceof RangeError && NO_PLACE.test(error.message);
  const isUnopened = code === 'ERR_MODULE_NOT_FOUND' && hasFewFiles(limits);
  const known = isLarge ? 'ENOMEM' : isUnopened ? 'EMFILE' : code;
  const limit = known === undefined ? undefined : LIMITS[known];
  if (limit === undefined) return error;
  // Others say so of a pipe or a lock that is busy.
  if (code === 'EAGAIN' && !/^(?:spawn|fork$)/.test(syscall ?? '')) return error;
  return new BitgradError(
    `${limit[0]}: expected more of the system, received ${message}`,
    limit[1],
  );
}

/** With less address space, in bytes, the engine's own heap may find no place, and then ends the process itself. */
const ENOUGH_ADDRESSES = 2e9;

/**
 * Says that a process has little address space: no error can be told where the engine ends it for that.
 *
 * @param limits as Linux tells them; other systems do not
 * @returns the note, or null
 */
export function addressSpaceNote(limits = limitsAtStart): string | null {
  const bytes = Number(/^Max address space +(\d+)/m.exec(limits)?.[1] ?? Infinity);
  if (bytes >= ENOUGH_ADDRESSES) return null;
  return `note: this process may have ${bytes} bytes of address space (ulimit -v), where JavaScript wants ${ENOUGH_ADDRESSES}: it may end with an engine's own report`;
}

/** With so few open files Node says of a package that it cannot read that it is not there. */
const FEW_FILES = 256;

function hasFewFiles(limits: string): boolean {
  return Number(/^Max open files +(\d+)/m.exec(limits)?.[1]) < FEW_FILES;
}

function readLimits(): string {
  try {
    return process.platform === 'linux' ? readFileSync('/proc/self/limits', 'utf8') : '';
  } catch {
    return '';
  }
}
