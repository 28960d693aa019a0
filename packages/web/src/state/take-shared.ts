import { batch, effect, signal } from '@preact/signals';
import { strokes } from '../views/draw/drawing.js';
import { previewNetwork } from './actions.js';
import { decodeDrawing } from './drawing-text.js';
import { decodeShared } from './share.js';
import { dataChoice, draft, expectedDigest, notice, run } from './store.js';

/** Whether the drawing on the pad came with a link. */
export const isSentDrawing = signal(false);

effect(() => {
  if (strokes.value.length === 0) isSentDrawing.value = false;
});

/** Takes over what a share link brought: its recipe, the digest that its sender got, a drawing. */
export function takeShared(query: string): void {
  if (query === '') return;
  takeDrawing(query);
  try {
    const shared = decodeShared(query);
    if (shared === null) return;
    batch(() => {
      draft.value = shared.recipe;
      dataChoice.value = shared.data;
      expectedDigest.value = shared.digest;
    });
    if (run.value === null) void previewNetwork();
  } catch (error) {
    notice.value = {
      kind: 'error',
      message: `this link holds a recipe that cannot be used (${(error as Error).message})`,
      fix: 'The page goes on with its own.',
    };
  }
}

function takeDrawing(query: string): void {
  const text = new URLSearchParams(query).get('drawing');
  if (text === null) return;
  const drawing = decodeDrawing(text);
  if (drawing === null) {
    notice.value = {
      kind: 'error',
      message: 'this link holds a drawing that cannot be read',
      fix: 'It may have been cut off on its way: ask for it again.',
    };
    return;
  }
  strokes.value = drawing;
  isSentDrawing.value = true;
}
