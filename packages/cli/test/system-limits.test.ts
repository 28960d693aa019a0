import { BitgradError } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { limitIn } from '../src/system-limits.js';

const failed = (code: string, syscall?: string) =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall });

test('only what starts a process says that there are too many', () => {
  for (const syscall of ['spawn', 'spawn node', 'spawnSync node', 'fork']) {
    expect((limitIn(failed('EAGAIN', syscall)) as Error).message).toContain('processes: expected');
  }
  for (const syscall of ['read', 'write', undefined]) {
    const error = failed('EAGAIN', syscall);
    expect(limitIn(error)).toBe(error);
  }
  expect(limitIn(failed('EMFILE', 'open'))).toBeInstanceOf(BitgradError);
});

test('an array that has no place is no bug', () => {
  let thrown: unknown;
  try {
    new ArrayBuffer(2 ** 52);
  } catch (error) {
    thrown = error;
  }
  expect((limitIn(thrown) as Error).message).toContain('memory: expected more of the system');
  const other = new RangeError('Invalid array length');
  expect(limitIn(other)).toBe(other);
});
