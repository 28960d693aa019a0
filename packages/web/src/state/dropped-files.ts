import { signal } from '@preact/signals';
import { openModel } from './actions.js';
import { type ChosenFolder, droppedFolder } from './folder-files.js';
import { route } from './route.js';
import { tellError } from './worker.js';

/** Whether a file is held over the page. */
export const isDragging = signal(false);

/** Takes a model, a table, a picture or a folder wherever it is dropped: beside the marked place, a browser would leave the page for it. */
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
    const folder = event.dataTransfer && droppedFolder(event.dataTransfer);
    if (folder) {
      void takeFolder(folder);
      return;
    }
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) void take(file);
  });
}

async function takeFolder(folder: Promise<ChosenFolder>): Promise<void> {
  location.hash = '#/data';
  const { openImages } = await import('../views/data/images-state.js');
  try {
    await openImages(await folder);
  } catch (error) {
    tellError(error);
  }
}

async function take(file: File): Promise<void> {
  if (/\.(csv|tsv|txt)$/i.test(file.name)) {
    location.hash = '#/data';
    const { closeImages } = await import('../views/data/images-state.js');
    const { openTable } = await import('../views/data/table-state.js');
    closeImages();
    await openTable(file);
  } else if (file.type.startsWith('image/')) {
    if (await isAsked(file)) return;
    location.hash = '#/draw';
    const { takePicture } = await import('../images/take-picture.js');
    await takePicture(file);
  } else {
    location.hash = '#/prove';
    await openModel(file);
  }
}

/** Whether a picture is for the network that learned the reader's own images, which is asked then. */
async function isAsked(file: File): Promise<boolean> {
  if (route.value.view !== 'data') return false;
  const { askImage, imagesResult } = await import('../views/data/images-state.js');
  if (imagesResult.value === null) return false;
  await askImage(file);
  return true;
}
