import { computed, effect, signal } from '@preact/signals';
import { latestOnly } from '../../parts/latest.js';
import { run } from '../../state/store.js';
import { tellError } from '../../state/worker.js';
import type { Trace } from '../../worker/protocol.js';
import { fitStrokes } from './fit-strokes.js';
import { isReady, reader, traceBy } from './reader.js';
import type { Stroke } from './strokes.js';

/** What has been drawn, and what the network makes of it. */
export const strokes = signal<readonly Stroke[]>([]);

/** The drawing as the network sees it, or null while there is none. */
export const prepared = computed(() => fitStrokes(strokes.value));

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
