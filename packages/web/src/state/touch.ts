import { batch, effect, signal } from '@preact/signals';
import { latestOnly } from '../parts/latest.js';
import type { Touch, UnitPlace } from '../worker/protocol.js';
import { draft, picture, run, viewedStep } from './store.js';
import { tellError, worker } from './worker.js';

const NOTHING: Touch = { off: [], painted: [], weight: null };

/** The neuron that the reader has chosen to touch. */
export const chosenUnit = signal<UnitPlace | null>(null);
/** What the reader has changed of the network that is shown. */
export const touch = signal<Touch>(NOTHING);
/** The accuracy without the changes and with them, once that is known. */
export const touchResult = signal<{ before: number; after: number } | null>(null);

export function isTouched({ off, painted, weight }: Touch): boolean {
  return off.length + painted.length > 0 || weight !== null;
}

export function isOff({ layer, unit }: UnitPlace): boolean {
  return touch.value.off.some((place) => place.layer === layer && place.unit === unit);
}

export function switchUnit(place: UnitPlace, isOn: boolean): void {
  const others = touch.value.off.filter(
    ({ layer, unit }) => layer !== place.layer || unit !== place.unit,
  );
  touch.value = { ...touch.value, off: isOn ? others : [...others, place] };
}

export function paintUnit(unit: number, values: Float32Array): void {
  const others = touch.value.painted.filter((one) => one.unit !== unit);
  touch.value = { ...touch.value, painted: [...others, { unit, values }] };
}

/** Puts back whatever was changed: a training goes on with its own weights. */
export function putBack(): void {
  if (isTouched(touch.peek())) touch.value = NOTHING;
}

let wasTouched = false;

const tell = latestOnly(async () => {
  const { value } = touch;
  const isNew = isTouched(value);
  const data = run.peek()?.data ?? 'first';
  const result = await worker.request('touch', { touch: value, data });
  const recipe = run.peek()?.recipe ?? draft.peek();
  const shown = await worker.request('picture', { recipe, step: viewedStep.peek() });
  batch(() => {
    touchResult.value = isNew ? result : null;
    if (viewedStep.peek() === null) picture.value = shown;
  });
}, tellError);

effect(() => {
  const isNow = isTouched(touch.value);
  if (isNow || wasTouched) void tell();
  wasTouched = isNow;
});
