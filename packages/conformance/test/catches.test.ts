// A suite that cannot fail proves nothing: each backend here is wrong in one way, and the suite must
// say so.

import {
  type Backend,
  type EntryName,
  type Kernels,
  type Op,
  type Program,
  type Session,
  typescriptBackend,
} from '@bitgrad/core';
import { describe, expect, it } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { suite } from '../src/suite.js';

/** The messages of the failing cases of some groups. */
async function failuresOf(backend: Backend, ...groups: string[]): Promise<string[]> {
  const failures: string[] = [];
  for (const one of suite()) {
    if (!groups.includes(one.group)) continue;
    try {
      await one.run(backend);
    } catch (error) {
      failures.push(`${one.group}: ${one.name}: ${(error as Error).message}`);
    }
  }
  return failures;
}

/** The TypeScript backend, but for what `after` does to a session's memory after each step. */
function wrongAfterSteps(
  after: (session: Session, program: Program, entry: EntryName) => void,
): Backend {
  return {
    ...typescriptBackend(),
    open: (program, samples) => {
      const session = typescriptBackend().open(program, samples);
      return {
        ...(session.samples && { samples: session.samples }),
        memory: session.memory,
        close: () => session.close(),
        run: (entry, steps) => {
          for (let step = 0; step < steps; step += 1) {
            session.run(entry, 1);
            after(session, program, entry);
          }
          // Whatever is wrong with the number is refused as it should be.
          if (!(steps >= 1)) session.run(entry, steps);
        },
      };
    },
  };
}

/** The TypeScript backend, but for how `change` rewrites the ops of every program. */
function wrongOps(change: (op: Op) => Op): Backend {
  return {
    ...typescriptBackend(),
    open: (program, samples) => {
      const entries = Object.entries(program?.entries ?? {}).map(([name, entry]) => [
        name,
        Array.isArray(entry?.ops)
          ? { ...entry, ops: entry.ops.map((op) => op && change(op)) }
          : entry,
      ]);
      const isWhole = typeof program?.entries === 'object';
      return typescriptBackend().open(
        isWhole ? { ...program, entries: Object.fromEntries(entries) } : program,
        samples,
      );
    },
  };
}

function wrongKernels(change: (kernels: Kernels) => Partial<Kernels>): Backend {
  const right = typescriptBackend();
  return { ...right, kernels: { ...right.kernels, ...change(right.kernels) } };
}

/** Flips the last bit of the first element of a slice. */
function flip(session: Session, slice: string): void {
  const values = session.memory.f32(slice);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  bits[0] = bits[0]! ^ 1;
}

const has = (program: Program, slice: string): boolean =>
  program.slices.some(({ name, length }) => name === slice && length > 0);

describe.skipIf(missing('long'))('the suite', () => {
  it('passes the TypeScript backend through the wrapper', async () => {
    const unchanged = wrongAfterSteps(() => undefined);
    expect(await failuresOf(unchanged, 'ops', 'programs', 'trainings', 'session')).toEqual([]);
  });

  it('catches one bit of a weight, after one step of many', async () => {
    let steps = 0;
    const backend = wrongAfterSteps((session, program, entry) => {
      if (entry !== 'train' || !has(program, 'layers.0.weight')) return;
      steps += 1;
      if (steps === 20) flip(session, 'layers.0.weight');
    });
    const failures = await failuresOf(backend, 'trainings');
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/weightsSha256: expected [0-9a-f]{64}, received [0-9a-f]{64}$/);
  });

  it('catches one bit of a slice, and names step, op, slice, index and both values', async () => {
    const backend = wrongAfterSteps((session, program) => {
      if (has(program, 'dLogits')) flip(session, 'dLogits');
    });
    const failures = await failuresOf(backend, 'programs');
    expect(failures.length).toBeGreaterThan(50);
    expect(failures[0]).toMatch(
      /op 1 of \d+ \(gather\), step 1 of 1, slice "dLogits" \[128,5\], index 0: expected 0 \(00000000\), received 1\.4\S+ \(00000001\)/,
    );
  });

  it('catches a product that is summed from the end', async () => {
    const failures = await failuresOf(
      wrongKernels(({ sgemm }) => ({
        sgemm: (transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) => {
          const isSimple = !transposeA && !transposeB && lda === k && a.length === m * k;
          if (!isSimple)
            return sgemm(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
          const reversedA = new Float32Array(a.length);
          const reversedB = b.slice();
          for (let p = 0; p < k; p += 1) {
            for (let i = 0; i < m; i += 1) reversedA[i * k + p] = a[i * k + (k - 1 - p)]!;
            for (let j = 0; j < n; j += 1) reversedB[p * ldb + j] = b[(k - 1 - p) * ldb + j]!;
          }
          return sgemm(false, false, m, n, k, alpha, reversedA, lda, reversedB, ldb, beta, c, ldc);
        },
      })),
      'kernels',
    );
    expect(failures.some((failure) => failure.includes('sums run from left to right'))).toBe(true);
    expect(failures.some((failure) => failure.includes('sgemm, ordinary'))).toBe(true);
  });

  it('catches a kernel that fuses a multiplication with an addition', async () => {
    // In binary64 the product is exact and only the sum is rounded, as in a fused multiply-add.
    const failures = await failuresOf(
      wrongKernels(({ saxpy }) => ({
        saxpy: (n, alpha, x, incx, y, incy) => {
          saxpy(n, 0, x, incx, y.slice(), incy);
          for (let i = 0; i < n; i += 1) {
            y[i * incy] = Math.fround(y[i * incy]! + Math.fround(alpha) * x[i * incx]!);
          }
        },
      })),
      'kernels',
    );
    expect(failures.some((failure) => failure.includes('golden: saxpy'))).toBe(true);
  });

  it('catches subnormal numbers that become 0', async () => {
    const failures = await failuresOf(
      wrongAfterSteps((session, program) => {
        for (const { name, type } of program.slices) {
          if (type !== 'f32') continue;
          const values = session.memory.f32(name);
          for (const [at, value] of values.entries()) {
            if (Math.abs(value) < 1.1754943508222875e-38) values[at] = Math.sign(value) * 0;
          }
        }
      }),
      'ops',
      'trainings',
    );
    expect(failures.some((failure) => failure.startsWith('trainings: subnormal'))).toBe(true);
    expect(failures.some((failure) => failure.startsWith('ops: golden'))).toBe(true);
  });

  it('catches activations that are nearly right', async () => {
    // Rounding to zero instead of to nearest, in one of about 30 results.
    const failures = await failuresOf(
      wrongAfterSteps((session, program) => {
        const op = program.entries.train!.ops.at(-1)!;
        if (op.op !== 'activation' || op.activation !== 'tanh') return;
        const values = session.memory.f32(op.output);
        const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
        for (let i = 0; i < bits.length; i += 1)
          if (bits[i]! % 31 === 0 && bits[i]! > 0) bits[i]! -= 1;
      }),
      'elementary',
    );
    expect(failures.map((failure) => failure.split(':')[1])).toContain(' golden');
  });

  it('catches a wrong gradient that all backends share', async () => {
    const failures = await failuresOf(
      wrongOps((op) => (op.op === 'activationGrad' ? { ...op, activation: 'leaky-relu' } : op)),
      'gradients',
      'reference',
    );
    for (const activation of ['relu', 'sigmoid', 'tanh', 'elu']) {
      expect(failures.some((failure) => failure.includes(` ${activation}, output none`))).toBe(
        true,
      );
    }
    expect(failures.some((failure) => failure.startsWith('reference: ten steps'))).toBe(true);
  });

  it('catches a bias that L2 pulls on', async () => {
    const failures = await failuresOf(
      wrongOps((op) => (op.op === 'sgd' && op.l2 === 0 ? { ...op, l2: 0.0625 } : op)),
      'reference',
      'trainings',
    );
    expect(failures.some((failure) => failure.startsWith('reference: ten steps'))).toBe(true);
    expect(
      failures.some((failure) => failure.startsWith('trainings: tanh, batches of 32, l2')),
    ).toBe(true);
  });

  it('catches a backend that refuses nothing', async () => {
    const careless: Backend = {
      ...typescriptBackend(),
      open: (program) => {
        const session = typescriptBackend().open(program);
        return {
          memory: session.memory,
          close: () => undefined,
          run: (entry, steps) => {
            try {
              session.run(entry, steps);
            } catch {
              // Whatever was wrong is nobody's concern.
            }
          },
        };
      },
    };
    const failures = await failuresOf(careless, 'session');
    expect(failures.map((failure) => failure.split(': ')[1])).toEqual(
      expect.arrayContaining([
        'a closed session refuses to run; closing twice is allowed',
        'unknown entries are refused',
        'bad numbers of steps are refused',
        'bad control is refused',
        'a sample index out of range is refused',
        'a target out of range is refused',
        'a loss that is not finite ends the run and names the step',
      ]),
    );
  });

  it('catches a session that writes where it should not', async () => {
    const failures = await failuresOf(
      wrongAfterSteps((session, program) => {
        for (const { name } of program.slices) {
          if (name.startsWith('c of op 60'))
            session.memory.f32(name)[session.memory.f32(name).length - 1] = 0;
        }
      }),
      'ops',
    );
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.every((failure) => failure.startsWith('ops: gemm'))).toBe(true);
  });
});
