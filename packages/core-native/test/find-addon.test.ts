import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PLATFORMS as BUILT } from '../../../scripts/platforms/table.mjs';
import { checkExports } from '../src/addon.js';
import { loaderOf, PLATFORMS, packageOf, platformName } from '../src/find-addon.js';

test('the loader looks for the packages that are published', () => {
  expect([...PLATFORMS].sort()).toEqual(BUILT.map(({ name }) => name).sort());
  for (const { name, os, cpu, libc } of BUILT) {
    expect(name).toBe(`${os}-${cpu}${libc === 'musl' ? '-musl' : ''}`);
  }
});

test('this machine has a platform, by the library that Node itself needs', () => {
  const { glibcVersionRuntime } = (
    process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } }
  ).header;
  const isMusl = process.platform === 'linux' && glibcVersionRuntime === undefined;
  const name = `${process.platform}-${process.arch}${isMusl ? '-musl' : ''}`;
  expect(platformName()).toBe(name);
  expect(packageOf(name)).toBe(`@bitgrad/core-native-${name}`);
});

test('an executable’s loader is found wherever it is written, and in no other file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-loader-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'node');
  const loader = '/lib/ld-musl-x86_64.so.1';
  // A header, two of segments, of which the second names the loader, and the loader after 9,000 bytes.
  const elf = Buffer.alloc(9000);
  elf.write('\x7fELF\x02\x01', 0, 'latin1');
  elf.writeBigUInt64LE(64n, 32);
  elf.writeUInt16LE(56, 54);
  elf.writeUInt16LE(2, 56);
  elf.writeUInt32LE(1, 64);
  elf.writeUInt32LE(3, 64 + 56);
  elf.writeBigUInt64LE(9000n, 64 + 56 + 8);
  elf.writeBigUInt64LE(BigInt(loader.length + 1), 64 + 56 + 32);
  writeFileSync(file, Buffer.concat([elf, Buffer.from(`${loader}\0`)]));
  expect(loaderOf(file)).toBe(loader);
  for (const other of ['#!/bin/sh\n', '', elf.subarray(0, 5), Buffer.from(elf).fill(1, 4, 5)]) {
    writeFileSync(file, other);
    expect(loaderOf(file)).toBe('');
  }
});

test('an addon of another version is none, whatever it lacks', () => {
  expect(() => checkExports({ isas: ['avx2'] })).toThrow(
    'expected it to export kernels, tiles, useTile, Samples, Session: it is of another version',
  );
});
