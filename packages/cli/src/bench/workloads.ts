/** What is measured: a network of these widths on images of MNIST. */
export interface Workload {
  readonly title: string;
  readonly kind: 'train' | 'predict';
  readonly layers: readonly number[];
  /** Samples of a step, or of a call. */
  readonly batchSize: number;
}

/** In the order in which they are shown. */
export const WORKLOADS: readonly Workload[] = [
  { title: 'train 784-32-10, batch 1', kind: 'train', layers: [784, 32, 10], batchSize: 1 },
  { title: 'train 784-128-10, batch 32', kind: 'train', layers: [784, 128, 10], batchSize: 32 },
  { title: 'predict 784-32-10, one image', kind: 'predict', layers: [784, 32, 10], batchSize: 1 },
  {
    title: 'predict 784-128-10, 1,000 images',
    kind: 'predict',
    layers: [784, 128, 10],
    batchSize: 1000,
  },
];
