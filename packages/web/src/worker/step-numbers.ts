import {
  type Backend,
  COUNT,
  compileTraining,
  type Dataset,
  type Memory,
  POSITION,
  parameterShapes,
  type Recipe,
  readParameters,
  STEP,
  writeParameters,
} from '@bitgrad/core';
import type { StepNumbers } from './protocol.js';
import { outputNames } from './trace.js';

/** What decides a step: the weights before it, and its samples as they are shifted. */
export interface StepInput {
  readonly recipe: Recipe;
  readonly parameters: Float32Array;
  /** Indices of the step's samples. */
  readonly order: Uint32Array;
  /** `[rows, 2]`, or null. */
  readonly shifts: Int32Array | null;
  readonly rate: number;
}

/** Copies what decides the next step out of a training's memory, before that step is run. */
export function captureStep(memory: Memory, recipe: Recipe, isShifted: boolean): StepInput {
  const control = memory.u32('control');
  const begin = control[POSITION]!;
  const end = Math.min(control[COUNT]!, begin + recipe.batchSize);
  return {
    recipe,
    parameters: readParameters(memory, recipe),
    order: memory.u32('order').slice(begin, end),
    shifts: isShifted ? memory.i32('shifts').slice(2 * begin, 2 * end) : null,
    rate: memory.f32('rates')[control[STEP]!]!,
  };
}

/**
 * Runs a step once more with a program that keeps its gradients, and reads every number of it. The
 * contract promises that they are the ones the training saw.
 */
export function explainStep(
  input: StepInput,
  dataset: Dataset,
  backend: Backend,
  origin: Pick<StepNumbers, 'isReal' | 'step'>,
): StepNumbers {
  const { recipe, parameters, order, shifts, rate } = input;
  const { features, image } = dataset;
  const rows = order.length;
  const program = compileTraining(
    recipe,
    {
      sampleCount: rows,
      capacity: rows,
      preprocess: recipe.preprocess,
      shift: shifts === null ? null : image,
    },
    { batchSize: rows, optimizer: 'none', l2: 0 },
  );
  const session = backend.open(program);
  try {
    const { memory } = session;
    const samples = memory.u8('samples');
    for (const [row, index] of order.entries()) {
      const at = index * features;
      samples.set((dataset.inputs as Uint8Array).subarray(at, at + features), row * features);
      memory.u32('labels')[row] = dataset.labels[index]!;
      memory.u32('order')[row] = row;
    }
    if (shifts !== null) memory.i32('shifts').set(shifts);
    writeParameters(memory, recipe, parameters);
    memory.u32('control')[COUNT] = rows;
    session.run('train', 1);

    const { layers } = recipe;
    const widths = layers.slice(1);
    const shapes = parameterShapes(recipe).filter(({ shape }) => shape.length === 2);
    const outputs = outputNames(layers).map((name, at) => memory.f32(name).slice(0, widths[at]));
    return {
      ...origin,
      recipe,
      rate,
      rows,
      input: memory.f32('input').slice(0, features),
      label: memory.u32('labels')[0]!,
      loss: memory.f32('losses')[0]!,
      outputs,
      probabilities: softmax(outputs.at(-1)!),
      gradients: widths.map((width, layer) =>
        memory
          .f32(layer === widths.length - 1 ? 'dLogits' : `layers.${layer}.dOutput`)
          .slice(0, width),
      ),
      weights: shapes.map(({ start, length }) => parameters.slice(start, start + length)),
      weightGradients: shapes.map((_, layer) => memory.f32(`layers.${layer}.dWeight`).slice()),
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
