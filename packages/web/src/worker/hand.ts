import {
  COUNT,
  compileInference,
  type Dataset,
  type Model,
  POSITION,
  type Recipe,
  resolve,
  STEP,
  writeParameters,
} from '@bitgrad/core';
import { pictureOf } from './picture.js';
import type { HandStep, LossAlong } from './protocol.js';
import { stageLayers } from './stage-layers.js';
import { explainStep } from './step-numbers.js';
import { OPEN_BACKEND } from './trace.js';

/** One image, and the digit that it is. */
interface Sample {
  /** `[784]` bytes. */
  readonly pixels: Uint8Array;
  readonly label: number;
}

/**
 * Back-propagation for one image alone: every gradient, and what its share of a plain step gives.
 *
 * @returns null for a network with a norm, which asks all images of a step at once: one alone has none
 */
export function stepByHand(given: Model, sample: Sample): HandStep | null {
  const model = { ...given, recipe: withoutDropout(given.recipe) };
  const { recipe, parameters } = model;
  if (resolve(recipe).nodes.some(({ spec }) => spec.type === 'batchNorm')) return null;
  // As much as this image alone moves them in a step of a whole batch.
  const rate = Math.fround(recipe.learningRate / recipe.batchSize);
  const input = {
    recipe,
    parameters,
    order: Uint32Array.of(0),
    motion: null,
    dropoutPlace: null,
    rate,
  };
  const numbers = explainStep(input, datasetOf(model, sample), { isReal: false, step: null });
  const downhill = numbers.parameterGradients.map((gradient) => -gradient);
  const moved = parameters.map((value, at) => value + rate * downhill[at]!);
  const read = openReader(model, sample);
  try {
    return {
      numbers,
      downhill: pictureOf(recipe, downhill),
      before: read(parameters),
      after: read(moved),
    };
  } finally {
    read.close();
  }
}

/** The loss of one image for some values of one weight, all others as they are. */
export function lossAlong(model: Model, sample: Sample, { layer, index, values }: LossAlong) {
  const at = stageLayers(model.recipe)[layer]!.weight.start + index;
  const parameters = model.parameters.slice();
  const read = openReader(model, sample);
  try {
    return values.map((value) => {
      parameters[at] = value;
      return read(parameters).loss;
    });
  } finally {
    read.close();
  }
}

/** Reads the sample with any parameters: its loss and its probabilities, for showing only. */
function openReader({ recipe }: Model, { pixels, label }: Sample) {
  const { preprocess } = recipe;
  const shape = { sampleCount: 1, capacity: 1, preprocess, shift: null };
  const session = OPEN_BACKEND.open(compileInference(recipe, shape));
  const { memory } = session;
  const { outputs } = resolve(recipe);
  memory.u8('samples').set(pixels);
  const read = (parameters: Float32Array) => {
    writeParameters(memory, recipe, parameters);
    const control = memory.u32('control');
    [control[POSITION], control[COUNT], control[STEP]] = [0, 1, 0];
    session.run('predict', 1);
    const logits = memory.f32('logits').subarray(0, outputs);
    const greatest = logits.reduce((a, b) => Math.max(a, b));
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - greatest), 0);
    return {
      loss: Math.log(sum) + greatest - logits[label]!,
      probabilities: logits.map((logit) => Math.exp(logit - greatest) / sum),
    };
  };
  return Object.assign(read, { close: () => session.close() });
}

function datasetOf({ recipe }: Model, { pixels, label }: Sample): Dataset {
  return {
    name: 'one image',
    inputs: pixels,
    features: pixels.length,
    image: { height: 28, width: 28 },
    labels: Uint32Array.of(label),
    classes: resolve(recipe).outputs,
    trainCount: 1,
    testCount: 0,
  };
}

/** The same network with nothing dropped: one image is looked at with all that it has. */
function withoutDropout(recipe: Recipe): Recipe {
  const layers = recipe.layers.filter(
    (item) => typeof item === 'number' || !('type' in item) || item.type !== 'dropout',
  );
  return { ...recipe, layers, dropout: 0 };
}
