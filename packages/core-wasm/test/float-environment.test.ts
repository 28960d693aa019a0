import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Program, planMemory } from '@bitgrad/core';
import { wasmBackend } from '@bitgrad/core-wasm';
import { expect, test } from 'vitest';
import { missing } from '../../../scripts/require.mjs';

const path = fileURLToPath(
  new URL('../../core-native/build/Release/float_environment.node', import.meta.url),
);
/** Flush to zero and denormals are zero: what another addon may have left behind. */
const HOSTILE = process.arch === 'x64' ? 0x9fc0 : 0x01000000;

test.skipIf(missing('native'))('a thread that flushes subnormal numbers is refused', async () => {
  const float = createRequire(import.meta.url)(path) as {
    get(): number;
    set(word: number): void;
  };
  const program: Program = {
    ...planMemory([['control', 'u32', 3]]),
    entries: { train: { batchSize: 1, ops: [] } },
  };
  const session = (await wasmBackend()).open(program);
  const before = float.get();
  float.set(HOSTILE);
  let thrown: unknown;
  try {
    session.run('train', 0);
  } catch (error) {
    thrown = error;
  } finally {
    float.set(before);
  }
  expect(String(thrown)).toContain('switched to flush-to-zero');
  session.run('train', 0);
});
