import { signal } from '@preact/signals';
import { run, source } from '../../state/store.js';
import { tellError, worker } from '../../state/worker.js';
import type { Examination } from '../../worker/protocol.js';

/** An image of the test set that something is said about. */
export interface TestImage {
  /** `[784]` bytes. */
  readonly pixels: Uint8Array;
  readonly label: number;
  readonly predicted: number;
}

/** What the network says about all test images, or null while nobody has looked. */
export const examination = signal<Examination | null>(null);
export const isExamining = signal(false);
/** The image that “One image” follows. */
export const followed = signal<TestImage | null>(null);

/** Has the network read all test images. */
export async function examine(): Promise<void> {
  if (isExamining.value) return;
  isExamining.value = true;
  try {
    const data = source.value === 'trained' ? (run.value?.data ?? 'all') : 'all';
    examination.value = await worker.request('examine', { source: source.value, data });
  } catch (error) {
    tellError(error);
  } finally {
    isExamining.value = false;
  }
}

/** Brings the images of some rows of an examination. */
export async function bringImages(of: Examination, rows: readonly number[]): Promise<TestImage[]> {
  const indices = Uint32Array.from(rows, (row) => of.indices[row]!);
  const images = await worker.request('images', { indices });
  const features = images.length / Math.max(1, rows.length);
  return rows.map((row, at) => ({
    pixels: images.subarray(at * features, (at + 1) * features),
    label: of.labels[row]!,
    predicted: of.predicted[row]!,
  }));
}
