import { type Backend, typescriptBackend } from '@bitgrad/core';
import { expect, it } from 'vitest';
import type { Case } from '../src/case.js';
import { suite } from '../src/suite.js';
import { unanimous } from '../src/unanimous.js';

const right = typescriptBackend();
/** Each of its runs changes the lowest bit of the first number of a slice. */
const wrong: Backend = {
  ...right,
  isa: 'wrong',
  open(program, samples) {
    const session = right.open(program, samples);
    const slice = program.slices.find(
      ({ name, type, length }) => type === 'f32' && name !== 'rates' && length > 0,
    )!;
    return {
      ...session,
      run(entry, steps) {
        session.run(entry, steps);
        const { buffer, byteOffset } = session.memory.f32(slice.name);
        new Uint8Array(buffer)[byteOffset]! ^= 1;
      },
    };
  },
};

const firstOf = (group: string, start: string): Case =>
  suite().find((one) => one.group === group && one.name.startsWith(start))!;

it.each([firstOf('ops', 'gemm'), firstOf('programs', 'gradients'), firstOf('trainings', '')])(
  'one of many that is wrong is told by its name: $group, $name',
  async ({ run }) => {
    await run(unanimous(right, right, right));
    const caught = async (...backends: Backend[]) => run(unanimous(...backends));
    await expect(caught(right, right, wrong)).rejects.toThrow(/wrong, 1 threads beside 1.*slice/s);
    await expect(caught(right, wrong, right)).rejects.toThrow(/wrong, 1 threads beside 1.*slice/s);
  },
);
