import { computed, signal } from '@preact/signals';
import { fetchFile } from '../../data/fetch-file.js';
import { fetchManifest } from '../../data/manifest.js';
import type { LoadProgress } from '../../data/store.js';
import { hasModel, prefersShipped, source } from '../../state/store.js';
import { DATA_FOLDER, startWorker, tellError, worker } from '../../state/worker.js';
import { WorkerClient } from '../../worker/client.js';
import type { ModelSource, Trace } from '../../worker/protocol.js';

/** Who reads the drawing: the model that the page ships, or one of the reader's own. */
export type Reader = 'shipped' | ModelSource;

export const shipped = signal<'absent' | 'loading' | 'ready' | 'failed'>('absent');
/** How much of it has come, while it loads. */
export const shippedProgress = signal<LoadProgress | null>(null);

/** The shipped model serves wherever there is no other. */
export const reader = computed<Reader>(() =>
  prefersShipped.value || !hasModel.value ? 'shipped' : source.value,
);

export const isReady = computed(() => reader.value !== 'shipped' || shipped.value === 'ready');

/** The shipped model has a worker to itself: it reads while the other one trains, and stays when that ends. */
const shippedWorker = new WorkerClient(startWorker, DATA_FOLDER, {}, () => {
  shipped.value = 'failed';
});

/** Fetches the shipped model, which is cached, unless it is here. */
export async function loadShipped(): Promise<void> {
  if (shipped.value === 'loading' || shipped.value === 'ready') return;
  shipped.value = 'loading';
  try {
    const { model } = await fetchManifest(DATA_FOLDER);
    const bytes = await fetchFile(model, DATA_FOLDER, (receivedBytes) => {
      shippedProgress.value = { receivedBytes, totalBytes: model.bytes };
    });
    await shippedWorker.request('open', { bytes, fileName: 'model.safetensors' });
    shipped.value = 'ready';
  } catch (error) {
    shipped.value = 'failed';
    tellError(error);
  } finally {
    shippedProgress.value = null;
  }
}

/** What a reader makes of a prepared drawing. */
export function traceBy(by: Reader, pixels: Uint8Array): Promise<Trace | null> {
  return by === 'shipped'
    ? shippedWorker.request('trace', { source: 'file', pixels })
    : worker.request('trace', { source: by, pixels });
}
