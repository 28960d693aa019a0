import type { Parameter, Wired } from '../layers/layer.js';
import { foldShards, shardSlices } from '../layers/shards.js';
import type { RunningStatistics } from '../program/ops.js';
import { type Program, planMemory, type SliceDeclaration } from '../program/program.js';
import { rememberOps, type TrainingPlan } from './compile.js';
import { resolve, wire } from './graph.js';
import type { Network } from './network.js';
import { optimizerSlices, readsScalars, updateOps } from './optimizers.js';

/** A part of a parameter, in elements of it. */
export interface Piece {
  readonly parameter: Parameter;
  readonly start: number;
  readonly length: number;
}

/** Where numbers of a step are exchanged that are no gradients. */
export type StepStatistics = Pick<RunningStatistics, 'mean' | 'variance' | 'channels'>;

/**
 * The part of all trained parameters, laid end to end, from `⌊share · length ÷ shares⌋` to
 * `⌊(share + 1) · length ÷ shares⌋` (exclusive).
 */
export function piecesOf(network: Network, share: number, shares: number): Piece[] {
  const trained = resolve(network).parameters.filter(({ isTrained }) => isTrained);
  const total = trained.reduce((sum, { length }) => sum + length, 0);
  const begin = Math.floor((share * total) / shares);
  const end = Math.floor(((share + 1) * total) / shares);
  const pieces: Piece[] = [];
  let at = 0;
  for (const parameter of trained) {
    const first = Math.max(begin, at);
    const last = Math.min(end, at + parameter.length);
    if (last > first) pieces.push({ parameter, start: first - at, length: last - first });
    at += parameter.length;
  }
  return pieces;
}

/** The statistics that a step's shards have beside gradients, in the order of the layers. */
export function statisticsOf(network: Network): StepStatistics[] {
  return runningStatistics(network, 1);
}

/**
 * Compiles what is left of a step once its shards' sums are known, for some pieces of the parameters: the
 * entry `update`, which folds the sums in their order, updates, and takes in the step's statistics.
 *
 * A piece's slices have its parameter's names: the parameter, `….shards` `[shards, length]`, what the
 * optimiser remembers. `rates` or `scalars` are the pass's. A step takes the rows that the whole one has.
 *
 * @param steps of a pass, at most
 */
export function compileShare(
  network: Network,
  pieces: readonly Piece[],
  plan: TrainingPlan,
  steps: number,
): Program {
  const { shards = 1, batchSize } = plan;
  const parameters = pieces.map(
    ({ parameter, length }): Parameter => ({ ...parameter, length, shape: [length] }),
  );
  const statistics = runningStatistics(network, shards);
  const untrained = resolve(network).parameters.filter(({ isTrained }) => !isTrained);
  const declarations: SliceDeclaration[] = [
    ['control', 'u32', 3],
    ...[...parameters, ...untrained].map(
      ({ name, shape }): SliceDeclaration => [name, 'f32', ...shape],
    ),
    ...parameters.map(({ gradient, shape }): SliceDeclaration => [gradient, 'f32', ...shape]),
    ...shardSlices(parameters, shards),
    ...optimizerSlices({ parameters }, plan.optimizer),
    ...statistics.flatMap(({ mean, variance, channels }): SliceDeclaration[] => [
      [mean, 'f32', shards, channels],
      [variance, 'f64', shards, channels],
    ]),
    readsScalars(plan.optimizer) ? ['scalars', 'f32', steps, 3] : ['rates', 'f32', steps],
  ];
  const ops = [
    ...foldShards(parameters, shards),
    ...updateOps({ parameters }, plan),
    ...statistics,
  ];
  return { ...planMemory(declarations), entries: { update: { batchSize, ops } } };
}

function runningStatistics(network: Network, shards: number): RunningStatistics[] {
  const nodes: Wired[] = wire(resolve(network), 'train');
  return nodes
    .flatMap((node) => rememberOps(node, shards))
    .filter((op) => op.op === 'runningStatistics');
}
