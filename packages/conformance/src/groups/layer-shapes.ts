import { type ActivationName, beginPass, typescriptBackend } from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { programOf, withSession } from '../run-both.js';
import { kindCases, type OpRun, type Slices, WIDTHS, widthsAndPasses } from './op-shapes.js';

export const ACTIVATIONS: readonly ActivationName[] = [
  'relu',
  'sigmoid',
  'tanh',
  'leaky-relu',
  'elu',
];

/** Bias and activation ops over many shapes. */
export function layerCases(): GroupCase[] {
  return [
    ...kindCases('biasAdd', function* (): Iterable<OpRun> {
      for (const { width, batchSize, count } of widthsAndPasses([0])) {
        yield {
          op: { op: 'biasAdd', output: 'output', bias: 'bias', width },
          batchSize,
          count,
          declarations: [
            ['output', 'f32', batchSize, width],
            ['bias', 'f32', width],
          ],
        };
      }
    }),
    ...kindCases('biasGrad', function* (): Iterable<OpRun> {
      for (const { width, batchSize, count } of widthsAndPasses([0])) {
        yield {
          op: { op: 'biasGrad', dOutput: 'dOutput', dBias: 'dBias', width },
          batchSize,
          count,
          declarations: [
            ['dOutput', 'f32', batchSize, width],
            ['dBias', 'f32', width + 3],
          ],
        };
      }
    }),
    ...ACTIVATIONS.flatMap(activationCases),
    ...ACTIVATIONS.map(notANumberCase),
    ...sgdCases(),
  ];
}

function activationCases(activation: ActivationName): GroupCase[] {
  return [
    ...kindCases(`activation ${activation}`, function* (): Iterable<OpRun> {
      for (const { width, batchSize, count } of widthsAndPasses([0])) {
        yield {
          op: { op: 'activation', output: 'output', width, activation },
          batchSize,
          count,
          declarations: [['output', 'f32', batchSize, width]],
        };
      }
    }),
    ...kindCases(`activationGrad ${activation}`, function* (): Iterable<OpRun> {
      for (const { width, batchSize, count } of widthsAndPasses([0])) {
        yield {
          op: { op: 'activationGrad', output: 'output', dOutput: 'dOutput', width, activation },
          batchSize,
          count,
          declarations: [
            ['output', 'f32', batchSize, width],
            ['dOutput', 'f32', batchSize, width],
          ],
          fix: (slices) => applyActivation(activation, slices),
        };
      }
    }),
  ];
}

/** A NaN stays one wherever in a row it stands (contract, rule 5): a run gone wrong must be seen. */
function notANumberCase(activation: ActivationName): GroupCase {
  return {
    name: `activation ${activation}, NaN`,
    run: (backend) => {
      const width = 65;
      const program = programOf([{ op: 'activation', output: 'output', width, activation }], 1, [
        ['output', 'f32', 1, width],
      ]);
      withSession(backend, program, (session) => {
        const output = session.memory.f32('output').fill(Number.NaN);
        beginPass(session.memory, 1);
        session.run('train', 1);
        const lost = output.findIndex((value) => !Number.isNaN(value));
        if (lost >= 0) throw new Error(`index ${lost}: expected NaN, received ${output[lost]}`);
      });
    },
  };
}

/** Makes the slice `output` what the activation could have given. */
function applyActivation(activation: ActivationName, slices: Slices): void {
  const output = slices.f32('output');
  const program = programOf(
    [{ op: 'activation', output: 'output', width: output.length, activation }],
    1,
    [['output', 'f32', output.length]],
  );
  withSession(typescriptBackend(), program, (session) => {
    session.memory.f32('output').set(output);
    beginPass(session.memory, 1);
    session.run('train', 1);
    output.set(session.memory.f32('output'));
  });
}

function sgdCases(): GroupCase[] {
  return [0, Math.fround(1e-4), 0.5].flatMap((l2) =>
    kindCases(`sgd, l2 ${l2}`, function* (): Iterable<OpRun> {
      for (const length of [0, ...WIDTHS, 1000]) {
        yield {
          op: {
            op: 'sgd',
            parameter: 'parameter',
            gradient: 'gradient',
            rates: 'rates',
            length,
            l2,
          },
          batchSize: 7,
          count: 20,
          declarations: [
            ['parameter', 'f32', length + 2],
            ['gradient', 'f32', length],
            ['rates', 'f32', 3],
          ],
          fix: ({ f32 }) => f32('rates').set([0.05, 1e-30, 1.5]),
        };
      }
    }),
  );
}
