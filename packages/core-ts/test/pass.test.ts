import { describe, expect, it } from 'vitest';
import { BitgradError, NonFiniteError } from '../src/errors.js';
import { Memory } from '../src/program/memory.js';
import { PassCheck, RUN_STATUS, runError } from '../src/program/pass.js';
import { type Program, planMemory } from '../src/program/program.js';

/** Passes of at most 10 rows in batches of 4, and of at most 2 steps. */
const program: Program = {
  ...planMemory([
    ['control', 'u32', 3],
    ['logits', 'f32', 4, 2],
    ['predicted', 'u32', 10],
    ['parameter', 'f32', 2],
    ['gradient', 'f32', 2],
    ['rates', 'f32', 2],
  ]),
  entries: {
    train: {
      batchSize: 4,
      ops: [
        { op: 'argmax', logits: 'logits', predicted: 'predicted', classes: 2 },
        {
          op: 'sgd',
          parameter: 'parameter',
          gradient: 'gradient',
          rates: 'rates',
          length: 2,
          l2: 0,
        },
      ],
    },
    evaluate: {
      batchSize: 4,
      ops: [{ op: 'argmax', logits: 'logits', predicted: 'predicted', classes: 2 }],
    },
  },
};

describe('a pass', () => {
  const check = (name: string, [position, count, step]: number[], steps: number) => {
    const memory = new Memory(program, new ArrayBuffer(program.bytes));
    const passes = new PassCheck(program, memory);
    memory.u32('control').set([position!, count!, step!]);
    return () => passes.check(name, steps);
  };

  it.each<[string, number[], number]>([
    ['evaluate', [0, 10, 0], 3],
    ['evaluate', [0, 8, 0], 2],
    ['evaluate', [0, 9, 0], 3],
    ['evaluate', [4, 10, 1], 2],
    ['evaluate', [10, 10, 3], 0],
    ['evaluate', [0, 0, 0], 0],
    ['train', [0, 8, 0], 2],
    ['train', [4, 8, 1], 1],
    ['train', [0, 10, 2], 0],
  ])('of %s with control %j can take %d steps', (name, control, steps) => {
    expect(check(name, control, steps)).not.toThrow();
  });

  it.each<[string, number[], unknown, string]>([
    ['evaluate', [0, 11, 0], 1, 'control to hold position ≤ count ≤ 10, received 0 and 11'],
    ['evaluate', [5, 4, 0], 0, 'control to hold position ≤ count ≤ 10, received 5 and 4'],
    ['evaluate', [0, 8, 0], 3, 'at most 2 steps, which is what the pass has left, received 3'],
    ['evaluate', [4, 8, 0], 2, 'at most 1 steps, which is what the pass has left, received 2'],
    ['evaluate', [0, 8, 0], -1, 'at most 2 steps, which is what the pass has left, received -1'],
    ['evaluate', [0, 8, 0], 0.5, 'at most 2 steps, which is what the pass has left, received 0.5'],
    ['evaluate', [0, 8, 0], '1', 'at most 2 steps, which is what the pass has left, received "1"'],
    ['train', [0, 10, 0], 3, 'at most 2 steps a pass, received 3'],
    ['train', [4, 8, 2], 1, 'at most 2 steps a pass, received 3'],
    ['predict', [0, 8, 0], 1, 'one of the entries train, evaluate, received "predict"'],
    ['toString', [0, 8, 0], 1, 'one of the entries train, evaluate, received "toString"'],
  ])('of %s with control %j cannot take %j', (name, control, steps, message) => {
    const act = check(name, control, steps as number);
    expect(act).toThrow(BitgradError);
    expect(act).toThrow(`run: expected ${message}`);
  });

  it('needs the memory that it was opened with', () => {
    const gone = new Memory(program, new ArrayBuffer(program.bytes));
    const orphaned = new PassCheck(program, gone);
    structuredClone(gone.u32('control').buffer, { transfer: [gone.u32('control').buffer] });
    expect(() => orphaned.check('train', 0)).toThrow(
      "run: expected the session's memory, received a detached buffer",
    );
  });
});

describe('what ended a run', () => {
  it('is told with the step, counted from 1', () => {
    const error = runError(RUN_STATUS.nonFiniteLoss, 4) as NonFiniteError;
    expect(error).toBeInstanceOf(NonFiniteError);
    expect(error.message).toBe('the loss is not finite at step 5 of this pass');
    expect(error.step).toBe(4);
    for (const [status, message] of [
      [
        RUN_STATUS.badIndex,
        'gather: expected sample indices below the number of samples (step 5 of this pass)',
      ],
      [
        RUN_STATUS.badTarget,
        'targets: expected class indices below the number of classes (step 5 of this pass)',
      ],
    ] as const) {
      expect(runError(status, 4)).toBeInstanceOf(BitgradError);
      expect(runError(status, 4).message).toBe(message);
    }
    expect(runError(9, 0).message).toBe('unknown status 9');
    expect(runError(9, 0)).not.toBeInstanceOf(BitgradError);
  });
});
