import { batch, effect, signal } from '@preact/signals';
import { latestOnly } from '../../../parts/latest.js';
import { stagePixels } from '../../../state/stage.js';
import { draft, picture, run, trained } from '../../../state/store.js';
import { tellError, worker } from '../../../state/worker.js';
import type { HandStep } from '../../../worker/protocol.js';
import { steepest } from './loss-curve.js';

/** What the image is said to be. */
export const handLabel = signal(3);
export const handStep = signal<HandStep | null>(null);
/** Whether the network has none, because it has a norm. */
export const hasNorm = signal(false);

/** The weight that is looked at: from a unit of the last hidden layer to an output. */
export const handWeight = signal<{ readonly from: number; readonly to: number } | null>(null);

/** The loss along that weight. */
export const handCurve = signal<{ values: Float32Array; losses: Float32Array } | null>(null);

/** How far the weight may be dragged, either way, and at how many places the loss is looked at. */
const REACH = 2;
const PLACES = 61;

const recipeNow = () => run.peek()?.recipe ?? draft.peek();

export const askStep = latestOnly(async () => {
  const step = await worker.request('hand', {
    pixels: stagePixels.peek(),
    label: handLabel.peek(),
    recipe: recipeNow(),
  });
  batch(() => {
    handStep.value = step;
    hasNorm.value = step === null;
  });
}, tellError);

const askCurve = latestOnly(async () => {
  const step = handStep.peek();
  const place = handWeight.peek();
  if (step === null || place === null) return;
  const { weights, outputs } = step.numbers;
  const layer = weights.length - 1;
  const index = place.from * outputs.at(-1)!.length + place.to;
  const now = weights[layer]![index]!;
  const values = Float32Array.from(
    { length: PLACES },
    (_, at) => now + REACH * ((2 * at) / (PLACES - 1) - 1),
  );
  const losses = await worker.request('along', {
    layer,
    index,
    values,
    pixels: stagePixels.peek(),
    label: handLabel.peek(),
    recipe: recipeNow(),
  });
  if (handWeight.peek() === place) handCurve.value = { values, losses };
}, tellError);

/** Whether the view is open: only then is there anything to ask. */
export const isByHand = signal(false);

effect(() => {
  void [stagePixels.value, handLabel.value, picture.value, trained.value];
  if (isByHand.value) void askStep();
});

effect(() => {
  const step = handStep.value;
  if (step === null) return;
  const { weightGradients, outputs, label } = step.numbers;
  const width = outputs.at(-1)!.length;
  const gradients = weightGradients.at(-1)!;
  const place = handWeight.value;
  // The steepest is the one to begin with; another network may have fewer neurons.
  if (place === null || place.from * width >= gradients.length)
    handWeight.value = { from: Math.floor(steepest(gradients, width, label) / width), to: label };
  else void askCurve();
});
