import { signal } from '@preact/signals';
import { download } from '../../parts/download.js';
import { DATA_FOLDER, tellError } from '../../state/worker.js';
import type { ImagesRead, TableEpoch } from '../../table/table-protocol.js';
import { WorkerClient } from '../../worker/client.js';

/** Whether something is being learned, and how far that is. */
export const isLearning = signal(false);
export const epochsSeen = signal<readonly TableEpoch[]>([]);
/** How far a folder of images is read; null while none is. */
export const imagesRead = signal<ImagesRead | null>(null);
/** Counts the workers that died, with all that they held. */
export const deaths = signal(0);

/** A worker of its own: digits may be in training meanwhile. */
const startTableWorker = () =>
  new Worker(new URL('../../table/table-worker.ts', import.meta.url), { type: 'module' });

export const ownWorker = new WorkerClient(
  startTableWorker,
  DATA_FOLDER,
  {
    tableEpoch: (epoch) => {
      epochsSeen.value = [...epochsSeen.value, epoch];
    },
    imagesRead: (read) => {
      imagesRead.value = read;
    },
  },
  () => {
    deaths.value += 1;
  },
);

export function stopLearning(): void {
  ownWorker.request('tableStop').catch(tellError);
}

/** @param name of the data, with an extension or without */
export async function saveOwnModel(name: string): Promise<void> {
  try {
    const bytes = await ownWorker.request('tableSave');
    download(`${name.replace(/\.[^.]*$/, '')}.safetensors`, bytes);
  } catch (error) {
    tellError(error);
  }
}
