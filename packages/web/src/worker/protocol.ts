/** What the page and its worker say to each other. The page asks and is answered; events come unasked. */

import type { Model, Receipt, Recipe, RunRecord, Shape, windowOf } from '@bitgrad/core';
import type { OwnDigit } from '../data/own-digits.js';
import type { DataChoice, LoadProgress } from '../data/store.js';
import type { ImagesRead, TableEpoch, TableRequests } from '../table/table-protocol.js';

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
  readonly twist: Twist | null;
}

/** What an experiment does beyond a recipe: labels by chance, or weights that begin equal. */
export type Twist = 'random-labels' | 'equal-weights';

export interface TrainingResult {
  readonly receipt: Receipt;
  readonly run: RunRecord;
}

/** What is drawn of a network. */
export interface NetworkPicture {
  /** The first layer's weights as an image for each of its drawn units: `[units, height, width]`. */
  readonly images: Float32Array;
  readonly height: number;
  readonly width: number;
  /** How the first layer's filters go over the image; null where it has none. */
  readonly window: ViewWindow | null;
  /** Each layer of units, the outputs last. */
  readonly layers: readonly PictureLayer[];
  /** Between each layer of drawn units and the next: `[from, to]`. */
  readonly links: readonly Float32Array[];
}

export interface PictureLayer {
  readonly units: number;
  /** How many of them are drawn. */
  readonly shown: number;
  /** Whether they are filters, with a map of results each. */
  readonly isConv: boolean;
}

/** A window's size, steps, and places over an image. */
export type ViewWindow = ReturnType<typeof windowOf>;

/** A unit that is drawn: its layer, counted from the first hidden one, and its place in it. */
export interface UnitPlace {
  readonly layer: number;
  readonly unit: number;
}

/** What a reader changes of a network to see what comes of it. */
export interface Touch {
  /** Hidden units that say nothing to the layer after theirs. */
  readonly off: readonly UnitPlace[];
  /** Units of the first layer with other weights, as many as its image has. */
  readonly painted: readonly { readonly unit: number; readonly values: Float32Array }[];
  /** One weight, by its layer and its place in that layer's weights. */
  readonly weight: {
    readonly layer: number;
    readonly index: number;
    readonly value: number;
  } | null;
}

/** Test images that excite a unit. */
export interface Exciting {
  /** `[images, features]`, black and white or grey. */
  readonly images: Uint8Array;
  readonly labels: readonly number[];
  /** What the unit says to each. */
  readonly values: readonly number[];
  readonly asked: number;
}

/** Back-propagation for one image. */
export interface HandStep {
  readonly numbers: StepNumbers;
  /** Where each weight would go: the gradient turned round. */
  readonly downhill: NetworkPicture;
  /** The loss and the probabilities before a step on this image alone, and after it. */
  readonly before: Reading;
  readonly after: Reading;
}

export interface Reading {
  readonly loss: number;
  readonly probabilities: Float32Array;
}

/** A weight, by its layer and its place in that layer's `[in, out]`, and values for it. */
export interface LossAlong {
  readonly layer: number;
  readonly index: number;
  readonly values: Float32Array;
}

/** A moment of a training at which its weights were kept. */
export interface Moment {
  /** Counted from 0, before the first step. */
  readonly step: number;
  /** Epochs done, as a fraction. */
  readonly epochs: number;
  /** On test images. */
  readonly accuracy: number;
}

/** A point of the loss curve: epochs done, as a fraction, and the mean loss since the last point. */
export interface LossPoint {
  readonly epochs: number;
  readonly loss: number;
}

/** One sample on its way through a network. */
export interface Trace {
  /** What each layer gave, from the input to the logits. */
  readonly activations: readonly Float32Array[];
  /** The size of each: features, or `[height, width, channels]`. */
  readonly shapes: readonly Shape[];
  /** What the last layer was given: of filters, their maps as pools left them. */
  readonly lastInput: Float32Array;
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
  /** Whether all layers are of neurons, so that blame can be followed from each to each. */
  readonly isDense: boolean;
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
  /** For the batch: the gradients of all parameters in model order, 0 for those that no step changes. */
  readonly parameterGradients: Float32Array;
  /** Of the image of a first-layer unit's weights. */
  readonly height: number;
  readonly width: number;
}

/** Every request: what is given and what is answered. */
export interface Requests extends TableRequests {
  /** Says where the data are; comes before any other. */
  begin: { given: { dataFolder: string }; answer: undefined };
  /** The network of a recipe before its first step, or of the training at a moment that was kept. */
  picture: { given: { recipe: Recipe; step: number | null }; answer: NetworkPicture };
  /** Units of the hidden layers that no image wakes, by layer, of the training's network at a moment. */
  asleep: { given: { step: number | null }; answer: readonly Uint8Array[] };
  /** Changes the network that is shown, and tells the accuracy before and after. */
  touch: {
    given: { touch: Touch; data: DataChoice };
    answer: { before: number; after: number } | null;
  };
  exciting: { given: { place: UnitPlace; data: DataChoice }; answer: Exciting | null };
  /** `recipe`: whose network before its first step serves where none was trained. */
  hand: { given: { pixels: Uint8Array; label: number; recipe: Recipe }; answer: HandStep | null };
  along: {
    given: LossAlong & { pixels: Uint8Array; label: number; recipe: Recipe };
    answer: Float32Array;
  };
  /** Makes steps of a paused training, and no more. */
  advance: { given: { steps: number }; answer: undefined };
  /** How many steps a second, or null for as many as there can be. */
  speed: { given: number | null; answer: undefined };
  train: { given: TrainRequest; answer: TrainingResult };
  pause: { given: undefined; answer: undefined };
  resume: { given: undefined; answer: undefined };
  /** Ends the training or verification under way. */
  stop: { given: undefined; answer: undefined };
  /** Forgets what was trained here. */
  forget: { given: undefined; answer: undefined };
  trace: {
    /** `recipe`: whose network before its first step serves where there is none in training. */
    given: {
      source: ModelSource;
      pixels: Uint8Array;
      step?: number | null;
      recipe?: Recipe;
    };
    answer: Trace | null;
  };
  examine: { given: { source: ModelSource; data: DataChoice }; answer: Examination | null };
  /** Images of the samples last examined, `[indices, features]`, black and white or grey. */
  images: { given: { indices: Uint32Array }; answer: Uint8Array };
  /** A copy of a model as it is now. */
  model: { given: ModelSource; answer: Model | null };
  step: { given: { data: DataChoice; recipe: Recipe }; answer: StepNumbers };
  save: { given: ModelSource; answer: Uint8Array };
  /** The weights of all moments of the last training, one after the other. */
  history: { given: undefined; answer: Float32Array };
  /** Takes a model that was trained here before, with the moments of its training. */
  restore: {
    given: { bytes: Uint8Array; moments: readonly Moment[]; weights: Float32Array };
    answer: TrainingResult & { moments: readonly Moment[] };
  };
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
  /** Points of the loss curve since the last report. */
  readonly losses: readonly LossPoint[];
  readonly samplesPerSecond: number;
  readonly stepsDone: number;
  readonly picture: NetworkPicture;
}

export interface EpochDone {
  readonly epoch: number;
  readonly weightsSha256: string;
  /** On the test samples; null where nobody looked. */
  readonly accuracy: number | null;
}

export interface Events {
  tableEpoch: TableEpoch;
  imagesRead: ImagesRead;
  load: LoadProgress;
  /** Before the first step: what it runs on, and how good chance alone is. */
  started: { backend: string; isa: string; accuracy: number };
  progress: TrainingProgress;
  /** The moments whose weights are kept, with one more. */
  moments: readonly Moment[];
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
