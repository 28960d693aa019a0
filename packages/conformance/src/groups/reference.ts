import {
  adamScalars,
  type Backend,
  beginPass,
  compileTraining,
  parameterShapes,
  range,
  readParameters,
  type Session,
  writeParameters,
} from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import type { TorchGolden, TorchOptimizerGolden } from '../golden-types.js';
import { TORCH_GOLDENS } from '../goldens/torch.js';
import { TORCH_OPTIMIZER_GOLDENS } from '../goldens/torch-optimizers.js';
import { floatsFromHex } from '../hex.js';
import { withSession } from '../run-both.js';
import { writeLabels } from './gradients.js';
import { expectNear } from './near.js';
import { referenceImageCases } from './reference-images.js';

/** Forward, gradients and steps of every optimiser against numbers from PyTorch. */
export function referenceCases(): GroupCase[] {
  return [
    ...TORCH_GOLDENS.flatMap((golden): GroupCase[] => [
      { name: `forward and gradients: ${golden.name}`, run: (backend) => oneStep(backend, golden) },
      { name: `ten steps: ${golden.name}`, run: (backend) => tenSteps(backend, golden) },
    ]),
    ...TORCH_OPTIMIZER_GOLDENS.map((golden) => ({
      name: `${golden.steps} steps: ${golden.name}`,
      run: (backend: Backend) => manySteps(backend, golden),
    })),
    ...referenceImageCases(),
  ];
}

/** Rounding errors add up over many steps, more so where Adam divides by small numbers. */
const TOLERANCE_OF_MANY_STEPS = 1e-5;

function manySteps(backend: Backend, golden: TorchOptimizerGolden): void {
  const { labels, batchSize, learningRate, weightDecay, steps } = golden;
  const network = { ...golden, activation: 'tanh', outputActivation: 'none' } as const;
  const rows = labels.length;
  const program = compileTraining(
    network,
    { sampleCount: rows, capacity: steps * batchSize, preprocess: 'none', shift: null },
    golden,
  );
  withSession(backend, program, (session) => {
    const { memory } = session;
    writeParameters(memory, network, floatsFromHex(golden.parameters));
    memory.f32('samples').set(floatsFromHex(golden.inputs));
    memory.u32('labels').set(labels);
    memory.u32('order').set(range(0, steps * batchSize).map((position) => position % rows));
    const rates = new Float64Array(steps).fill(learningRate);
    if (golden.optimizer.startsWith('adam')) {
      memory.f32('scalars').set(adamScalars(rates, 0, weightDecay));
    } else {
      memory.f32('rates').set(rates);
    }
    beginPass(memory, steps * batchSize);
    session.run('train', steps);
    const where = `parameters after ${steps} steps`;
    expectNear(readParameters(memory, network), golden.trained, where, TOLERANCE_OF_MANY_STEPS);
  });
}

function oneStep(backend: Backend, golden: TorchGolden): void {
  withGolden(backend, golden, 'none', (session) => {
    const { memory } = session;
    const rows = golden.labels.length;
    beginPass(memory, rows);
    session.run('train', 1);
    expectNear(memory.f32('logits').subarray(0, golden.logits.length), golden.logits, 'logits');
    expectNear(memory.f32('losses'), golden.losses, 'losses');
    for (const { name, start, length } of parameterShapes(golden)) {
      const gradient = name.replace('weight', 'dWeight').replace('bias', 'dBias');
      const expected = golden.gradients.slice(start, start + length);
      expectNear(memory.f32(gradient), expected, gradient);
    }
  });
}

function tenSteps(backend: Backend, golden: TorchGolden): void {
  withGolden(backend, golden, 'sgd', (session) => {
    const { memory } = session;
    const rows = golden.labels.length;
    memory.f32('rates').fill(golden.learningRate);
    for (const [step, expected] of golden.stepLosses.entries()) {
      beginPass(memory, rows);
      session.run('train', 1);
      const loss = memory.f32('losses').reduce((sum, value) => sum + value, 0) / rows;
      expectNear([loss], [expected], `mean loss of step ${step + 1}`);
    }
    expectNear(readParameters(memory, golden), golden.trained, 'parameters after ten steps');
  });
}

function withGolden(
  backend: Backend,
  golden: TorchGolden,
  optimizer: 'sgd' | 'none',
  use: (session: Session) => void,
): void {
  const rows = golden.labels.length;
  const program = compileTraining(
    golden,
    { sampleCount: rows, capacity: rows, preprocess: 'none', shift: null },
    { batchSize: rows, optimizer, l2: golden.l2 },
  );
  withSession(backend, program, (session) => {
    const { memory } = session;
    writeParameters(memory, golden, floatsFromHex(golden.parameters));
    memory.f32('samples').set(floatsFromHex(golden.inputs));
    writeLabels(memory, golden, golden.labels);
    memory.u32('order').set(range(0, rows));
    use(session);
  });
}
