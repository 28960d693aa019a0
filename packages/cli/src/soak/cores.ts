import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** The cores that are checked, and the command that holds a process on one of them, or why there is none. */
export interface Cores {
  readonly numbers: readonly number[];
  /** As in `taskset -c 3`, for one core, or empty. */
  readonly pin: (core: number) => readonly string[];
  readonly unpinned: string | null;
}

/** The cores that this process may use. */
export function findCores(): Cores {
  const allowed = allowedCores();
  if (allowed === null) return unpinned('this system lets no process be held on one core');
  if (spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status !== 0) {
    return unpinned('there is no taskset (of util-linux) on the PATH');
  }
  return { numbers: allowed, pin: (core) => ['taskset', '-c', String(core)], unpinned: null };
}

function unpinned(reason: string): Cores {
  const numbers = Array.from({ length: availableParallelism() }, (_, core) => core);
  return { numbers, pin: () => [], unpinned: reason };
}

/** What Linux says of this process; null elsewhere. */
function allowedCores(): number[] | null {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
    return list === undefined ? null : parseCores(list);
  } catch {
    return null;
  }
}

/** The numbers of a list such as `0-3,8`. */
export function parseCores(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
}
