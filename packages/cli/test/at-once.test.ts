import { RECIPES } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { hasLongSteps, rowsAtOnce } from '../src/at-once.js';

const [ts, wasm, native] = ['ts', 'wasm', 'native'].map((name) => ({ name }));
const small = { ...RECIPES.mnist!, layers: [784, 128, 10] };
const wide = { ...small, layers: [784, 4096, 4096, 10] };

test('signals wait for the steps of a small network, and not for those of a large one', () => {
  expect([ts, wasm, native].map((backend) => hasLongSteps(backend!, small))).toEqual([
    false,
    false,
    false,
  ]);
  // The native backend's are not on the event loop.
  expect([ts, wasm, native].map((backend) => hasLongSteps(backend!, wide))).toEqual([
    true,
    true,
    false,
  ]);
});

test('what is looked at has 128 rows, however small a batch is; gradients cost twice as much again', () => {
  const layers = [1000, 800, 2];
  const longOf = (batchSize: number) => hasLongSteps(ts!, { ...small, layers, batchSize });
  expect([1, 42].map(longOf)).toEqual([true, true]);
  const narrow = (batchSize: number) => hasLongSteps(ts!, { ...small, batchSize });
  expect([32, 300, 400].map(narrow)).toEqual([false, false, true]);
});

test('as many samples at once as take little time, and one at least', () => {
  expect(rowsAtOnce(ts!, small)).toBe(Math.floor(1e8 / (784 * 128 + 128 * 10)));
  expect(rowsAtOnce(wasm!, small)).toBeGreaterThan(rowsAtOnce(ts!, small));
  expect(rowsAtOnce(ts!, { ...small, layers: [20_000, 20_000, 10] })).toBe(1);
});
