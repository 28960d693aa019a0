import {
  BitgradError,
  type Checkpoint,
  compareEpochs,
  compareSteps,
  decodeCheckpoint,
  type SavedModel,
  type StateDifference,
  type Told,
  taskOf,
  typescriptBackend,
} from '@bitgrad/core';
import type { LoadOptions } from '@bitgrad/formats/table';
import { differenceAfter, firstKept, type Kept, rightOf } from '../compare/compare-sides.js';
import { type BackendChoice, backendOf } from './backend.js';
import { type Data, datasetOf } from './data.js';
import { loadOptionsAgain } from './like.js';
import { Model } from './model.js';

/** A training, as far as it was kept: its model, or the bytes of its checkpoints. */
export type Comparable = Model<unknown> | SavedModel | Uint8Array | readonly Uint8Array[];

/** How to compare. */
export interface CompareOptions {
  /**
   * The data of the training: with them the first epoch that differs is trained once more, here, step by
   * step, beside backend `ts`, which defines every bit. From the second epoch on, that needs the checkpoint
   * of the epoch before.
   */
  readonly data?: Data;
  /** Whose steps are looked at; `auto`, the fastest that runs here, if left out. */
  readonly backend?: BackendChoice;
  /** The model whose weights the training began with, if it did. */
  readonly start?: Model<unknown> | SavedModel;
  /** Ends it between two steps with an AbortedError. */
  readonly signal?: AbortSignal;
}

/** What comparing found. */
export type Comparison =
  /** Equal, as far as both were kept: so many epochs. */
  | { readonly same: true; readonly epochs: number }
  | {
      readonly same: false;
      /** The first after which they differ, counted from 1. */
      readonly epoch: number;
      /** `epochs`: in the parameters; `states`: in what else is remembered. */
      readonly field: 'epochs' | 'states';
      /** Digests. */
      readonly a: string;
      readonly b: string;
      /** The first number that differs after that epoch; null without checkpoints of both. */
      readonly parameter: StateDifference | null;
      /** Null where no data were given. */
      readonly steps: {
        /** The first step of the epoch that this machine makes otherwise than `ts`; null if none. */
        readonly step: number | null;
        readonly parameter: StateDifference | null;
        /** Whose digest `ts` gives. */
        readonly right: 'a' | 'b' | null;
      } | null;
    };

interface Side extends Kept {
  readonly told: Told;
  readonly loadOptions: LoadOptions;
}

/**
 * Finds where two trainings of one recipe on the same data part, which they must not: the first epoch,
 * parameter and step.
 *
 * @throws BitgradError if they are of different recipes or data
 */
export async function compare(
  a: Comparable,
  b: Comparable,
  options: CompareOptions = {},
): Promise<Comparison> {
  const [ours, theirs] = [await sideOf(a, 'a'), await sideOf(b, 'b')];
  const found = compareEpochs(ours.told, theirs.told);
  if (found === null) {
    return { same: true, epochs: Math.min(ours.told.epochs.length, theirs.told.epochs.length) };
  }
  const parameter = await differenceAfter(found.epoch, ours, theirs);
  if (options.data === undefined) return { same: false, ...found, parameter, steps: null };
  const { epoch } = found;
  const checkpoint = epoch === 1 ? undefined : await firstKept(epoch - 1, [ours, theirs]);
  if (checkpoint === null) {
    throw new BitgradError(
      `compare: expected a checkpoint after epoch ${epoch - 1}, where both still are the same, received none`,
      'leave data out, or give the checkpoints that were kept while training',
    );
  }
  const { start, signal } = options;
  const steps = await compareSteps({
    recipe: ours.told.recipe,
    dataset: await datasetOf(options.data, ours.loadOptions),
    checkpoint,
    start: start instanceof Model ? start.saved : start,
    backends: [typescriptBackend(), await backendOf(options.backend)],
    signal,
  });
  const right = rightOf(steps, found);
  const where = { step: steps.step, parameter: steps.difference, right };
  return { same: false, ...found, parameter, steps: where };
}

async function sideOf(training: Comparable, name: string): Promise<Side> {
  if (training instanceof Uint8Array) return sideOf([training], name);
  if (!isList(training)) {
    const model = training instanceof Model ? training.saved : training;
    const { receipt } = model;
    const loadOptions = loadOptionsAgain(model);
    return { told: receipt, loadOptions, checkpointAfter: async () => null };
  }
  const checkpoints = new Map<number, Checkpoint>();
  for (const [at, bytes] of training.entries()) {
    const checkpoint = await decodeCheckpoint(bytes, `${name}: checkpoint ${at + 1}`);
    checkpoints.set(checkpoint.epochs.length, checkpoint);
  }
  const last = checkpoints.get(Math.max(...checkpoints.keys()));
  if (last === undefined) {
    throw new BitgradError(`${name}: expected a model or checkpoints, received none`);
  }
  return {
    told: last,
    loadOptions: {
      ...(last.encoding === undefined ? { rules: 1 } : { encoding: last.encoding ?? undefined }),
      modelImageSize: last.dataset.image ?? undefined,
      ...(last.recipe.loss === 'cross-entropy' ? {} : { task: taskOf(last.recipe) }),
    },
    checkpointAfter: async (epoch) => checkpoints.get(epoch) ?? null,
  };
}

const isList = (training: Comparable): training is readonly Uint8Array[] => Array.isArray(training);
