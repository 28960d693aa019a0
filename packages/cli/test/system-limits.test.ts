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
