import type { Backend, Session } from '../backend.js';
import { fillingMissing } from '../data/fill-missing.js';
import type { Dataset } from '../dataset.js';
import { compileInference } from '../network/compile.js';
import type { Model } from '../network/model.js';
import { writeParameters } from '../network/parameters.js';
import type { Program } from '../program/program.js';
import { inTurns, ownTurn } from '../turns.js';
import { bytesOf, range } from './copies.js';
import { checkFit } from './fit.js';
import { openFilled } from './open-filled.js';
import { type Ranks, together } from './ranks.js';
import { type PassOptions, runPass } from './run-pass.js';
import { lossUnit } from './standardize.js';

/** What a look at labelled samples found. */
export interface Evaluation {
  readonly samples: number;
  /** A fraction from 0 to 1, or null where the targets are numbers. */
  readonly accuracy: number | null;
  /** The mean loss: a binary64 sum in sample order, divided once. */
  readonly loss: number;
  /** `[classes, classes]` counts: the row is the label, the column the prediction; null as above. */
  readonly confusion: readonly (readonly number[])[] | null;
  /** `[samples]` classes in the order of the indices; null as above. */
  readonly predicted: Uint32Array | null;
}

/**
 * Evaluates a model on the samples at `indices`.
 *
 * @throws BitgradError if the data do not fit the model
 */
export async function evaluate(
  model: Model,
  dataset: Dataset,
  indices: Uint32Array,
  backend: Backend,
  options: PassOptions = {},
): Promise<Evaluation> {
  const { recipe, parameters } = model;
  checkFit({ ...recipe, augment: 'none', classWeights: 'none' }, dataset);
  const program = compileInference(recipe, {
    sampleCount: dataset.trainCount + dataset.testCount,
    capacity: indices.length,
    preprocess: recipe.preprocess,
    shift: null,
  });
  const inputs = await inTurns(fillingMissing(dataset.inputs, model.encoding));
  const filled = await openFilled(
    backend,
    program,
    { ...dataset, inputs },
    { inputs: model.standardization, targets: model.targetStandardization },
  );
  const { session } = filled;
  try {
    writeParameters(session.memory, recipe, parameters);
    const evaluation = await evaluateSession(session, program, dataset, indices, options);
    return { ...evaluation, loss: evaluation.loss * lossUnit(model.targetStandardization) };
  } finally {
    filled.close();
  }
}

/**
 * Runs the entry `evaluate` of a session that has its samples and parameters.
 *
 * @param ranks those that do a part each, and all know the whole
 */
export async function evaluateSession(
  session: Session,
  program: Program,
  dataset: Dataset,
  indices: Uint32Array,
  options: PassOptions,
  ranks?: Ranks,
): Promise<Evaluation> {
  const run = async (part: Uint32Array): Promise<void> => {
    session.memory.u32('order').set(part);
    await runPass(session, program, 'evaluate', part.length, options);
  };
  if (ranks) await evaluateTogether(ranks, session, indices, run);
  else await run(indices);
  const samples = indices.length;
  const loss = meanLoss(session, samples);
  if (dataset.values) return { samples, accuracy: null, loss, confusion: null, predicted: null };
  const predicted = session.memory.u32('predicted').slice(0, samples);
  await ownTurn();
  const { correct, confusion } = compare(dataset, indices, predicted);
  return { samples, accuracy: correct / samples, loss, confusion, predicted };
}

async function evaluateTogether(
  ranks: Ranks,
  { memory }: Session,
  indices: Uint32Array,
  run: (part: Uint32Array) => Promise<void>,
): Promise<void> {
  const edges = range(ranks.size + 1).map((at) => Math.floor((at * indices.length) / ranks.size));
  const [begin, end] = edges.slice(ranks.rank) as [number, number];
  await together(ranks, () => run(indices.subarray(begin, end)));
  const counts = range(ranks.size).map((at) => 4 * (edges[at + 1]! - edges[at]!));
  const results = memory.has('predicted')
    ? [memory.f32('losses'), memory.u32('predicted')]
    : [memory.f32('losses')];
  for (const result of results) {
    const own = bytesOf(result.slice(0, end - begin));
    await ranks.gather(own, bytesOf(result.subarray(0, indices.length)), counts);
  }
}

function compare(
  { labels, classes }: Dataset,
  indices: Uint32Array,
  predicted: Uint32Array,
): { correct: number; confusion: number[][] } {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  let correct = 0;
  for (const [position, index] of indices.entries()) {
    const label = labels[index]!;
    const prediction = predicted[position]!;
    confusion[label]![prediction]! += 1;
    if (prediction === label) correct += 1;
  }
  return { correct, confusion };
}

/** The mean of a pass's losses: a binary64 sum in the order of the pass, divided once. */
export function meanLoss(session: Session, samples: number): number {
  const losses = session.memory.f32('losses');
  let sum = 0;
  for (let i = 0; i < samples; i += 1) sum += losses[i]!;
  return sum / samples;
}
