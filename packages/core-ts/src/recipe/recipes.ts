import { checkItems } from '../layers/items.js';
import { parseLayers } from '../layers/text.js';
import { ABSENT } from './fields.js';
import type { Recipe } from './recipe.js';

/** The main job: the seed's network on all of MNIST, binarised and shifted by up to a pixel. */
const mnist: Recipe = {
  ...ABSENT,
  name: 'mnist',
  subset: null,
  split: null,
  preprocess: 'binarize',
  layers: [784, 32, 10],
  activation: 'relu',
  outputActivation: 'none',
  initializer: 'xavier',
  optimizer: 'sgd',
  learningRate: 0.2,
  schedule: 'cosine',
  l2: 0,
  batchSize: 32,
  epochs: 50,
  seed: 1,
  augment: 'shift:1',
  trainOnValidation: false,
};

/** The seed's own experiment, mended: validation only looks, logits are linear, Xavier's weights. */
const seed: Recipe = {
  ...mnist,
  name: 'seed',
  subset: 5000,
  split: [0.7, 0.15, 0.15],
  learningRate: 0.05,
  schedule: 'constant',
  batchSize: 1,
  epochs: 5,
  augment: 'none',
};

/** What the seed's program does, to the letter. */
const listing: Recipe = {
  ...seed,
  name: 'listing',
  outputActivation: 'relu',
  initializer: 'normal:0.1',
  trainOnValidation: true,
};

/** The best plain network that trains in a few minutes: grey digits, turned and stretched a little. */
const mnistBest: Recipe = {
  ...mnist,
  name: 'mnist-best',
  preprocess: 'scale',
  layers: [784, 512, 256, 10],
  optimizer: 'nesterov',
  learningRate: 0.02,
  batchSize: 64,
  epochs: 35,
  augment: 'affine',
};

/** Layers as people write them, which these are sure to be. */
const layersOf = (text: string): Recipe['layers'] => checkItems(parseLayers(text));

/** A small convolutional network for digits: more than 99.4 % in some minutes. */
const mnistConv: Recipe = {
  ...mnistBest,
  name: 'mnist-conv',
  layers: layersOf('28x28,conv16,norm,pool,conv32,norm,conv32,norm,pool,drop:0.3,10'),
  initializer: 'he',
  learningRate: 0.1,
  warmup: 200,
  l2: 5e-4,
  epochs: 12,
};

/** The best network for digits that trains in less than half an hour. */
const mnistConvBest: Recipe = {
  ...mnistConv,
  name: 'mnist-conv-best',
  layers: layersOf(
    '28x28,conv16,norm,conv16,norm,pool,drop:0.1,conv32,norm,conv32,norm,pool,drop:0.2,conv64,norm,conv64,norm,gap,drop:0.3,10',
  ),
  epochs: 20,
};

/** Pictures of clothes (Xiao et al. 2017), which may be mirrored; from IDX files. */
const fashionConv: Recipe = {
  ...mnistConv,
  name: 'fashion-conv',
  layers: layersOf(
    '28x28,conv32,norm,conv32,norm,pool,drop:0.1,conv64,norm,conv64,norm,pool,drop:0.2,conv128,norm,conv128,norm,gap,drop:0.3,10',
  ),
  augment: 'flip',
  epochs: 20,
};

/** Photographs of any kind, in colour where there is any; a folder of images gets it. */
const images: Recipe = {
  ...mnistConv,
  name: 'images',
  split: [0.7, 0.15, 0.15],
  stratify: true,
  layers: layersOf(
    '64x64x3,conv16:5/2,norm,pool,conv32,norm,pool,conv64,norm,conv64,norm,gap,drop:0.2,2',
  ),
  optimizer: 'adamw',
  learningRate: 0.003,
  warmup: 0,
  l2: 0,
  weightDecay: 0.01,
  augment: 'flip',
  batchSize: 16,
  epochs: 30,
};

/** Classes of a table. Layers, batch, epochs and patience become what the data's size asks for. */
const table: Recipe = {
  ...mnist,
  name: 'table',
  split: [0.7, 0.15, 0.15],
  stratify: true,
  preprocess: 'none',
  standardize: 'numbers',
  augment: 'none',
  layers: [1, 64, 2],
  initializer: 'he',
  optimizer: 'adamw',
  learningRate: 0.003,
  weightDecay: 0.3,
  batchSize: 32,
  epochs: 200,
  patience: 50,
};

/** Numbers of a table, likewise. */
const tableRegression: Recipe = {
  ...table,
  name: 'table-regression',
  stratify: false,
  layers: [1, 64, 1],
  loss: 'squared-error',
  standardizeTargets: true,
};

/** The recipes that come along, by name. */
export const RECIPES: Readonly<
  Record<
    | 'mnist'
    | 'seed'
    | 'listing'
    | 'mnist-best'
    | 'mnist-conv'
    | 'mnist-conv-best'
    | 'fashion-conv'
    | 'images'
    | 'table'
    | 'table-regression',
    Recipe
  > &
    Record<string, Recipe>
> = {
  mnist,
  seed,
  listing,
  'mnist-best': mnistBest,
  'mnist-conv': mnistConv,
  'mnist-conv-best': mnistConvBest,
  'fashion-conv': fashionConv,
  images,
  table,
  'table-regression': tableRegression,
};
