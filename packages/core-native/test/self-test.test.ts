import { existsSync, readFileSync } from 'node:fs';
import { typescriptBackend } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { nativeAvailability } from '../src/index.js';
import { selfTest } from '../src/self-test.js';
import { nativeBackends } from './support.js';

test('the self-test expects what the TypeScript backend computes', () => {
  expect(() => selfTest(typescriptBackend())).not.toThrow();
});

test('every instruction set passes it', () => {
  for (const backend of nativeBackends) expect(() => selfTest(backend)).not.toThrow();
});

test('it refuses products whose last bit differs', () => {
  const backend = typescriptBackend();
  const { sgemm } = backend.kernels;
  const kernels = {
    ...backend.kernels,
    sgemm: (...operands: Parameters<typeof sgemm>) => {
      sgemm(...operands);
      const c = operands[11];
      new Uint32Array(c.buffer)[0]! ^= 1;
    },
  };
  expect(() => selfTest({ ...backend, kernels })).toThrow(/expected its self-test on javascript/);
});

/** What Linux says that each set of kernels needs, the fastest first. */
const FLAGS: readonly (readonly [isa: string, flags: readonly string[]])[] = [
  ['avx512', ['avx512f', 'avx512dq', 'avx512bw', 'avx512vl']],
  ['avx2', ['avx2']],
  ['sse2', ['sse2']],
];

test.skipIf(missing('native') || process.arch !== 'x64' || !existsSync('/proc/cpuinfo'))(
  'the addon finds the instruction sets that Linux says the processor has',
  () => {
    const line = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))![1]!;
    const has = new Set(line.trim().split(' '));
    const expected = FLAGS.flatMap(([isa, flags]) => (flags.every((f) => has.has(f)) ? [isa] : []));
    expect(nativeAvailability()).toMatchObject({ isa: expected });
  },
);
