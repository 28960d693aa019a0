import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import type { Op } from '../src/program/ops.js';
import { beginPass } from '../src/program/session.js';
import { oneOp } from './one-op.js';

describe('a step of one op', () => {
  /** Runs two rows, of which the second has an index or target. */
  const run = (name: Op['op'], slice: string, value: number): void => {
    const session = typescriptBackend().open(oneOp(name).program);
    const { memory } = session;
    beginPass(memory, 2);
    if (name === 'classWeights') memory.f32('weights').fill(1);
    memory.u32(slice)[1] = value;
    session.run('train', 1);
    session.close();
  };

  it.each<[Op['op'], string, RegExp]>([
    ['gather', 'order', /sample/],
    ['gatherTargets', 'order', /sample/],
    ['gatherAffine', 'order', /sample/],
    ['softmaxCrossEntropy', 'targets', /target/],
    ['classWeights', 'targets', /target/],
  ])('%s takes indices below 2, and no more', (name, slice, message) => {
    expect(() => run(name, slice, 1)).not.toThrow();
    for (const value of [2, 3, 0xffffffff]) expect(() => run(name, slice, value)).toThrow(message);
  });

  it.each<[Op['op'], number, boolean]>([
    ['softmaxCrossEntropy', 5, true],
    ['softmaxCrossEntropy', Number.NaN, false],
    ['squaredError', 1e18, true],
    ['squaredError', 1e20, false],
    ['binaryCrossEntropy', 1e30, true],
    ['binaryCrossEntropy', Number.NaN, false],
  ])('%s of a logit of %d', (name, logit, isFine) => {
    const session = typescriptBackend().open(oneOp(name).program);
    const { memory } = session;
    beginPass(memory, 2);
    // Of the first row: the second is well.
    memory.f32('logits')[0] = logit;
    const work = () => session.run('train', 1);
    if (isFine) expect(work).not.toThrow();
    else expect(work).toThrow(/finite/);
    session.close();
  });
});

it('a backend says what it is', () => {
  expect(typescriptBackend().name).toBe('ts');
});
