import { expect, test } from 'vitest';
import { PLATFORMS as BUILT } from '../../../scripts/platforms/table.mjs';
import { PLATFORMS, packageOf, platformName } from '../src/find-addon.js';

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
