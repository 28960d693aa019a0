import type { Recipe } from '@bitgrad/core';
import { batch } from '@preact/signals';
import { download } from '../parts/download.js';
import type { ModelSource, Twist } from '../worker/protocol.js';
import { accuracyCurve } from './curve.js';
import { ownDigits } from './own.js';
import {
  backendChoice,
  dataChoice,
  draft,
  draftProblem,
  epochs,
  ghost,
  isBusy,
  loading,
  lossCurve,
  moments,
  notice,
  opened,
  picture,
  prefersShipped,
  type RunStatus,
  run,
  source,
  speed,
  trained,
  usesOwnDigits,
  viewedStep,
} from './store.js';
import { chosenUnit, putBack } from './touch.js';
import { verification } from './verification.js';
import { flushReports, forgetReports, tellError, worker } from './worker.js';

/** Counts trainings and resets, so that what comes back late speaks for its own training only. */
let turn = 0;
/** Settles when the worker is free of what a reset has ended. */
let freed: Promise<unknown> = Promise.resolve();

/**
 * Begins a training.
 *
 * @param recipe by default the draft
 * @param twist what an experiment does beyond the recipe
 */
export async function startTraining(
  recipe: Recipe = draft.value,
  twist: Twist | null = null,
): Promise<void> {
  if (isBusy.value || draftProblem.value !== null) return;
  const data = dataChoice.value;
  const digits = usesOwnDigits.value ? ownDigits.value : [];
  turn += 1;
  const mine = turn;
  keepGhost();
  putBack();
  clear();
  batch(() => {
    source.value = 'trained';
    prefersShipped.value = false;
    run.value = {
      status: 'loading',
      recipe,
      data,
      hasOwnDigits: digits.length > 0,
      twist,
      backend: backendChoice.value,
      epochsDone: 0,
      stepsDone: 0,
      samplesPerSecond: 0,
      initialAccuracy: null,
    };
  });
  try {
    await freed;
    if (mine !== turn) return;
    // What a training that was reset told last is not this one's.
    clear();
    if (speed.value !== null) await worker.request('speed', speed.value);
    const request = { recipe, data, backend: backendChoice.value, ownDigits: digits, twist };
    const result = await worker.request('train', request);
    if (mine !== turn) return;
    batch(() => {
      flushReports(true);
      trained.value = result;
      setStatus('done');
    });
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
  putBack();
  viewedStep.value = null;
  setStatus('running');
  worker.request('resume').catch(tellError);
}

/** Makes one step of a paused training. */
export function makeStep(): void {
  putBack();
  viewedStep.value = null;
  worker.request('advance', { steps: 1 }).catch(tellError);
}

/** Chooses how many steps a second are made; null for as many as there can be. */
export function chooseSpeed(stepsPerSecond: number | null): void {
  speed.value = stepsPerSecond;
  worker.request('speed', stepsPerSecond).catch(tellError);
}

/** Shows the network as it was after a step, and holds the training meanwhile; null for now. */
export function viewMoment(step: number | null): void {
  viewedStep.value = step;
  if (step !== null && run.value?.status === 'running') pauseTraining();
}

/** Ends what is under way and forgets it. */
export async function resetTraining(): Promise<void> {
  turn += 1;
  run.value = null;
  loading.value = null;
  clear();
  putBack();
  chosenUnit.value = null;
  ghost.value = null;
  freed = Promise.all([worker.request('stop'), worker.request('forget')]).catch(tellError);
  await freed;
  await previewNetwork();
}

/** Shows the weights that the draft would begin with. */
export async function previewNetwork(): Promise<void> {
  if (run.value !== null || draftProblem.value !== null) return;
  const recipe = draft.value;
  const shown = await worker.request('picture', { recipe, step: null }).catch(tellError);
  if (shown && run.value === null && recipe === draft.value) picture.value = shown;
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

function keepGhost(): void {
  if (lossCurve.value.losses.length === 0) return;
  ghost.value = {
    loss: lossCurve.value,
    accuracy: accuracyCurve(moments.value, epochs.value),
  };
}

function clear(): void {
  forgetReports();
  batch(() => {
    notice.value = null;
    trained.value = null;
    epochs.value = [];
    lossCurve.value = { epochs: [], losses: [] };
    moments.value = [];
    viewedStep.value = null;
  });
}
