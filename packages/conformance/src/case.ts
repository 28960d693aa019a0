import type { Backend } from '@bitgrad/core';
import { BitgradError } from '@bitgrad/core';

/** One thing that a backend must get right. */
export interface Case {
  readonly group: string;
  /** Unique within its group. */
  readonly name: string;
  /** Throws, or rejects, with a message that says what differs and where. */
  run(backend: Backend): void | Promise<void>;
}

/** What a group is made of: cases that do not yet say which group they are in. */
export type GroupCase = Omit<Case, 'group'>;

/** Fails a case unless `condition` holds. */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Fails unless `act` throws a BitgradError. */
export function expectRefusal(act: () => unknown, what: string): BitgradError {
  try {
    act();
  } catch (error) {
    check(error instanceof BitgradError, `${what}: expected a BitgradError, received ${error}`);
    return error;
  }
  throw new Error(`${what}: expected a BitgradError, received none`);
}
