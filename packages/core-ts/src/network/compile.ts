import { kindOf } from '../layers/kinds.js';
import type { Node, Wired } from '../layers/layer.js';
import { sizeOf } from '../layers/shape.js';
import type { Op } from '../program/ops.js';
import {
  CONTROL_OF_PARTS,
  type Entry,
  type Program,
  planMemory,
  type SliceDeclaration,
} from '../program/program.js';
import { type Graph, resolve, wire } from './graph.js';
import { gatherInputs, gatherTargets, type ImageMotion, type InputPlan } from './input.js';
import { type Network, type Task, taskOf } from './network.js';
import { type OptimizerPlan, optimizerSlices, readsScalars, updateOps } from './optimizers.js';

/** Rows of a step that only looks: no result depends on it. */
export const EVALUATION_ROWS = 128;

/** How the network learns. Without an optimiser, a step stops at the gradients. */
export interface TrainingPlan extends OptimizerPlan {
  readonly batchSize: number;
  /** The share of each hidden layer's output that is dropped; the network's own if left out. */
  readonly dropout?: number;
  /** Into how many parts the sums over a batch are cut; 1 if left out. */
  readonly shards?: number;
  /** Whether gradients are multiplied by the slice `classWeights` `[classes]`. */
  readonly weighsClasses?: boolean;
  /** Whether there are entries `gradients` and `update` too, the two halves of `train`. */
  readonly isSplit?: boolean;
  /**
   * Whether others take part in each step: the only entry that trains is `gradients`, a step of which is
   * one shard of a whole step (`control` says which rows), and `compileShare` has the rest.
   */
  readonly isShared?: boolean;
}

/**
 * Compiles a network for training: the entries `train` and `evaluate`. A pass of either fills
 * `losses`; `evaluate` also fills `predicted` where there are classes.
 *
 * Slices to write before a pass: `samples` `[sampleCount, features]`, `labels` `[sampleCount]` (or
 * `values` `[sampleCount, outputs]` for numbers and for labels of yes and no, 1 and 0), the parameters, `order` `[capacity]`, `rates`
 * `[steps]` or Adam's `scalars` `[steps, 3]`; and, where the program has them, `shifts`
 * `[capacity, 2]`, `maps` `[capacity, 6]`, `dropoutPlace` `[3]`, `classWeights` `[classes]`.
 *
 * A step of `train` may be cut, where the plan says `isSplit`: a step of `gradients`, and, with `control`
 * as it was before that one, a step of `update`. Between them the gradients may be changed, as ranks do
 * that add theirs.
 */
export function compileTraining(
  network: Network,
  input: InputPlan,
  training: TrainingPlan,
): Program {
  const { dropout = network.dropout ?? 0, weighsClasses = false, isShared = false } = training;
  const shards = isShared ? 1 : (training.shards ?? 1);
  const graph = resolve({ ...network, dropout });
  const nodes = wire(graph, 'train');
  const batchSize = Math.min(training.batchSize, input.capacity);
  const rows = Math.max(batchSize, EVALUATION_ROWS);
  const motion = input.affine ? 'maps' : input.shift ? 'shifts' : 'none';
  const gradients = [
    gatherInputs(graph, input, motion),
    gatherTargets(network, graph, input),
    ...nodes.flatMap((node) => kindOf(node.spec).forward(node, 'train', shards)),
    ...lossOps(network, graph, weighsClasses),
    ...[...nodes].reverse().flatMap((node) => kindOf(node.spec).backward(node, shards)),
  ];
  const update = [
    ...nodes.flatMap((node) => updateOps(node, training)),
    ...(training.optimizer === 'none' ? [] : nodes.flatMap((node) => rememberOps(node, shards))),
  ];
  const steps = Math.ceil(input.capacity / batchSize);
  const layout = {
    ...planMemory([
      ...commonSlices(network, graph, input, rows, isShared),
      ...trainingSlices(graph, nodes, input, { rows, steps, motion, shards }, training),
    ]),
    samples: planMemory(sampleSlices(network, graph, input)),
  };
  const evaluate = evaluation(network, graph, input);
  if (isShared) {
    const largest = Math.ceil(batchSize / (training.shards ?? 1));
    return { ...layout, entries: { gradients: { batchSize: largest, ops: gradients }, evaluate } };
  }
  return {
    ...layout,
    entries: {
      train: { batchSize, ops: [...gradients, ...update] },
      ...(training.isSplit && {
        gradients: { batchSize, ops: gradients },
        update: { batchSize, ops: update },
      }),
      evaluate,
    },
  };
}

/**
 * Compiles a network for use: the entries `evaluate` (as above) and `predict`, which fills
 * `probabilities` `[capacity, classes]` (of each label's yes, where there are several), or `outputs`
 * `[capacity, outputs]` for numbers.
 */
export function compileInference(network: Network, input: InputPlan): Program {
  const graph = resolve(network);
  const { outputs: width } = graph;
  const task = taskOf(network);
  const result = task === 'regression' ? 'outputs' : 'probabilities';
  const predict: Entry = {
    batchSize: EVALUATION_ROWS,
    ops: [gatherInputs(graph, input, 'none'), ...forward(graph), ...resultOps(task, width, result)],
  };
  return {
    ...planMemory([
      ...commonSlices(network, graph, input, EVALUATION_ROWS),
      [result, 'f32', input.capacity, width],
    ]),
    samples: planMemory(sampleSlices(network, graph, input)),
    entries: { evaluate: evaluation(network, graph, input), predict },
  };
}

/** What becomes of the logits where a network is used. */
function resultOps(task: Task, width: number, result: string): Op[] {
  if (task === 'classification') {
    return [{ op: 'softmax', logits: 'logits', probabilities: result, classes: width }];
  }
  const emit: Op = { op: 'emit', logits: 'logits', outputs: result, width };
  if (task === 'regression') return [emit];
  return [{ op: 'activation', activation: 'sigmoid', output: 'logits', width }, emit];
}

/** The network in use, from `input` to `logits`. */
function forward(graph: Graph): Op[] {
  return wire(graph, 'use').flatMap((node) => kindOf(node.spec).forward(node, 'use', 1));
}

/** What a step leaves in parameters that no optimiser changes. */
export const rememberOps = (node: Wired, shards: number): Op[] =>
  kindOf(node.spec).remember?.(node, shards) ?? [];

/** What is gathered from, which sessions may share. */
function sampleSlices(
  network: Network,
  { features, outputs }: Graph,
  { preprocess, sampleCount }: InputPlan,
): SliceDeclaration[] {
  return [
    ['samples', preprocess === 'none' ? 'f32' : 'u8', sampleCount, features],
    taskOf(network) === 'classification'
      ? ['labels', 'u32', sampleCount]
      : ['values', 'f32', sampleCount, outputs],
  ];
}

const storesIn = (storage: 'own' | 'training', nodes: readonly Node[]): Node[] =>
  nodes.filter(({ spec }) => kindOf(spec).storage === storage);

const resultSlice = ({ output, outputShape }: Node, rows: number): SliceDeclaration => [
  output,
  'f32',
  rows,
  sizeOf(outputShape),
];

function commonSlices(
  network: Network,
  { nodes, parameters, features, outputs }: Graph,
  input: InputPlan,
  rows: number,
  isShared = false,
): SliceDeclaration[] {
  const targets: SliceDeclaration[] =
    taskOf(network) === 'classification'
      ? [
          ['targets', 'u32', rows],
          ['predicted', 'u32', input.capacity],
        ]
      : [['targets', 'f32', rows, outputs]];
  return [
    ['control', 'u32', isShared ? CONTROL_OF_PARTS : 3],
    ...parameters.map(({ name, shape }): SliceDeclaration => [name, 'f32', ...shape]),
    ...targets,
    ['order', 'u32', input.capacity],
    ['losses', 'f32', input.capacity],
    ['input', 'f32', rows, features],
    ...storesIn('own', nodes).map((node) => resultSlice(node, rows)),
    ['dLogits', 'f32', rows, outputs],
  ];
}

function trainingSlices(
  { parameters, outputs }: Graph,
  nodes: readonly Wired[],
  input: InputPlan,
  size: { rows: number; steps: number; motion: ImageMotion; shards: number },
  plan: TrainingPlan,
): SliceDeclaration[] {
  const { rows, steps, motion, shards } = size;
  const trained = parameters.filter(({ isTrained }) => isTrained);
  const drops = storesIn('training', nodes);
  const read = new Set(nodes.map(({ dInput }) => dInput));
  read.delete('dLogits');
  const optional: [boolean, SliceDeclaration][] = [
    [motion === 'shifts', ['shifts', 'i32', input.capacity, 2]],
    [motion === 'maps', ['maps', 'i32', input.capacity, 6]],
    [drops.length > 0, ['dropoutPlace', 'u32', 3]],
    [plan.weighsClasses === true, ['classWeights', 'f32', outputs]],
    [shards > 1, ['partial', 'f32', Math.max(...trained.map(({ length }) => length))]],
    [readsScalars(plan.optimizer), ['scalars', 'f32', steps, 3]],
    [!readsScalars(plan.optimizer), ['rates', 'f32', steps]],
  ];
  return [
    ...trained.map(({ gradient, shape }): SliceDeclaration => [gradient, 'f32', ...shape]),
    ...nodes
      .filter(({ dOutput }) => read.has(dOutput))
      .map(
        ({ dOutput, outputShape }): SliceDeclaration => [dOutput, 'f32', rows, sizeOf(outputShape)],
      ),
    ...drops.map((node) => resultSlice(node, rows)),
    ...nodes.flatMap((node) => kindOf(node.spec).scratch(node, rows, shards)),
    ...nodes.flatMap((node) => optimizerSlices(node, plan.optimizer)),
    ...optional.flatMap(([isThere, declaration]) => (isThere ? [declaration] : [])),
  ];
}

function lossOps(network: Network, { outputs }: Graph, weighsClasses: boolean): Op[] {
  const slices = { logits: 'logits', targets: 'targets', losses: 'losses', dLogits: 'dLogits' };
  if (network.loss === 'squared-error') return [{ op: 'squaredError', ...slices, outputs }];
  if (network.loss === 'binary-cross-entropy') {
    return [{ op: 'binaryCrossEntropy', ...slices, outputs }];
  }
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

function evaluation(network: Network, graph: Graph, input: InputPlan): Entry {
  const argmax: Op = {
    op: 'argmax',
    logits: 'logits',
    predicted: 'predicted',
    classes: graph.outputs,
  };
  return {
    batchSize: EVALUATION_ROWS,
    ops: [
      gatherInputs(graph, input, 'none'),
      gatherTargets(network, graph, input),
      ...forward(graph),
      ...(taskOf(network) === 'classification' ? [argmax] : []),
      ...lossOps(network, graph, false),
    ],
  };
}
