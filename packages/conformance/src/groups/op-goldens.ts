import { type Backend, beginPass } from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { expectSameBits, view } from '../compare.js';
import type { OpGolden } from '../golden-types.js';
import { IMAGE_OP_GOLDENS } from '../goldens/image-ops.js';
import { LEARNING_OP_GOLDENS } from '../goldens/learning-ops.js';
import { OP_GOLDENS } from '../goldens/ops.js';
import { writeHex } from '../hex.js';
import { programOf, withSession } from '../run-both.js';

/** Each op alone against vectors that the Python implementation of the contract computed. */
export function opGoldenCases(): GroupCase[] {
  return [...OP_GOLDENS, ...IMAGE_OP_GOLDENS, ...LEARNING_OP_GOLDENS].map((golden) => ({
    name: `golden: ${golden.name}`,
    run: (backend) => runGolden(backend, golden),
  }));
}

function runGolden(backend: Backend, { op, batchSize, count, slices }: OpGolden): void {
  const program = programOf(
    [op],
    batchSize,
    slices.map(({ name, type, shape }) => [name, type, ...shape]),
  );
  const steps = Math.ceil(count / batchSize);
  withSession(backend, program, (session) => {
    const { memory } = session;
    for (const { name, type, before } of slices) writeHex(before, memory[type](name));
    beginPass(memory, count);
    session.run('train', steps);
    for (const { name, type, before, after } of slices) {
      if (after === '') continue;
      const slice = program.slices.find((one) => one.name === name)!;
      const actual = view(memory, slice);
      const expected = actual.slice();
      writeHex(after ?? before, expected);
      expectSameBits(actual, expected, `after ${steps} steps of ${op.op}, slice "${name}" ${type}`);
    }
  });
}
