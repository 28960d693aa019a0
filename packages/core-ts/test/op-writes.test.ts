import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import { type Field, OPERANDS } from '../src/program/operands.js';
import type { Op } from '../src/program/ops.js';
import { beginPass } from '../src/program/session.js';
import { Stream } from '../src/random/stream.js';
import { oneOp } from './one-op.js';

const { fround } = Math;
const writes = (operand: Field): boolean => operand.kind === 'slice' && operand.access === 'writes';

/** Runs a step of two rows, with this in every element that the op only writes. Returns what it writes. */
function written(name: Op['op'], before: number): number[][] {
  const { program, slices } = oneOp(name);
  const session = typescriptBackend().open(program);
  const { memory } = session;
  const stream = new Stream(5, 'split', 1);
  const viewOf = (slice: string) => {
    const { type } = [...program.slices, ...(program.samples?.slices ?? [])].find(
      (one) => one.name === slice,
    )!;
    return { type, view: memory[type](slice) };
  };
  for (const [slice, operand] of slices) {
    const { type, view } = viewOf(slice);
    view.forEach((_, at) => {
      const number = fround((stream.below(2000) + 1) / 700);
      view[at] = writes(operand) ? before : type.startsWith('f') ? number : stream.below(2);
    });
  }
  beginPass(memory, 2);
  session.run('train', 1);
  const found = slices
    .filter(([, operand]) => writes(operand))
    .map(([slice]) => Array.from(viewOf(slice).view));
  session.close();
  return found;
}

describe('what an op writes does not hang on what was there', () => {
  const ops = (Object.keys(OPERANDS) as Op['op'][]).filter((name) =>
    Object.values(OPERANDS[name]).some(writes),
  );

  it.each(ops)('%s', (name) => {
    const [zeros, sevens] = [written(name, 0), written(name, 7)];
    for (const [slice, values] of zeros.entries()) {
      const others = sevens[slice]!;
      const isLeft = (at: number): boolean => values[at] === 0 && others[at] === 7;
      const places = [...values.keys()];
      // Two rows, or two of something: the rest of 64 is left alone.
      const most = places.filter((at) => !isLeft(at)).length;
      expect(most).toBeGreaterThan(0);
      expect(most).toBeLessThan(64);
      for (const at of places.filter((one) => !isLeft(one))) expect(others[at]).toBe(values[at]);
    }
  });
});

it('a product writes its own rows, and none behind', () => {
  const { sgemm } = typescriptBackend().kernels;
  // One row, three, and an odd one behind pairs, each among others that stay.
  for (const m of [1, 2, 3, 5]) {
    const [n, k, ldc] = [5, 3, 6];
    const numbers = (length: number, from: number) =>
      Float32Array.from({ length }, (_, at) => from + at);
    const a = numbers((m + 2) * k, 1);
    const b = numbers(k * n, 2);
    const c = new Float32Array((m + 2) * ldc).fill(7);
    sgemm(false, false, m, n, k, 1, a, k, b, n, 0, c, ldc);
    const expected = Array.from(c, (_, at) => {
      const [i, j] = [Math.floor(at / ldc), at % ldc];
      if (i >= m || j >= n) return 7;
      return [0, 1, 2].reduce((sum, p) => sum + a[i * k + p]! * b[p * n + j]!, 0);
    });
    expect([...c]).toEqual(expected);
  }
});
