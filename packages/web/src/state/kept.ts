import { checkRecipe, RECIPES, type Recipe } from '@bitgrad/core';
import { batch, effect, signal } from '@preact/signals';
import { padPicture, strokes } from '../views/draw/drawing.js';
import { BACKEND_NAMES, type EpochDone, type Moment } from '../worker/protocol.js';
import type { Curve } from './curve.js';
import { decodeDrawing, encodeDrawing } from './drawing-text.js';
import { ownDigits } from './own.js';
import { parseRoute } from './route.js';
import { recipeProblem } from './settings.js';
import { decodeShared } from './share.js';
import {
  backendChoice,
  dataChoice,
  draft,
  epochs,
  lossCurve,
  moments,
  picture,
  type Run,
  run,
  trained,
} from './store.js';
import { worker } from './worker.js';

/**
 * What outlives a reload: the recipe and the drawing as text, the trained network as a file. All of it
 * stays on the device, and `eraseKept` takes it away.
 */

const KEY = 'bitgrad-kept';
const CACHE_NAME = 'bitgrad-kept';
const MODEL_URL = 'kept-model.safetensors';
const MOMENTS_URL = 'kept-moments.bin';
const WRITE_MILLISECONDS = 300;

interface Kept {
  readonly recipe: Recipe;
  readonly data: string;
  readonly backend: string;
  readonly drawing: string;
  /** The training whose network is kept, or null. */
  readonly training: {
    readonly run: Run;
    readonly curve: Curve;
    readonly epochs: EpochDone[];
    /** Of the rewind; older pages kept none. */
    readonly moments?: readonly Moment[];
  } | null;
}

/** Whether anything is kept. */
export const isKept = signal(read() !== null);

let isErased = false;
/** Counts what was erased, so that what is being written meanwhile is not kept after all. */
let erasures = 0;

/** A network that is kept and not shown, because it is still to come or a link brought another recipe: it stays until another is trained. */
let unshown: Kept['training'] = null;

/** Takes up what is kept, but for the recipe where a link brings one of its own, and keeps what comes. */
export function keep(): void {
  const kept = read();
  if (kept) restore(kept, new URLSearchParams(parseRoute(location.hash).query));
  effect(() => {
    // Each of these is worth keeping when it changes.
    void [draft.value, dataChoice.value, backendChoice.value, strokes.value, trained.value];
    writeSoon();
  });
}

/**
 * Forgets all that this page keeps on the device, and what is on it now. What a reload would read is gone
 * at once, before anything is waited for.
 */
export async function eraseKept(): Promise<void> {
  isErased = true;
  unshown = null;
  erasures += 1;
  clearTimeout(timer);
  keptDigest = '';
  batch(() => {
    strokes.value = [];
    padPicture.value = null;
    ownDigits.value = [];
    isKept.value = false;
  });
  try {
    localStorage.removeItem(KEY);
    await caches.delete(CACHE_NAME);
  } catch {
    // What was never kept need not be erased.
  }
}

let timer: ReturnType<typeof setTimeout> | undefined;
let keptDigest = '';

function writeSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void write().catch(() => undefined), WRITE_MILLISECONDS);
}

async function write(): Promise<void> {
  // Nothing is written before something was made here, or after it was erased.
  const isMade = trained.value !== null || strokes.value.length > 0;
  if (!isMade && (isErased || (!isKept.value && draft.value === RECIPES.mnist))) return;
  isErased = false;
  const erasuresBefore = erasures;
  const digest = trained.value?.receipt.weightsSha256 ?? '';
  if (digest !== '' && digest !== keptDigest) {
    const bytes = await worker.request('save', 'trained');
    if (erasures !== erasuresBefore) return;
    const cache = await caches.open(CACHE_NAME);
    const weights = await worker.request('history');
    await cache.put(MODEL_URL, new Response(bytes as Uint8Array<ArrayBuffer>));
    await cache.put(MOMENTS_URL, new Response(weights as Float32Array<ArrayBuffer>));
    if (erasures !== erasuresBefore) {
      await caches.delete(CACHE_NAME);
      return;
    }
    keptDigest = digest;
  }
  if (digest !== '') unshown = null;
  const kept: Kept = {
    recipe: draft.value,
    data: dataChoice.value,
    backend: backendChoice.value,
    drawing: encodeDrawing(strokes.value),
    training:
      digest !== '' && run.value?.status === 'done'
        ? {
            run: run.value,
            curve: lossCurve.value,
            epochs: [...epochs.value],
            moments: moments.value,
          }
        : unshown,
  };
  localStorage.setItem(KEY, JSON.stringify(kept));
  isKept.value = true;
}

function read(): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Kept | null;
    if (kept === null || recipeProblem(checkRecipe(kept.recipe)) !== null) return null;
    return kept;
  } catch {
    // Of another version, or damaged: the page begins anew.
    return null;
  }
}

function restore(kept: Kept, query: URLSearchParams): void {
  const isOther = bringsOther(kept, query);
  batch(() => {
    const drawing = query.has('drawing') ? null : decodeDrawing(kept.drawing);
    if (drawing) strokes.value = drawing;
    backendChoice.value = BACKEND_NAMES.find((name) => name === kept.backend) ?? BACKEND_NAMES[0];
    if (isOther) return;
    draft.value = kept.recipe;
    dataChoice.value = kept.data === 'first' ? 'first' : 'all';
  });
  unshown = kept.training;
  if (kept.training && !isOther) restoreModel(kept.training).catch(() => undefined);
}

/** Whether a link brings a recipe, and not the one whose network is kept: its reader has reloaded the page. */
function bringsOther({ training }: Kept, query: URLSearchParams): boolean {
  try {
    const shared = decodeShared(query.toString());
    if (shared === null) return false;
    return (
      training === null ||
      training.run.data !== shared.data ||
      !isSame(training.run.recipe, shared.recipe)
    );
  } catch {
    // A recipe that cannot be used takes no other's place.
    return false;
  }
}

function isSame(one: Recipe, other: Recipe): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

async function restoreModel(training: NonNullable<Kept['training']>): Promise<void> {
  const cache = await caches.open(CACHE_NAME);
  const [response, weightsKept] = [await cache.match(MODEL_URL), await cache.match(MOMENTS_URL)];
  if (response === undefined) return;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const weights = new Float32Array((await weightsKept?.arrayBuffer()) ?? []);
  if (run.value !== null) return;
  const result = await worker.request('restore', {
    bytes,
    moments: training.moments ?? [],
    weights,
  });
  const shown = await worker.request('picture', { recipe: training.run.recipe, step: null });
  // Somebody may have been quicker and begun another training.
  if (run.value !== null) return;
  keptDigest = result.receipt.weightsSha256;
  batch(() => {
    // The draft may be the link's, which is compared by what it is, not by what it says.
    const { run: kept } = training;
    run.value = isSame(kept.recipe, draft.value) ? { ...kept, recipe: draft.value } : kept;
    trained.value = result;
    epochs.value = training.epochs;
    moments.value = result.moments;
    lossCurve.value = training.curve;
    picture.value = shown;
  });
}
