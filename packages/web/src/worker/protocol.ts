/** What the page and its worker say to each other. The page asks and is answered; events come unasked. */

import type { Model, Receipt, Recipe, RunRecord } from '@bitgrad/core';
import type { OwnDigit } from '../data/own-digits.js';
import type { DataChoice, LoadProgress } from '../data/store.js';

/** The backends that the page has, the fastest first. */
export const BACKEND_NAMES = ['wasm', 'ts'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

/** `trained`: what this page trains or trained; `file`: what was opened from a file. */
export type ModelSource = 'trained' | 'file';

export interface TrainRequest {
  readonly recipe: Recipe;
  readonly data: DataChoice;
  readonly backend: BackendName;
  readonly ownDigits: readonly OwnDigit[];
}

export interface TrainingResult {
  readonly receipt: Receipt;
  readonly run: RunRecord;
}

/** Weights of the first layer as images: one for each of the first hidden units. */
export interface WeightImages {
  /** `[units, features]`. */
  readonly values: Float32Array;
  readonly units: number;
}

/** One sample on its way through a network. */
export interface Trace {
  /** What each layer gave, from the input to the logits. */
  readonly activations: readonly Float32Array[];
  readonly probabilities: Float32Array;
}

/** What a model says about every test sample. */
export interface Examination {
  readonly accuracy: number;
  readonly loss: number;
  /** The samples' places in the data set. */
  readonly indices: Uint32Array;
  readonly labels: Uint32Array;
  readonly predicted: Uint32Array;
  /** Each sample's cross-entropy. */
  readonly losses: Float32Array;
}

/** The numbers of one training step, as they were. */
export interface StepNumbers {
  /** Whether the training made this step; else it only shows what a step would do. */
  readonly isReal: boolean;
  /** Counted from 1 over the run, or null where no run is under way. */
  readonly step: number | null;
  readonly recipe: Recipe;
  readonly rate: number;
  readonly rows: number;
  /** `[features]`, the sample of the batch with the greatest loss, as the network received it. */
  readonly input: Float32Array;
  readonly label: number;
  /** Its loss and its outputs in each layer, the last being the logits. */
  readonly loss: number;
  readonly outputs: readonly Float32Array[];
  readonly probabilities: Float32Array;
  /** For the same sample: the gradient at each layer's output, after the activation's derivative. */
  readonly gradients: readonly Float32Array[];
  /** For the batch: each layer's weights before the step and their gradients. */
  readonly weights: readonly Float32Array[];
  readonly weightGradients: readonly Float32Array[];
}

/** Every request: what is given and what is answered. */
export interface Requests {
  /** Says where the data are; comes before any other. */
  begin: { given: { dataFolder: string }; answer: undefined };
  preview: { given: Recipe; answer: WeightImages };
  train: { given: TrainRequest; answer: TrainingResult };
  pause: { given: undefined; answer: undefined };
  resume: { given: undefined; answer: undefined };
  /** Ends the training or verification under way. */
  stop: { given: undefined; answer: undefined };
  /** Forgets what was trained here. */
  forget: { given: undefined; answer: undefined };
  trace: { given: { source: ModelSource; pixels: Uint8Array }; answer: Trace | null };
  examine: { given: { source: ModelSource; data: DataChoice }; answer: Examination | null };
  /** Images of the samples last examined, `[indices, features]`, black and white or grey. */
  images: { given: { indices: Uint32Array }; answer: Uint8Array };
  /** A copy of a model as it is now. */
  model: { given: ModelSource; answer: Model | null };
  step: { given: { data: DataChoice; recipe: Recipe }; answer: StepNumbers };
  save: { given: ModelSource; answer: Uint8Array };
  open: { given: { bytes: Uint8Array; fileName: string }; answer: TrainingResult };
  verify: {
    given: { backend: BackendName; ownDigits: readonly OwnDigit[] };
    answer: Verification;
  };
}

export interface Verification {
  /** Null where it cannot be told here, for want of the data. */
  readonly isVerified: boolean | null;
  /** What differed first, or what is wanting, in words, or null. */
  readonly difference: string | null;
}

/** What happens while a training runs. */
export interface TrainingProgress {
  /** Counted from 1. */
  readonly epoch: number;
  /** Epochs done, as a fraction: 1.5 is half way through the second. */
  readonly epochsDone: number;
  /** Mean loss of the samples since the last report. */
  readonly loss: number;
  readonly samplesPerSecond: number;
  readonly weights: WeightImages;
}

export interface EpochDone {
  readonly epoch: number;
  readonly weightsSha256: string;
  /** On the test samples; null where nobody looked. */
  readonly accuracy: number | null;
}

export interface Events {
  load: LoadProgress;
  /** Before the first step: what it runs on, and how good chance alone is. */
  started: { backend: string; isa: string; accuracy: number };
  progress: TrainingProgress;
  epoch: EpochDone;
  /** A backend cannot be had here, and TypeScript takes its place. */
  fallback: { reason: string };
  /** An epoch of a verification: the receipt's digest and this device's. */
  verified: { epoch: number; expected: string; received: string };
}

export type RequestName = keyof Requests;
export type EventName = keyof Events;

export type ToWorker = {
  [Name in RequestName]: { id: number; name: Name; given: Requests[Name]['given'] };
}[RequestName];

export interface ErrorInWords {
  readonly message: string;
  readonly fix: string | undefined;
  readonly isAborted: boolean;
}

export type FromWorker =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: ErrorInWords }
  | { [Name in EventName]: { readonly event: Name; readonly data: Events[Name] } }[EventName];

/** Tells the page that something happened. */
export type Tell = <Name extends EventName>(event: Name, data: Events[Name]) => void;
