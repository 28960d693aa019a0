import { computed, effect, signal } from '@preact/signals';
import { latestOnly } from '../parts/latest.js';
import { prepared } from '../views/draw/drawing.js';
import { EXAMPLE } from '../views/draw/example.js';
import { fitStrokes } from '../views/draw/fit-strokes.js';
import type { NetworkPicture, Trace } from '../worker/protocol.js';
import { draft, epochs, moments, picture, run, status, trained, viewedStep } from './store.js';
import { tellError, worker } from './worker.js';

const examplePixels = fitStrokes(EXAMPLE)!;

/** The image that the network on the stage reads: the reader's drawing, or one that is there before. */
export const stagePixels = computed(() => prepared.value ?? examplePixels);

const viewedPicture = signal<NetworkPicture | null>(null);

/** The network as it is shown: as it is now, or as it was at the moment that the reader went back to. */
export const shownPicture = computed(() =>
  viewedStep.value === null ? picture.value : (viewedPicture.value ?? picture.value),
);

/** The image's way through the network that is shown. */
export const stageTrace = signal<Trace | null>(null);

/** By hidden layer, a 1 for each unit that no image wakes; empty while nothing was learned. */
export const asleep = signal<readonly Uint8Array[]>([]);

const ask = latestOnly(async () => {
  const step = viewedStep.peek();
  const recipe = run.peek()?.recipe ?? draft.peek();
  const pixels = stagePixels.peek();
  stageTrace.value = await worker.request('trace', { source: 'trained', pixels, step, recipe });
}, tellError);

effect(() => {
  // The network answers differently whenever it has changed, and so is a picture of it.
  if (shownPicture.value !== null && stagePixels.value) void ask();
});

const askPicture = latestOnly(async () => {
  const step = viewedStep.peek();
  if (step === null) return;
  viewedPicture.value = await worker.request('picture', { recipe: draft.peek(), step });
}, tellError);

effect(() => {
  if (viewedStep.value === null) viewedPicture.value = null;
  else void askPicture();
});

const askAsleep = latestOnly(async () => {
  asleep.value = await worker.request('asleep', { step: viewedStep.peek() });
}, tellError);

/** A training of short epochs has many of them a second. */
const ASLEEP_MILLISECONDS = 700;
let lastAsked = 0;

effect(() => {
  void epochs.value;
  const isOver = trained.value !== null || viewedStep.value !== null || status.value === 'paused';
  const now = performance.now();
  if (!isOver && moments.value.length > 0 && now - lastAsked < ASLEEP_MILLISECONDS) return;
  lastAsked = now;
  if (moments.value.length === 0) asleep.value = [];
  else if (viewedStep.value !== null || status.value !== 'loading') void askAsleep();
});
