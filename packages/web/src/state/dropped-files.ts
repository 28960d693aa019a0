import { signal } from '@preact/signals';
import { openModel } from './actions.js';

/** Whether a file is held over the page. */
export const isDragging = signal(false);

/** Takes a model file wherever it is dropped: beside the marked place, a browser would leave the page for it. */
export function takeDroppedFiles(): void {
  addEventListener('dragover', (event) => {
    event.preventDefault();
    isDragging.value = true;
  });
  addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) isDragging.value = false;
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    isDragging.value = false;
    const file = event.dataTransfer?.files[0];
    if (file === undefined) return;
    location.hash = '#/prove';
    void openModel(file);
  });
}
