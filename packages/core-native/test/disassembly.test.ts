import { spawnSync } from 'node:child_process';
import { nativeAvailability } from '@bitgrad/core-native';
import { describe, expect, test } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { isMissing } from './support.js';

/** Every instruction that rounds a product and a sum together, on x86 and on ARM. */
const FUSED = /\s(vf(n?m(add|sub)|m(addsub|subadd))[0-9a-z]*|f(n?m(add|sub|la|ls))[a-z]*)\s/;

describe.skipIf(isMissing || missing('objdump'))('the machine code', () => {
  const availability = nativeAvailability();
  const path = availability.available ? availability.path : '';
  const code = spawnSync('objdump', ['-d', '--no-show-raw-insn', path], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  }).stdout;

  test('fuses no product with a sum', () => {
    expect(code.split('\n').filter((line) => FUSED.test(line))).toEqual([]);
  });

  test('is what was looked through, and the pattern would find what it looks for', () => {
    const product = process.arch === 'x64' ? /\svmulps\s.*ymm/ : /\sfmul\s/;
    expect(code).toMatch(product);
    for (const line of [
      '  1000:\tvfmadd231ps %ymm0,%ymm1,%ymm2',
      '  1000:\tvfnmsub132ss %xmm0,%xmm1,%xmm2',
      '  1000:\tfmla\tv0.4s, v1.4s, v2.4s',
      '  1000:\tfmadd\ts0, s1, s2, s3',
    ]) {
      expect(line).toMatch(FUSED);
    }
  });
});
