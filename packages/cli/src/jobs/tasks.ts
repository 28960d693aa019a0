import type { Recipe, Verification } from '@bitgrad/core';
import type { LoadOptions } from '@bitgrad/formats';
import type { Outcome } from '../sweep/trial.js';

/** The data of a task. */
export interface Source {
  /** A path, or the name of what comes along. */
  readonly data: string;
  readonly loadOptions: LoadOptions;
  /** What they must be; where left out, whatever they are. */
  readonly sha256?: string;
}

/** The backend that a process computes by, as options. */
export interface BackendTexts {
  readonly backend: string;
  readonly isa: string | undefined;
  readonly threads: string | undefined;
}

/** A training, or as much of it as is asked for. */
export interface TrainTask {
  readonly kind: 'train';
  readonly recipe: Recipe;
  /** The last epoch, counted from 1; all of them where it is the recipe's last. */
  readonly until: number;
  /** The bytes of a checkpoint to go on from. */
  readonly checkpoint: Uint8Array | null;
}

/** Epochs of a training that are trained again, by its receipt. */
export interface VerifyTask {
  readonly kind: 'verify';
  /** The bytes of the model file. */
  readonly model: Uint8Array;
  /** The last epoch to train again, counted from 1. */
  readonly last: number;
  /** The bytes of the checkpoint to begin after. */
  readonly checkpoint: Uint8Array | null;
  /** The bytes of the model whose weights the training began with. */
  readonly start: Uint8Array | null;
}

export type Task = TrainTask | VerifyTask;

/** What a process is told to do, one after the other. */
export interface Order {
  readonly task: Task;
  readonly source: Source;
  readonly by: BackendTexts;
}

/** What came of a training: for a model or a checkpoint, its bytes. */
export interface Trained {
  readonly outcome: Outcome;
  readonly bytes: Uint8Array | null;
}

export type Done =
  | ({ readonly kind: 'train' } & Trained)
  | { readonly kind: 'verify'; readonly verification: Verification };

/** What a process tells while it trains a stretch again: an epoch that gave the receipt's digests. */
export interface Told {
  readonly epoch: number;
  readonly weightsSha256: string;
}

/** What a process tells once it can be told what to do. */
export interface Ready {
  readonly isReady: true;
}

/** What a process answers. */
export type Answer =
  | { readonly done: Done; readonly seconds: number }
  /** The data are not there, or others: another machine may have them. */
  | { readonly refusal: string }
  | { readonly error: string; readonly fix: string | undefined; readonly isUsage: boolean };
