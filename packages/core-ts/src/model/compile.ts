import type { Op, Preprocess } from '../program/ops.js';
import { type Entry, type Program, planMemory, type SliceDeclaration } from '../program/program.js';
import {
  backward,
  type DenseLayer,
  denseLayers,
  forward,
  gradientSlices,
  type Network,
  parameterSlices,
} from './layers.js';

/** Rows of a step that only looks: no result depends on it. */
export const EVALUATION_ROWS = 128;

/** What the samples are and how they become the network's input. */
export interface InputPlan {
  readonly sampleCount: number;
  /** Samples of the largest pass. */
  readonly capacity: number;
  readonly preprocess: Preprocess;
  /** The images' size where samples are shifted, else null. */
  readonly shift: { readonly height: number; readonly width: number } | null;
}

/** How the network learns. Without an optimiser, a step stops at the gradients. */
export interface TrainingPlan {
  readonly batchSize: number;
  readonly optimizer: 'sgd' | 'none';
  /** The L2 coefficient λ of weights (biases have none). */
  readonly l2: number;
}

/**
 * Compiles a network for training: the entries `train` and `evaluate`. A pass of either fills
 * `losses`; `evaluate` also fills `predicted`.
 *
 * Slices to write before a pass: `samples` `[sampleCount, features]`, `labels` `[sampleCount]`,
 * the parameters, `order` `[capacity]`, `rates` `[steps]`, `shifts` `[capacity, 2]` if there are any.
 */
export function compileTraining(
  network: Network,
  input: InputPlan,
  training: TrainingPlan,
): Program {
  const layers = denseLayers(network);
  const batchSize = Math.min(training.batchSize, input.capacity);
  const rows = Math.max(batchSize, EVALUATION_ROWS);
  const steps = Math.ceil(input.capacity / batchSize);
  const ops = [
    ...gather(network, input, input.shift !== null),
    ...layers.flatMap(forward),
    loss(network),
    ...[...layers].reverse().flatMap(backward),
  ];
  if (training.optimizer === 'sgd')
    ops.push(...layers.flatMap((layer) => update(layer, training.l2)));
  return makeProgram(
    [
      ...commonSlices(network, layers, input, rows),
      ...layers.flatMap(gradientSlices),
      ...layers
        .slice(0, -1)
        .map((layer): SliceDeclaration => [layer.dOutput, 'f32', rows, layer.outWidth]),
      ['rates', 'f32', steps],
    ],
    { train: { batchSize, ops }, evaluate: evaluation(network, layers, input) },
  );
}

/**
 * Compiles a network for use: the entries `evaluate` (as above) and `predict`, which fills
 * `probabilities` `[capacity, classes]`.
 */
export function compileInference(network: Network, input: InputPlan): Program {
  const layers = denseLayers(network);
  const classes = network.layers.at(-1)!;
  const predict: Entry = {
    batchSize: EVALUATION_ROWS,
    ops: [
      ...gather(network, input, false).slice(0, 1),
      ...layers.flatMap(forward),
      { op: 'softmax', logits: 'logits', probabilities: 'probabilities', classes },
    ],
  };
  return makeProgram(
    [
      ...commonSlices(network, layers, input, EVALUATION_ROWS),
      ['probabilities', 'f32', input.capacity, classes],
    ],
    { evaluate: evaluation(network, layers, input), predict },
  );
}

function makeProgram(
  declarations: readonly SliceDeclaration[],
  entries: Program['entries'],
): Program {
  return { ...planMemory(declarations), entries };
}

function commonSlices(
  network: Network,
  layers: readonly DenseLayer[],
  input: InputPlan,
  rows: number,
): SliceDeclaration[] {
  const { layers: widths } = network;
  const features = widths[0]!;
  const classes = widths.at(-1)!;
  const shifts: SliceDeclaration[] =
    input.shift === null ? [] : [['shifts', 'i32', input.capacity, 2]];
  return [
    ['control', 'u32', 3],
    ...layers.flatMap(parameterSlices),
    ['samples', input.preprocess === 'none' ? 'f32' : 'u8', input.sampleCount, features],
    ['labels', 'u32', input.sampleCount],
    ['order', 'u32', input.capacity],
    ...shifts,
    ['losses', 'f32', input.capacity],
    ['predicted', 'u32', input.capacity],
    ['input', 'f32', rows, features],
    ['targets', 'u32', rows],
    ...layers.map((layer): SliceDeclaration => [layer.output, 'f32', rows, layer.outWidth]),
    ['dLogits', 'f32', rows, classes],
  ];
}

function gather(network: Network, input: InputPlan, isShifted: boolean): Op[] {
  return [
    {
      op: 'gather',
      samples: 'samples',
      order: 'order',
      shifts: isShifted ? 'shifts' : null,
      input: 'input',
      sampleCount: input.sampleCount,
      features: network.layers[0]!,
      height: isShifted ? (input.shift?.height ?? 0) : 0,
      width: isShifted ? (input.shift?.width ?? 0) : 0,
      preprocess: input.preprocess,
    },
    {
      op: 'gatherTargets',
      labels: 'labels',
      order: 'order',
      targets: 'targets',
      sampleCount: input.sampleCount,
    },
  ];
}

function loss(network: Network): Op {
  return {
    op: 'softmaxCrossEntropy',
    logits: 'logits',
    targets: 'targets',
    losses: 'losses',
    dLogits: 'dLogits',
    classes: network.layers.at(-1)!,
  };
}

function evaluation(network: Network, layers: readonly DenseLayer[], input: InputPlan): Entry {
  return {
    batchSize: EVALUATION_ROWS,
    ops: [
      ...gather(network, input, false),
      ...layers.flatMap(forward),
      { op: 'argmax', logits: 'logits', predicted: 'predicted', classes: network.layers.at(-1)! },
      loss(network),
    ],
  };
}

/** The optimiser's ops of one layer. L2 pulls on weights, never on biases. */
function update(layer: DenseLayer, l2: number): Op[] {
  const { weight, dWeight, bias, dBias, inWidth, outWidth } = layer;
  return [
    {
      op: 'sgd',
      parameter: weight,
      gradient: dWeight,
      rates: 'rates',
      length: inWidth * outWidth,
      l2: Math.fround(l2),
    },
    { op: 'sgd', parameter: bias, gradient: dBias, rates: 'rates', length: outWidth, l2: 0 },
  ];
}
