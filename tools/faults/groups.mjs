// Control groups, in which a command has little memory or few processes and threads. They take Linux, root, and the
// kernel's groups where systems have them, in their first or their second form.

import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const GROUPS = '/sys/fs/cgroup';
/** By what is limited: the file of the limit, in the first form and in the second; and a limit that is none. */
const LIMITS = {
  memory: { files: ['memory.limit_in_bytes', 'memory.max'], none: 2 ** 40 },
  pids: { files: ['pids.max', 'pids.max'], none: 10_000 },
};
/** How long what a command began may take to end after it, in milliseconds. */
const PATIENCE = 5000;

/**
 * Makes a group.
 *
 * @param {'memory' | 'pids'} kind
 * @param {number} limit bytes, or processes and threads
 * @returns {{ shell: string, killed: () => number, close: () => Promise<void> }} what a shell says to be in it;
 *   how many processes the kernel has ended there because it had no memory for them; and its removal, which throws where
 *   one is left
 */
export function openGroup(kind, limit) {
  const isFirst = existsSync(join(GROUPS, kind));
  const group = join(...(isFirst ? [GROUPS, kind] : [GROUPS]), `bitgrad-faults-${process.pid}`);
  mkdirSync(group);
  try {
    writeFileSync(join(group, LIMITS[kind].files[isFirst ? 0 : 1]), String(limit));
  } catch (error) {
    rmdirSync(group);
    throw error;
  }
  const told = join(group, isFirst ? 'memory.oom_control' : 'memory.events');
  return {
    shell: `echo $$ > ${join(group, 'cgroup.procs')} &&`,
    killed: () =>
      existsSync(told) ? Number(/^oom_kill (\d+)$/m.exec(readFileSync(told, 'utf8'))?.[1] ?? 0) : 0,
    async close() {
      const since = performance.now();
      for (;;) {
        try {
          rmdirSync(group);
          return;
        } catch (error) {
          if (performance.now() - since > PATIENCE) throw error;
        }
        await setTimeout(50);
      }
    },
  };
}

/** Whether such groups can be made here. */
export async function hasGroups(kind) {
  try {
    await openGroup(kind, LIMITS[kind].none).close();
    return true;
  } catch {
    return false;
  }
}
