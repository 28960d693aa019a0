import { RECIPES, type Receipt, type Recipe, type RunRecord } from '@bitgrad/core';
import { computed, signal } from '@preact/signals';
import type { DataChoice, LoadProgress } from '../data/store.js';
import {
  BACKEND_NAMES,
  type BackendName,
  type EpochDone,
  type ModelSource,
  type Moment,
  type NetworkPicture,
  type Twist,
} from '../worker/protocol.js';
import type { Curve } from './curve.js';
import { recipeProblem } from './settings.js';

/** What the reader has chosen for the next training. */
export const draft = signal<Recipe>(RECIPES.mnist!);
export const dataChoice = signal<DataChoice>(isSlowLine() || isPhone() ? 'first' : 'all');
export const backendChoice = signal<BackendName>(BACKEND_NAMES[0]);
export const usesOwnDigits = signal(false);

/** What is wrong with the draft, or null. */
export const draftProblem = computed(() => recipeProblem(draft.value));

export type RunStatus = 'idle' | 'loading' | 'running' | 'paused' | 'done';

/** The training that was last begun. */
export interface Run {
  readonly status: RunStatus;
  readonly recipe: Recipe;
  readonly data: DataChoice;
  readonly hasOwnDigits: boolean;
  readonly twist: Twist | null;
  readonly backend: string;
  /** Epochs done, as a fraction. */
  readonly epochsDone: number;
  readonly stepsDone: number;
  readonly samplesPerSecond: number;
  /** How good the weights were before the first step, once that is known. */
  readonly initialAccuracy: number | null;
}

/** Curves that stay as they were. */
export interface Ghost {
  readonly loss: Curve;
  readonly accuracy: { readonly xs: number[]; readonly ys: number[] };
}

export const run = signal<Run | null>(null);
export const status = computed<RunStatus>(() => run.value?.status ?? 'idle');
export const isBusy = computed(() => ['loading', 'running', 'paused'].includes(status.value));

/** Points of the loss curve: epochs done and the loss there. */
export const lossCurve = signal<{ epochs: number[]; losses: number[] }>({ epochs: [], losses: [] });
/** The curves of the training before, to compare with. */
export const ghost = signal<Ghost | null>(null);
/** What each epoch came to. */
export const epochs = signal<readonly EpochDone[]>([]);
/** The network as it is now: in training, trained, or as the draft begins. */
export const picture = signal<NetworkPicture | null>(null);
/** The moments of the training whose weights are kept. */
export const moments = signal<readonly Moment[]>([]);
/** The step that the reader has gone back to, or null for now. */
export const viewedStep = signal<number | null>(null);
/** How many steps a second a training makes, or null for as many as there can be. */
export const speed = signal<number | null>(null);
/** What was trained here to its end. */
export const trained = signal<{ receipt: Receipt; run: RunRecord } | null>(null);
export const loading = signal<LoadProgress | null>(null);

/** A model that was opened from a file. */
export const opened = signal<{ fileName: string; receipt: Receipt; run: RunRecord } | null>(null);

/** The model that Draw and Understand speak of. */
export const source = signal<ModelSource>('trained');
/** Whether there is such a model: one in training counts. */
export const hasModel = computed(() =>
  source.value === 'file'
    ? opened.value !== null
    : trained.value !== null || (run.value?.epochsDone ?? 0) > 0,
);

/** Whether Draw asks the model that the page ships, rather than `source`'s. */
export const prefersShipped = signal(true);

/** The digest that a share link said would come out. */
export const expectedDigest = signal<string | null>(null);

/** Something that went wrong or is worth saying, in words. */
export interface Notice {
  readonly kind: 'error' | 'note';
  readonly message: string;
  readonly fix?: string | undefined;
}

export const notice = signal<Notice | null>(null);

/** Whether the browser says that data are dear here. Not every browser says so. */
function isSlowLine(): boolean {
  const { connection } = navigator as {
    connection?: { saveData?: boolean; effectiveType?: string };
  };
  return connection?.saveData === true || /2g|3g/.test(connection?.effectiveType ?? '');
}

/** A phone is likely to be on a line that is slow or dear: it begins with what comes within a second or two. */
function isPhone(): boolean {
  return matchMedia('(pointer: coarse) and (max-width: 30rem)').matches;
}
