import {
  type Backend,
  checkLayers,
  compileInference,
  compileTraining,
  type Network,
  parseLayers,
  range,
  readParameters,
  writeParameters,
} from '@bitgrad/core';
import { beginPass } from '@bitgrad/core/backend';
import type { GroupCase } from '../case.js';
import { TORCH_IMAGES_GOLDEN as GOLDEN } from '../goldens/torch-images.js';
import { floatsFromHex } from '../hex.js';
import { withSession } from '../run-both.js';
import { expectNear } from './near.js';

/** Rounding errors of binary32 add up over the steps; norms divide by small deviations. */
const TOLERANCE = 1e-4;

/** Fifty steps of a convolutional network with norms, and its use, against numbers from PyTorch. */
export function referenceImageCases(): GroupCase[] {
  return [{ name: `${GOLDEN.steps} steps: ${GOLDEN.layers}`, run: fiftySteps }];
}

function fiftySteps(backend: Backend): void {
  const { batchSize, steps, labels } = GOLDEN;
  const network: Network = {
    layers: checkLayers(parseLayers(GOLDEN.layers)),
    activation: 'tanh',
    outputActivation: 'none',
  };
  const rows = labels.length;
  const input = { sampleCount: rows, preprocess: 'none', shift: null } as const;
  const plan = { ...GOLDEN, optimizer: 'momentum' } as const;
  const capacity = steps * batchSize;
  const program = compileTraining(network, { ...input, capacity }, plan);
  const trained = withSession(backend, program, (session) => {
    const { memory } = session;
    writeParameters(memory, network, floatsFromHex(GOLDEN.parameters));
    memory.f32('samples').set(floatsFromHex(GOLDEN.inputs));
    memory.u32('labels').set(labels);
    memory.u32('order').set(range(0, capacity).map((position) => position % rows));
    memory.f32('rates').fill(GOLDEN.learningRate);
    beginPass(memory, capacity);
    session.run('train', steps);
    const losses = memory.f32('losses');
    const means = GOLDEN.losses.map((_, step) => {
      const own = losses.subarray(step * batchSize, (step + 1) * batchSize);
      return own.reduce((sum, loss) => sum + loss, 0) / batchSize;
    });
    expectNear(means, GOLDEN.losses, 'mean losses', TOLERANCE);
    return readParameters(memory, network);
  });
  expectNear(trained, GOLDEN.trained, 'parameters', TOLERANCE);
  const use = compileInference(network, { ...input, capacity: rows });
  withSession(backend, use, (session) => {
    const { memory } = session;
    writeParameters(memory, network, trained);
    memory.f32('samples').set(floatsFromHex(GOLDEN.inputs));
    memory.u32('order').set(range(0, rows));
    beginPass(memory, rows);
    session.run('predict', 1);
    expectNear(memory.f32('probabilities'), GOLDEN.probabilities, 'probabilities', TOLERANCE);
  });
}
