import { batch, computed, effect, signal } from '@preact/signals';
import { latestOnly } from '../../parts/latest.js';
import { run } from '../../state/store.js';
import { tellError } from '../../state/worker.js';
import type { Trace } from '../../worker/protocol.js';
import { fitStrokes } from './fit-strokes.js';
import { isReady, reader, traceBy } from './reader.js';
import type { Stroke } from './strokes.js';

/** What has been drawn, and what the network makes of it. */
export const strokes = signal<readonly Stroke[]>([]);

/** A digit from a picture, as the network sees it, in place of a drawing; null where there is none. */
export const padPicture = signal<Uint8Array | null>(null);

/** Whether there is anything on the pad. */
export const isOnPad = computed(() => strokes.value.length > 0 || padPicture.value !== null);

/** The drawing as the network sees it, or null while there is none. */
export const prepared = computed(() =>
  strokes.value.length > 0 ? fitStrokes(strokes.value) : padPicture.value,
);

effect(() => {
  // Who draws begins anew.
  if (strokes.value.length > 0) padPicture.value = null;
});

export function clearPad(): void {
  batch(() => {
    strokes.value = [];
    padPicture.value = null;
  });
}

export const answer = signal<Trace | null>(null);

const ask = latestOnly(async () => {
  const pixels = prepared.peek();
  if (pixels === null) return;
  const trace = await traceBy(reader.peek(), pixels);
  if (prepared.peek() !== null) answer.value = trace;
}, tellError);

/** Asks again whenever the drawing, the model or its weights change; one question at a time. */
effect(() => {
  // A network in training answers differently after every report.
  void run.value?.epochsDone;
  void reader.value;
  if (prepared.value === null || !isReady.value) answer.value = null;
  else void ask();
});
