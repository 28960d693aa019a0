import type { SavedModel } from '../file/model-file.js';
import type { Receipt } from '../file/receipt.js';
import type { Recipe } from '../recipe/recipe.js';

/** What is known before the first step. */
export interface StartReport {
  readonly recipe: Recipe;
  readonly dataset: Receipt['dataset'];
  /** Epochs that a checkpoint brought along. */
  readonly epochsDone: number;
}

export interface Progress {
  /** Counted from 1. */
  readonly epoch: number;
  /** Steps of this epoch done so far. */
  readonly step: number;
  readonly stepsPerEpoch: number;
}

/** What is known after an epoch. */
export interface EpochReport {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean training loss over the epoch's samples, each seen with the weights of its step. */
  readonly loss: number;
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  /** Training alone: shuffle, gather and steps. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
  readonly weightsSha256: string;
  /** Of the whole state; see `Receipt.states`. */
  readonly stateSha256: string;
}

/** What a training gives: a model that can be saved as it is. */
export interface TrainedModel extends SavedModel {
  /** Training alone, in seconds, over all sittings. */
  readonly trainSeconds: number;
  readonly samplesPerSecond: number;
}

/** Where a receipt first differs from what training again gave. */
export interface Mismatch {
  /** Counted from 1; null where what differs is not an epoch's digest. */
  readonly epoch: number | null;
  /** The receipt's field. */
  readonly field: string;
  readonly expected: unknown;
  readonly received: unknown;
}
