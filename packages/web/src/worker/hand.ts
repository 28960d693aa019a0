import {
  COUNT,
  compileInference,
  type Dataset,
  denseWidths,
  type Model,
  POSITION,
  parameterShapes,
  STEP,
  writeParameters,
} from '@bitgrad/core';
import { pictureOf } from './picture.js';
import type { HandStep, LossAlong } from './protocol.js';
import { explainStep } from './step-numbers.js';
import { OPEN_BACKEND } from './trace.js';

/** One image, and the digit that it is. */
interface Sample {
  /** `[784]` bytes. */
  readonly pixels: Uint8Array;
  readonly label: number;
}

/** Back-propagation for one image alone: every gradient, and what its share of a plain step gives. */
export function stepByHand(model: Model, sample: Sample): HandStep {
  const { recipe, parameters } = model;
  // As much as this image alone moves them in a step of a whole batch.
  const rate = Math.fround(recipe.learningRate / recipe.batchSize);
  const input = { recipe, parameters, order: Uint32Array.of(0), motion: null, rate };
  const numbers = explainStep(input, datasetOf(model, sample), { isReal: false, step: null });
  const [downhill, moved] = [new Float32Array(parameters.length), parameters.slice()];
  const [weights, biases] = [[...numbers.weightGradients], [...numbers.biasGradients]];
  for (const { shape, start } of parameterShapes(recipe)) {
    const gradients = (shape.length === 2 ? weights : biases).shift()!;
    for (const [at, gradient] of gradients.entries()) {
      downhill[start + at] = -gradient;
      moved[start + at] = parameters[start + at]! - rate * gradient;
    }
  }
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
  const weights = parameterShapes(model.recipe).filter(({ shape }) => shape.length === 2);
  const at = weights[layer]!.start + index;
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
  memory.u8('samples').set(pixels);
  const read = (parameters: Float32Array) => {
    writeParameters(memory, recipe, parameters);
    const control = memory.u32('control');
    [control[POSITION], control[COUNT], control[STEP]] = [0, 1, 0];
    session.run('predict', 1);
    const logits = memory.f32('logits').subarray(0, denseWidths(recipe)!.at(-1));
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
    classes: denseWidths(recipe)!.at(-1)!,
    trainCount: 1,
    testCount: 0,
  };
}
