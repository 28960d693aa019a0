interface Network {
  readonly title: string;
  readonly layers: readonly number[];
  /** Samples of a step, or of a call. */
  readonly batchSize: number;
}

/** Training epochs of so many images of MNIST. */
export interface TrainingWorkload extends Network {
  readonly kind: 'train';
  readonly preprocess: 'binarize' | 'scale';
  /** Enough for a figure, few enough for the slowest backend. */
  readonly samples: number;
}

/** Predicting the same images again and again. */
export interface PredictionWorkload extends Network {
  readonly kind: 'predict';
}

/** A matrix product, `[m, k] · [k, n]`. */
export interface ProductWorkload {
  readonly title: string;
  readonly kind: 'multiply';
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** What is measured. */
export type Workload = TrainingWorkload | PredictionWorkload | ProductWorkload;

/** In the order in which they are shown: those of docs/performance.md that every backend does in a second. */
export const WORKLOADS: readonly Workload[] = [
  {
    title: 'train 784-32-10, batch 1',
    kind: 'train',
    layers: [784, 32, 10],
    batchSize: 1,
    preprocess: 'binarize',
    samples: 4000,
  },
  {
    title: 'train 784-128-10, batch 32',
    kind: 'train',
    layers: [784, 128, 10],
    batchSize: 32,
    preprocess: 'scale',
    samples: 4000,
  },
  {
    title: 'train 784-512-512-10, batch 128',
    kind: 'train',
    layers: [784, 512, 512, 10],
    batchSize: 128,
    preprocess: 'scale',
    samples: 1024,
  },
  { title: 'predict 784-128-10, one image', kind: 'predict', layers: [784, 128, 10], batchSize: 1 },
  {
    title: 'predict 784-128-10, 1,000 images',
    kind: 'predict',
    layers: [784, 128, 10],
    batchSize: 1000,
  },
  { title: 'multiply 32×128×784', kind: 'multiply', m: 32, n: 128, k: 784 },
  { title: 'multiply 512×512×512', kind: 'multiply', m: 512, n: 512, k: 512 },
];
