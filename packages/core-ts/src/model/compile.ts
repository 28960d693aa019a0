import type { Op } from '../program/ops.js';
import { type Entry, type Program, planMemory, type SliceDeclaration } from '../program/program.js';
import { gatherInputs, gatherTargets, type ImageMotion, type InputPlan } from './input.js';
import {
  backward,
  type DenseLayer,
  denseLayers,
  forward,
  gradientSlices,
  type Network,
  parameterSlices,
} from './layers.js';
import { type OptimizerPlan, optimizerSlices, readsScalars, updateOps } from './optimizers.js';

/** Rows of a step that only looks: no result depends on it. */
export const EVALUATION_ROWS = 128;

/** How the network learns. Without an optimiser, a step stops at the gradients. */
export interface TrainingPlan extends OptimizerPlan {
  readonly batchSize: number;
  /** The share of each hidden layer's output that is dropped; 0 if left out. */
  readonly dropout?: number;
  /** Into how many parts the sums over a batch are cut; 1 if left out. */
  readonly shards?: number;
  /** Whether gradients are multiplied by the slice `classWeights` `[classes]`. */
  readonly weighsClasses?: boolean;
}

/**
 * Compiles a network for training: the entries `train` and `evaluate`. A pass of either fills
 * `losses`; `evaluate` also fills `predicted` where there are classes.
 *
 * Slices to write before a pass: `samples` `[sampleCount, features]`, `labels` `[sampleCount]` (or
 * `values` `[sampleCount, outputs]` for numbers), the parameters, `order` `[capacity]`, `rates`
 * `[steps]` or Adam's `scalars` `[steps, 3]`; and, where the program has them, `shifts`
 * `[capacity, 2]`, `maps` `[capacity, 6]`, `dropoutPlace` `[3]`, `classWeights` `[classes]`.
 */
export function compileTraining(
  network: Network,
  input: InputPlan,
  training: TrainingPlan,
): Program {
  const { dropout = 0, shards = 1, weighsClasses = false } = training;
  const layers = denseLayers(network, dropout);
  const batchSize = Math.min(training.batchSize, input.capacity);
  const rows = Math.max(batchSize, EVALUATION_ROWS);
  const motion = input.affine ? 'maps' : input.shift ? 'shifts' : 'none';
  const ops = [
    gatherInputs(network, input, motion),
    gatherTargets(network, input),
    ...layers.flatMap(forward),
    ...lossOps(network, weighsClasses),
    ...[...layers].reverse().flatMap((layer) => backward(layer, shards)),
    ...layers.flatMap((layer) => updateOps(layer, training)),
  ];
  return makeProgram(
    [
      ...commonSlices(network, layers, input, rows),
      ...trainingSlices(
        layers,
        input,
        rows,
        Math.ceil(input.capacity / batchSize),
        motion,
        training,
      ),
    ],
    { train: { batchSize, ops }, evaluate: evaluation(network, input) },
  );
}

/**
 * Compiles a network for use: the entries `evaluate` (as above) and `predict`, which fills
 * `probabilities` `[capacity, classes]`, or `outputs` `[capacity, outputs]` for numbers.
 */
export function compileInference(network: Network, input: InputPlan): Program {
  const width = network.layers.at(-1)!;
  const isRegression = network.loss === 'squared-error';
  const result = isRegression ? 'outputs' : 'probabilities';
  const predict: Entry = {
    batchSize: EVALUATION_ROWS,
    ops: [
      gatherInputs(network, input, 'none'),
      ...denseLayers(network).flatMap(forward),
      isRegression
        ? { op: 'emit', logits: 'logits', outputs: result, width }
        : { op: 'softmax', logits: 'logits', probabilities: result, classes: width },
    ],
  };
  return makeProgram(
    [
      ...commonSlices(network, denseLayers(network), input, EVALUATION_ROWS),
      [result, 'f32', input.capacity, width],
    ],
    { evaluate: evaluation(network, input), predict },
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
  const outputs = widths.at(-1)!;
  const isRegression = network.loss === 'squared-error';
  const targets: SliceDeclaration[] = isRegression
    ? [
        ['values', 'f32', input.sampleCount, outputs],
        ['targets', 'f32', rows, outputs],
      ]
    : [
        ['labels', 'u32', input.sampleCount],
        ['targets', 'u32', rows],
        ['predicted', 'u32', input.capacity],
      ];
  return [
    ['control', 'u32', 3],
    ...layers.flatMap(parameterSlices),
    ['samples', input.preprocess === 'none' ? 'f32' : 'u8', input.sampleCount, widths[0]!],
    ...targets,
    ['order', 'u32', input.capacity],
    ['losses', 'f32', input.capacity],
    ['input', 'f32', rows, widths[0]!],
    ...layers.map((layer): SliceDeclaration => [layer.output, 'f32', rows, layer.outWidth]),
    ['dLogits', 'f32', rows, outputs],
  ];
}

function trainingSlices(
  layers: readonly DenseLayer[],
  input: InputPlan,
  rows: number,
  steps: number,
  motion: ImageMotion,
  plan: TrainingPlan,
): SliceDeclaration[] {
  const { dropout = 0, shards = 1, weighsClasses = false, optimizer } = plan;
  const outputs = layers.at(-1)!.outWidth;
  const largest = Math.max(...layers.map(({ inWidth, outWidth }) => inWidth * outWidth));
  const hidden = layers.slice(0, -1);
  const drops = layers.flatMap(({ dropped, outWidth }): SliceDeclaration[] =>
    dropped === null ? [] : [[dropped, 'f32', rows, outWidth]],
  );
  const optional: [boolean, SliceDeclaration][] = [
    [motion === 'shifts', ['shifts', 'i32', input.capacity, 2]],
    [motion === 'maps', ['maps', 'i32', input.capacity, 6]],
    [dropout > 0, ['dropoutPlace', 'u32', 3]],
    [weighsClasses, ['classWeights', 'f32', outputs]],
    [shards > 1, ['partial', 'f32', largest]],
    [readsScalars(optimizer), ['scalars', 'f32', steps, 3]],
    [!readsScalars(optimizer), ['rates', 'f32', steps]],
  ];
  return [
    ...layers.flatMap(gradientSlices),
    ...hidden.map((layer): SliceDeclaration => [layer.dOutput, 'f32', rows, layer.outWidth]),
    ...drops,
    ...layers.flatMap((layer) => optimizerSlices(layer, optimizer)),
    ...optional.flatMap(([isThere, declaration]) => (isThere ? [declaration] : [])),
  ];
}

function lossOps(network: Network, weighsClasses: boolean): Op[] {
  const outputs = network.layers.at(-1)!;
  const slices = { logits: 'logits', targets: 'targets', losses: 'losses', dLogits: 'dLogits' };
  if (network.loss === 'squared-error') return [{ op: 'squaredError', ...slices, outputs }];
  const ops: Op[] = [{ op: 'softmaxCrossEntropy', ...slices, classes: outputs }];
  if (weighsClasses) {
    ops.push({
      op: 'classWeights',
      dLogits: 'dLogits',
      targets: 'targets',
      weights: 'classWeights',
      classes: outputs,
    });
  }
  return ops;
}

function evaluation(network: Network, input: InputPlan): Entry {
  const classes = network.layers.at(-1)!;
  const argmax: Op = { op: 'argmax', logits: 'logits', predicted: 'predicted', classes };
  return {
    batchSize: EVALUATION_ROWS,
    ops: [
      gatherInputs(network, input, 'none'),
      gatherTargets(network, input),
      ...denseLayers(network).flatMap(forward),
      ...(network.loss === 'squared-error' ? [] : [argmax]),
      ...lossOps(network, false),
    ],
  };
}
