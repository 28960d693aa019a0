import { typescriptBackend } from '@bitgrad/core';
import { expect, test } from 'vitest';
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
