import { expect, test } from 'vitest';

// By address, as what is imported so is no part of this folder's types.
const from = (path: string) => import(new URL(`../../${path}`, import.meta.url).href);
const { planMemory, typescriptBackend } = await from('packages/core-ts/dist/index.js');
const { canaries, guarded } = await from('tools/sanitize/guarded.mjs');

const program = {
  ...planMemory([
    ['control', 'u32', 3],
    ['output', 'f32', 1, 5],
  ]),
  entries: {
    train: {
      batchSize: 1,
      ops: [{ op: 'activation', output: 'output', width: 5, activation: 'relu' } as const],
    },
  },
};

/** The TypeScript backend, whose steps also write a byte so far behind the output. */
function writing(distance: number) {
  const sound = typescriptBackend();
  return {
    ...sound,
    open(opened: typeof program) {
      const session = sound.open(opened);
      return {
        ...session,
        run(entry: string, steps: number) {
          session.run(entry, steps);
          const { buffer, byteOffset, byteLength } = session.memory.f32('output');
          new Uint8Array(buffer)[byteOffset + byteLength + distance] = 0;
        },
      };
    },
  };
}

test.each([0, 63, 127])('a byte that is written %s behind a slice is found', (distance) => {
  const session = guarded(writing(distance), canaries).open(program);
  session.memory.u32('control')[1] = 1;
  expect(() => session.run('train', 1)).toThrow(/canary: byte \d+ of the arena was written/);
});

test('what keeps to its slices leaves canaries alive, and gives the same bits', () => {
  const session = guarded(typescriptBackend(), canaries).open(program);
  session.memory.u32('control')[1] = 1;
  session.memory.f32('output').set([-1, 2, -3, 4, 5]);
  session.run('train', 1);
  expect([...session.memory.f32('output')]).toEqual([0, 2, 0, 4, 5]);
});
