import {
  COUNT,
  compileTraining,
  type Dataset,
  denseWidths,
  type Memory,
  POSITION,
  parameterShapes,
  parseAugmentation,
  type Recipe,
  readParameters,
  STEP,
  writeParameters,
} from '@bitgrad/core';
import { pictureOf } from './picture.js';
import type { StepNumbers } from './protocol.js';
import { stageLayers } from './stage-layers.js';
import { OPEN_BACKEND } from './trace.js';

/** How a step's images are moved: a slice of the program, and what a step has of it. */
interface Motion {
  readonly slice: 'shifts' | 'maps';
  /** Shifts `[rows, 2]` or affine maps `[rows, 6]`. */
  readonly values: Int32Array;
}

/** What decides a step: the weights before it, and its samples as they are moved. */
export interface StepInput {
  readonly recipe: Recipe;
  readonly parameters: Float32Array;
  /** Indices of the step's samples. */
  readonly order: Uint32Array;
  /** Null where images stay as they are. */
  readonly motion: Motion | null;
  /** Which numbers are dropped: the seed's two halves and the step, or null where none are, or nobody knows. */
  readonly dropoutPlace: Uint32Array | null;
  readonly rate: number;
}

/** Copies what decides the next step out of a training's memory, before that step is run. */
export function captureStep(memory: Memory, recipe: Recipe): StepInput {
  const control = memory.u32('control');
  const begin = control[POSITION]!;
  const end = Math.min(control[COUNT]!, begin + recipe.batchSize);
  return {
    recipe,
    parameters: readParameters(memory, recipe),
    order: memory.u32('order').slice(begin, end),
    motion: captureMotion(memory, recipe, begin, end),
    dropoutPlace: captureDropout(memory),
    rate: memory.f32(recipe.optimizer.startsWith('adam') ? 'scalars' : 'rates')[control[STEP]!]!,
  };
}

function captureDropout(memory: Memory): Uint32Array | null {
  if (!memory.has('dropoutPlace')) return null;
  const place = memory.u32('dropoutPlace').slice();
  place[2]! += memory.u32('control')[STEP]!;
  return place;
}

function captureMotion(memory: Memory, recipe: Recipe, begin: number, end: number): Motion | null {
  const part = (slice: Motion['slice'], width: number) => ({
    slice,
    values: memory.i32(slice).slice(width * begin, width * end),
  });
  const { kind } = parseAugmentation(recipe.augment);
  if (kind === 'none') return null;
  return kind === 'shifts' ? part('shifts', 2) : part('maps', 6);
}

/**
 * Runs a step once more with a program that keeps its gradients, and reads every number of it. The
 * contract promises that they are the ones the training saw.
 */
export function explainStep(
  input: StepInput,
  dataset: Dataset,
  origin: Pick<StepNumbers, 'isReal' | 'step'>,
): StepNumbers {
  const { recipe, parameters, order, motion, dropoutPlace, rate } = input;
  const { features, image } = dataset;
  const rows = order.length;
  const program = compileTraining(
    recipe,
    {
      sampleCount: rows,
      capacity: rows,
      preprocess: recipe.preprocess,
      shift: motion?.slice === 'shifts' ? image : null,
      affine: motion?.slice === 'maps' ? image : null,
    },
    { batchSize: rows, optimizer: 'none', l2: 0 },
  );
  const session = OPEN_BACKEND.open(program);
  try {
    const { memory } = session;
    const samples = memory.u8('samples');
    for (const [row, index] of order.entries()) {
      const at = index * features;
      samples.set((dataset.inputs as Uint8Array).subarray(at, at + features), row * features);
      memory.u32('labels')[row] = dataset.labels[index]!;
      memory.u32('order')[row] = row;
    }
    if (motion !== null) memory.i32(motion.slice).set(motion.values);
    if (dropoutPlace !== null) memory.u32('dropoutPlace').set(dropoutPlace);
    writeParameters(memory, recipe, parameters);
    memory.u32('control')[COUNT] = rows;
    session.run('train', 1);

    const layers = stageLayers(recipe, 'train');
    const losses = memory.f32('losses');
    const row = losses.indexOf(losses.reduce((a, b) => Math.max(a, b)));
    const rowOf = (slice: string, shape: readonly number[]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return memory.f32(slice).slice(row * size, (row + 1) * size);
    };
    const outputs = layers.map(({ output, outputShape }) => rowOf(output, outputShape));
    const parameterGradients = new Float32Array(parameters.length);
    for (const { isTrained, gradient, start } of parameterShapes(recipe))
      if (isTrained) parameterGradients.set(memory.f32(gradient), start);
    const weightsIn = (values: Float32Array) =>
      layers.map(({ weight: { start, length } }) => values.slice(start, start + length));
    const { height, width } = pictureOf(recipe, parameters);
    return {
      ...origin,
      isDense: denseWidths(recipe) !== null,
      recipe,
      rate,
      rows,
      input: rowOf('input', [features]),
      label: memory.u32('labels')[row]!,
      loss: losses[row]!,
      outputs,
      probabilities: softmax(outputs.at(-1)!),
      gradients: layers.map(({ node }) => rowOf(node.dOutput, node.outputShape)),
      weights: weightsIn(parameters),
      weightGradients: weightsIn(parameterGradients),
      parameterGradients,
      height,
      width,
    };
  } finally {
    session.close();
  }
}

/** For showing only: what the softmax of the step gave, which its program does not keep. */
function softmax(logits: Float32Array): Float32Array {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}
