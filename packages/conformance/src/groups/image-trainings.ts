import {
  type Backend,
  checkLayers,
  type Dataset,
  parseLayers,
  type RecipeInput,
  train,
} from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { makeDataset } from '../dataset.js';
import { IMAGE_TRAINING_DIGESTS } from '../goldens/image-trainings.js';

/** What all of them have in common. */
const COMMON: Omit<RecipeInput, 'name' | 'layers'> = {
  subset: null,
  split: null,
  preprocess: 'scale',
  activation: 'relu',
  outputActivation: 'none',
  initializer: 'he',
  optimizer: 'sgd',
  learningRate: 0.05,
  schedule: 'cosine',
  l2: 0,
  batchSize: 16,
  epochs: 2,
  seed: 1,
  augment: 'none',
  trainOnValidation: false,
};

/** Networks of layers of every kind, with every optimiser, shards, dropout, moved and coloured images. */
const TRAININGS: Readonly<Record<string, Partial<RecipeInput> & { readonly text: string }>> = {
  'LeNet-like, sgd': { text: '12x12,conv6:5,tanh,avgpool,conv16:3v,pool,20,10' },
  'norms and strides, nesterov, l2': {
    text: '12x12,conv8,norm,conv9:3/2,norm,pool,12,norm,10',
    optimizer: 'nesterov',
    momentum: 0.9,
    l2: 1e-3,
  },
  'dropout of both kinds, adam, shards': {
    text: '12x12,conv7:2x3,pool:3/2s,drop:0.2,conv5,norm,gap,10',
    dropout: 0.1,
    optimizer: 'adam',
    learningRate: 0.01,
    shards: 3,
  },
  'more shards than rows in the last step, norms, momentum': {
    text: '12x12,conv5,norm,pool,conv6:1,avgpool:3/2s,norm,10',
    optimizer: 'momentum',
    shards: 15,
    batchSize: 15,
  },
  'colours, mirrored and shifted, adamw, early stopping': {
    text: '6x8x3,conv17:3/2,norm,conv16v,norm,gap,10',
    optimizer: 'adamw',
    weightDecay: 0.01,
    learningRate: 0.01,
    augment: 'flip+shift:1',
    split: [0.6, 0.2, 0.2],
    patience: 1,
    epochs: 3,
  },
  'a batch larger than a cache, dropout, nesterov': {
    text: '40x40x3,conv8,pool,drop:0.2,conv12:3/2,avgpool,10',
    optimizer: 'nesterov',
    momentum: 0.9,
    batchSize: 13,
    epochs: 1,
  },
  'batches of one image, mirrored and turned': {
    text: '12x12,conv3,norm,pool,conv4:5/3,10',
    augment: 'flip+affine',
    batchSize: 1,
    epochs: 1,
  },
};

/**
 * Whole trainings of networks of images. Their digests were pinned when three backends agreed, and when what
 * the ops compute agreed with NumPy's numbers to the bit and with PyTorch's but for rounding.
 */
export function imageTrainingCases(): GroupCase[] {
  return Object.keys(TRAININGS).map((name) => ({
    name,
    run: async (backend) => {
      const received = await digestOf(name, backend);
      const expected = IMAGE_TRAINING_DIGESTS[name];
      if (received === expected) return;
      throw new Error(`weightsSha256: expected ${expected}, received ${received}`);
    },
  }));
}

/** The digest of the last epoch's parameters. */
export async function digestOf(name: string, backend: Backend): Promise<string> {
  const { receipt } = await train({ ...imageTraining(name), backend });
  return receipt.weightsSha256;
}

/** One of the trainings. */
export function imageTraining(name: string): { recipe: RecipeInput; dataset: Dataset } {
  const { text, ...changes } = TRAININGS[name]!;
  const layers = checkLayers(parseLayers(text));
  const [height, width, channels] = layers[0] as readonly [number, number, number];
  const dataset = makeDataset({
    seed: 21,
    kind: 'bytes',
    features: height * width * channels,
    image: channels === 1 ? [height, width] : [height, width, channels],
    classes: 10,
    trainCount: 103,
    testCount: 20,
  });
  return { recipe: { ...COMMON, ...changes, name, layers }, dataset };
}
