import { readFileSync } from 'node:fs';
import { BitgradError } from '@bitgrad/core/errors';

/** What no system has without end, by the code of its error; and what gives more. */
const LIMITS: Readonly<Record<string, readonly [what: string, fix: string]>> = {
  EMFILE: ['files', 'let the process have more open files, as by ulimit -n 1024'],
  ENFILE: ['files', 'let the system have more open files, or end what has many open'],
  EAGAIN: ['processes', 'let this user or container have more processes (ulimit -u, pids.max)'],
  ENOMEM: ['memory', 'end what else takes memory, or let the process have more (ulimit -v)'],
};

/** What engines say, without a code, where an array has no place. */
const NO_PLACE = /allocation failed|could not allocate|out of memory/i;

/** An error that says which limit was reached is nobody's bug. */
export function limitIn(error: unknown): unknown {
  const { code, message, syscall } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  const isLarge = error instanceof RangeError && NO_PLACE.test(error.message);
  const limit = isLarge ? LIMITS.ENOMEM : code === undefined ? undefined : LIMITS[code];
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
export function addressSpaceNote(limits = limitsHere()): string | null {
  const bytes = Number(/^Max address space +(\d+)/m.exec(limits)?.[1] ?? Infinity);
  if (bytes >= ENOUGH_ADDRESSES) return null;
  return `note: this process may have ${bytes} bytes of address space (ulimit -v), where JavaScript wants ${ENOUGH_ADDRESSES}: it may end with an engine's own report`;
}

function limitsHere(): string {
  try {
    return process.platform === 'linux' ? readFileSync('/proc/self/limits', 'utf8') : '';
  } catch {
    return '';
  }
}
