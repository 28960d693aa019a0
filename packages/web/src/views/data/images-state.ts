import { batch, effect, signal } from '@preact/signals';
import type { ChosenFolder } from '../../state/folder-files.js';
import { notice } from '../../state/store.js';
import { tellError } from '../../state/worker.js';
import type { ImagesResult, OpenedImages } from '../../table/table-protocol.js';
import { deaths, epochsSeen, imagesRead, isLearning, ownWorker } from './own-worker.js';
import { closeTable } from './table-state.js';

/** The reader's images, what was learned from them, and what that says of another picture. */
export const images = signal<OpenedImages | null>(null);
export const imagesResult = signal<ImagesResult | null>(null);
export const imageAnswer = signal<{ className: string; probability: number } | null>(null);

effect(() => {
  if (deaths.value > 0) closeImages();
});

export function closeImages(): void {
  batch(() => {
    images.value = null;
    imagesResult.value = null;
    imageAnswer.value = null;
    imagesRead.value = null;
  });
}

export async function openImages({ name, files }: ChosenFolder): Promise<void> {
  notice.value = null;
  closeTable();
  closeImages();
  try {
    await ownWorker.request('tableStop');
    imagesRead.value = { read: 0, of: files.length };
    images.value = await ownWorker.request('imagesOpen', { name, files });
  } catch (error) {
    tellError(error);
  } finally {
    imagesRead.value = null;
  }
}

export async function learnImages(): Promise<void> {
  notice.value = null;
  batch(() => {
    imagesResult.value = null;
    imageAnswer.value = null;
    epochsSeen.value = [];
    isLearning.value = true;
  });
  try {
    imagesResult.value = await ownWorker.request('imagesTrain');
  } catch (error) {
    tellError(error);
  } finally {
    isLearning.value = false;
  }
}

export async function askImage(file: File): Promise<void> {
  notice.value = null;
  try {
    imageAnswer.value = await ownWorker.request('imagesAsk', { file });
  } catch (error) {
    imageAnswer.value = null;
    tellError(error);
  }
}
