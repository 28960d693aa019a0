import { spawnSync } from 'node:child_process';
import { BitgradError } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { addressSpaceNote, limitIn } from '../src/system-limits.js';
import { executable } from './run-cli.js';

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

test('a package that could not be opened is none that is not there', () => {
  const lost = failed('ERR_MODULE_NOT_FOUND');
  const limits = (files: number) =>
    `Max open files            ${files}                 524288               files`;
  expect((limitIn(lost, limits(40)) as Error).message).toContain(
    'files: expected more of the system',
  );
  for (const many of [limits(1024), '']) expect(limitIn(lost, many)).toBe(lost);
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

test('little address space is said before an engine ends for it', () => {
  const limits = (bytes: string) =>
    `Limit                     Soft Limit           Hard Limit           Units\nMax address space         ${bytes}            unlimited            bytes\n`;
  expect(addressSpaceNote(limits('1075200000'))).toMatch(
    /^note: this process may have 1075200000 bytes of address space \(ulimit -v\)/,
  );
  for (const enough of ['unlimited', '2000000000', '']) {
    expect(addressSpaceNote(limits(enough))).toBe(null);
  }
});

test.runIf(process.platform === 'linux')('so by the program itself', () => {
  const words = ['-c', 'ulimit -v 1900000; exec "$0" "$@"', process.execPath, executable];
  const { status, stderr } = spawnSync('bash', [...words, '--version'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: expect.stringMatching(/^note: this process may have 1945600000 bytes .*\n$/),
  });
});
