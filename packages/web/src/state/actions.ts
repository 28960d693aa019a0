import { batch } from '@preact/signals';
import { download } from '../parts/download.js';
import type { ModelSource } from '../worker/protocol.js';
import { ownDigits } from './own.js';
import {
  backendChoice,
  dataChoice,
  draft,
  draftProblem,
  epochs,
  isBusy,
  loading,
  lossCurve,
  notice,
  opened,
  prefersShipped,
  type RunStatus,
  run,
  source,
  trained,
  usesOwnDigits,
  weights,
} from './store.js';
import { verification } from './verification.js';
import { tellError, worker } from './worker.js';

/** Counts trainings and resets, so that what comes back late speaks for its own training only. */
let turn = 0;
/** Settles when the worker is free of what a reset has ended. */
let freed: Promise<unknown> = Promise.resolve();

/** Begins a training by the draft. */
export async function startTraining(): Promise<void> {
  if (isBusy.value || draftProblem.value !== null) return;
  const recipe = draft.value;
  const data = dataChoice.value;
  const digits = usesOwnDigits.value ? ownDigits.value : [];
  turn += 1;
  const mine = turn;
  clear();
  batch(() => {
    source.value = 'trained';
    prefersShipped.value = false;
    run.value = {
      status: 'loading',
      recipe,
      data,
      hasOwnDigits: digits.length > 0,
      backend: backendChoice.value,
      epochsDone: 0,
      samplesPerSecond: 0,
      initialAccuracy: null,
    };
  });
  try {
    await freed;
    if (mine !== turn) return;
    const request = { recipe, data, backend: backendChoice.value, ownDigits: digits };
    const result = await worker.request('train', request);
    if (mine !== turn) return;
    trained.value = result;
    setStatus('done');
  } catch (error) {
    if (mine === turn) run.value = null;
    tellError(error);
  } finally {
    if (mine === turn) loading.value = null;
  }
}

export function pauseTraining(): void {
  setStatus('paused');
  worker.request('pause').catch(tellError);
}

export function resumeTraining(): void {
  setStatus('running');
  worker.request('resume').catch(tellError);
}

/** Ends what is under way and forgets it. */
export async function resetTraining(): Promise<void> {
  turn += 1;
  run.value = null;
  loading.value = null;
  clear();
  freed = Promise.all([worker.request('stop'), worker.request('forget')]).catch(tellError);
  await freed;
  await previewWeights();
}

/** Shows the weights that the draft would begin with. */
export async function previewWeights(): Promise<void> {
  if (run.value !== null || draftProblem.value !== null) return;
  const images = await worker.request('preview', draft.value).catch(tellError);
  if (images && run.value === null) weights.value = images;
}

/** Opens a model file and makes it the one that Draw and Understand speak of. */
export async function openModel(file: File): Promise<void> {
  notice.value = null;
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const model = await worker.request('open', { bytes, fileName: file.name });
    batch(() => {
      opened.value = { fileName: file.name, ...model };
      source.value = 'file';
      prefersShipped.value = false;
      verification.value = null;
    });
  } catch (error) {
    tellError(error);
  }
}

/** Trains again as the opened model's receipt says. */
export async function verifyOpened(): Promise<void> {
  notice.value = null;
  verification.value = { epochs: [], result: null };
  try {
    const result = await worker.request('verify', {
      backend: backendChoice.value,
      ownDigits: ownDigits.value,
    });
    verification.value = { epochs: verification.value?.epochs ?? [], result };
  } catch (error) {
    verification.value = null;
    tellError(error);
  } finally {
    loading.value = null;
  }
}

/** Saves a model as a safetensors file. */
export async function saveModel(from: ModelSource): Promise<void> {
  try {
    const name = `${trained.value?.receipt.recipe.name ?? 'model'}.safetensors`;
    download(name, await worker.request('save', from));
  } catch (error) {
    tellError(error);
  }
}

function setStatus(status: RunStatus): void {
  if (run.value) run.value = { ...run.value, status };
}

function clear(): void {
  batch(() => {
    notice.value = null;
    trained.value = null;
    epochs.value = [];
    lossCurve.value = { epochs: [], losses: [] };
  });
}
