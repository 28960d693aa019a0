import { constants } from 'node:buffer';
import { totalmem } from 'node:os';
import {
  type Backend,
  beginPass,
  type Program,
  planMemory,
  typescriptBackend,
} from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { nativeBackend } from '../src/index.js';

const FEATURES = 0x10000;
const SAMPLES = 20_000;

/** Copies samples of 5.2 GB in all, of which nothing but what is touched takes memory. */
const PROGRAM: Program = {
  ...planMemory([
    ['control', 'u32', 3],
    ['order', 'u32', 3],
    ['input', 'f32', 1, FEATURES],
    ['copy', 'f32', 3, FEATURES],
  ]),
  samples: planMemory([['samples', 'f32', SAMPLES, FEATURES]]),
  entries: {
    copy: {
      batchSize: 1,
      ops: [
        {
          op: 'gather',
          samples: 'samples',
          order: 'order',
          shifts: null,
          input: 'input',
          sampleCount: SAMPLES,
          features: FEATURES,
          height: 0,
          width: 0,
          preprocess: 'none',
        },
        { op: 'emit', logits: 'input', outputs: 'copy', width: FEATURES },
      ],
    },
  },
};

function copied(backend: Backend): number[] {
  const session = backend.open(PROGRAM);
  try {
    const { memory } = session;
    const order = [0, SAMPLES - 1, 16_384];
    memory.u32('order').set(order);
    for (const index of order) {
      memory.f32('samples')[index * FEATURES] = index + 0.5;
      memory.f32('samples')[(index + 1) * FEATURES - 1] = -index;
    }
    beginPass(memory, 3);
    session.run('copy', 3);
    const copy = memory.f32('copy');
    return order.flatMap((_, row) => [copy[row * FEATURES]!, copy[(row + 1) * FEATURES - 1]!]);
  } finally {
    session.close();
  }
}

// Where so much cannot even be promised, there is nothing to be found out.
describe.skipIf(totalmem() < 8e9)('samples of more than 4 GiB', () => {
  const expected = [0.5, -0, SAMPLES - 0.5, 1 - SAMPLES, 16_384.5, -16_384];

  test('are gathered by TypeScript', () => {
    expect(copied(typescriptBackend())).toEqual(expected);
  });

  test.skipIf(missing('native'))(
    'are gathered by the native backend, or refused where Node cannot show them',
    () => {
      const copy = () => copied(nativeBackend());
      if (constants.MAX_LENGTH > PROGRAM.samples!.bytes) expect(copy()).toEqual(expected);
      else expect(copy).toThrow(`expected samples of at most ${constants.MAX_LENGTH} bytes`);
    },
  );
});
