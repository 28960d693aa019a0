import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { BitgradError } from '@bitgrad/core';
import { assertGradualUnderflow, hasGradualUnderflow } from '@bitgrad/core/backend';
import { describe, expect, test } from 'vitest';
import {
  expectSameBits,
  isMissing,
  nativeBackends,
  nativeTeams,
  openFilled,
  programOf,
} from './support.js';

interface FloatEnvironment {
  get(): number;
  set(word: number): void;
}

const path = fileURLToPath(new URL('../build/Release/float_environment.node', import.meta.url));

/** Flush to zero, denormals are zero, and round up: what another addon may have left behind. */
const HOSTILE = process.arch === 'x64' ? 0xdfc0 : 0x01400000;

describe.skipIf(isMissing).each([...nativeBackends, ...nativeTeams])(
  'floating-point settings, $isa, threads: $threads',
  (backend) => {
    const float: FloatEnvironment = createRequire(import.meta.url)(path);

    /** Runs `work` under hostile settings and checks that they are as they were after each part. */
    function underHostile(...work: (() => void)[]): void {
      const before = float.get();
      const after: number[] = [];
      float.set(HOSTILE);
      try {
        for (const part of work) {
          part();
          after.push(float.get());
        }
      } finally {
        float.set(before);
      }
      // The lowest six bits of MXCSR report what happened; JavaScript's own arithmetic sets them.
      expect(after.map((word) => word & ~0x3f)).toEqual(work.map(() => HOSTILE));
    }

    test('neither change the bits nor are changed', () => {
      const x = Float32Array.of(1e-30, 3e-39, 1 / 3, -1e-41);
      const y = Float32Array.of(1e-10, 0.5, 1e-7, 1e-41);
      const results = () => {
        const c = new Float32Array(16);
        backend.kernels.sgemm(true, false, 4, 4, 1, 1, x, 4, y, 4, 0, c, 4);
        const axpy = y.slice();
        backend.kernels.saxpy(4, 0.1, x, 1, axpy, 1);
        const scalars = Float64Array.of(backend.kernels.sdot(4, x, 1, y, 1));
        return { c, axpy, scalars: new Float32Array(scalars) };
      };
      const expected = results();
      expect(expected.c.some((value) => value !== 0 && Math.abs(value) < 1e-38)).toBe(true);

      const width = 4;
      const program = programOf(
        1,
        [
          ['parameter', 'f32', width],
          ['gradient', 'f32', width],
          ['rates', 'f32', 4],
        ],
        [
          {
            op: 'sgd',
            parameter: 'parameter',
            gradient: 'gradient',
            rates: 'rates',
            length: width,
            l2: 0,
          },
        ],
      );
      const open = () =>
        openFilled(backend, program, 4, (memory) => {
          memory.f32('parameter').set(y);
          memory.f32('gradient').set(x);
          memory.f32('rates').fill(0.1);
        });
      const [session, other] = [open(), open()];
      session.run('train', 2);

      let received: ReturnType<typeof results> | undefined;
      underHostile(
        () => {
          received = results();
        },
        () => other.run('train', 2),
      );
      expectSameBits('sgemm', received!.c, expected.c);
      expectSameBits('saxpy', received!.axpy, expected.axpy);
      expectSameBits('sdot', received!.scalars, expected.scalars);
      expectSameBits('sgd', other.memory.f32('parameter'), session.memory.f32('parameter'));
    });

    test('are right in the thread of a runAsync too', async () => {
      const program = programOf(
        1,
        [['output', 'f32', 1, 4]],
        [{ op: 'activation', output: 'output', width: 4, activation: 'leaky-relu' }],
      );
      const values = Float32Array.of(-1e-38, -2e-37, -1e-40, 3e-39);
      const open = () =>
        openFilled(backend, program, 1, (memory) => memory.f32('output').set(values));
      const [session, other] = [open(), open()];
      session.run('train', 1);
      let running: Promise<void> | undefined;
      // A new thread takes over the settings of the one that starts it.
      underHostile(() => {
        running = other.runAsync!('train', 1);
      });
      await running;
      expectSameBits('leaky-relu', other.memory.f32('output'), session.memory.f32('output'));
    });
  },
);

test.skipIf(isMissing)('a thread that loses subnormal numbers is told', () => {
  const float: FloatEnvironment = createRequire(import.meta.url)(path);
  const before = float.get();
  let keeps: boolean | undefined;
  let error: unknown;
  float.set(HOSTILE);
  try {
    keeps = hasGradualUnderflow();
    assertGradualUnderflow();
  } catch (thrown) {
    error = thrown;
  } finally {
    float.set(before);
  }
  expect(keeps).toBe(false);
  expect(error).toBeInstanceOf(BitgradError);
  expect(String(error)).toContain('received 0: another addon in this process');
  expect(hasGradualUnderflow()).toBe(true);
});
