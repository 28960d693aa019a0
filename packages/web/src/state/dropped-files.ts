import { signal } from '@preact/signals';
import { openModel } from './actions.js';

/** Whether a file is held over the page. */
export const isDragging = signal(false);

/** Takes a model or a table wherever it is dropped: beside the marked place, a browser would leave the page for it. */
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
    if (file !== undefined) void take(file);
  });
}

async function take(file: File): Promise<void> {
  if (/\.(csv|tsv|txt)$/i.test(file.name)) {
    location.hash = '#/data';
    const { openTable } = await import('../views/data/table-state.js');
    await openTable(file.name, await file.text());
  } else {
    location.hash = '#/prove';
    await openModel(file);
  }
}
