import { batch } from '@preact/signals';
import { measurePaint, paintInterval } from '../parts/pace.js';
import { WorkerClient, WorkerError } from '../worker/client.js';
import type { EpochDone, Moment, NetworkPicture } from '../worker/protocol.js';
import { addLosses } from './curve.js';
import {
  backendChoice,
  epochs,
  loading,
  lossCurve,
  moments,
  notice,
  opened,
  picture,
  run,
  source,
  trained,
} from './store.js';
import { verification } from './verification.js';

export const DATA_FOLDER = new URL('data/', document.baseURI).href;

export const startWorker = (): Worker =>
  new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' });

/** A training of short epochs has a hundred of them a second: the page is drawn for some at once. */
const FLUSH_MILLISECONDS = 100;
const waiting: {
  epochs: EpochDone[];
  moments: readonly Moment[] | null;
  picture: NetworkPicture | null;
} = { epochs: [], moments: null, picture: null };
let flushing: ReturnType<typeof setTimeout> | undefined;

function flushSoon(): void {
  flushing ??= setTimeout(() => flushReports(), Math.max(FLUSH_MILLISECONDS, paintInterval()));
}

/**
 * Shows what the worker has told so far.
 *
 * @param isLast whether a picture is shown too that is otherwise not due yet
 */
export function flushReports(isLast = false): void {
  clearTimeout(flushing);
  flushing = undefined;
  batch(() => {
    if (waiting.epochs.length > 0) epochs.value = [...epochs.value, ...waiting.epochs];
    if (waiting.moments !== null) moments.value = waiting.moments;
    waiting.epochs = [];
    waiting.moments = null;
    if (waiting.picture !== null && (isLast || isTimeForImages())) showPicture();
  });
  if (waiting.picture !== null) flushSoon();
}

function showPicture(): void {
  if (waiting.picture !== null) picture.value = waiting.picture;
  waiting.picture = null;
}

/** Drops what was told and not shown: another training begins. */
export function forgetReports(): void {
  waiting.epochs = [];
  waiting.moments = null;
  waiting.picture = null;
}

/** The worker that trains, and holds what was trained or opened. */
export const worker = new WorkerClient(
  startWorker,
  DATA_FOLDER,
  {
    load: (progress) => {
      loading.value = progress.receivedBytes < progress.totalBytes ? progress : null;
    },
    started: ({ backend, isa, accuracy }) => {
      if (run.value) {
        run.value = {
          ...run.value,
          status: 'running',
          backend: `${backend} · ${isa}`,
          initialAccuracy: accuracy,
        };
      }
    },
    progress: ({ epochsDone, stepsDone, losses, samplesPerSecond, picture: shown }) => {
      batch(() => {
        if (run.value) run.value = { ...run.value, epochsDone, stepsDone, samplesPerSecond };
        if (losses.length > 0) lossCurve.value = addLosses(lossCurve.value, losses);
        waiting.picture = shown;
        if (isTimeForImages()) showPicture();
        else flushSoon();
      });
    },
    moments: (kept) => {
      waiting.moments = kept;
      flushSoon();
    },
    epoch: (report) => {
      waiting.epochs.push(report);
      flushSoon();
    },
    fallback: ({ reason }) => {
      backendChoice.value = 'ts';
      notice.value = {
        kind: 'note',
        message: `WebAssembly cannot be used here: ${reason}`,
        fix: 'TypeScript serves instead: the same bits, more slowly.',
      };
    },
    verified: (epoch) => {
      const { value } = verification;
      if (value) verification.value = { ...value, epochs: [...value.epochs, epoch] };
    },
  },
  () => {
    batch(() => {
      run.value = null;
      trained.value = null;
      opened.value = null;
      source.value = 'trained';
    });
  },
);

/** Shows an error in words. What the reader ended on purpose is none. */
export function tellError(error: unknown): void {
  if (error instanceof WorkerError) {
    if (!error.isAborted) notice.value = { kind: 'error', message: error.message, fix: error.fix };
    return;
  }
  notice.value = { kind: 'error', message: error instanceof Error ? error.message : String(error) };
}

const wantsCalm = matchMedia('(prefers-reduced-motion: reduce)');
const CALM_MILLISECONDS = 2000;
let lastImages = 0;

/** Whether the images of the weights may change now: seldom for those who asked for little motion. */
function isTimeForImages(): boolean {
  const now = performance.now();
  if (now - lastImages < (wantsCalm.matches ? CALM_MILLISECONDS : paintInterval())) return false;
  lastImages = now;
  measurePaint();
  return true;
}
