import { checkLayers, parseLayers, type Recipe } from '@bitgrad/core';
import type { Twist } from '../../worker/protocol.js';

/** Something to try with one press. */
export interface Experiment {
  readonly name: string;
  /** What it changes of a recipe. */
  readonly change: Partial<Recipe>;
  readonly twist: Twist | null;
  /** What happens then, and why, in one sentence. */
  readonly why: string;
}

/** A hundred digits are few steps: they are shown more often, as they are. */
const FEW = { augment: 'none', epochs: 120 } as const;

/** Filters of 3×3 that go over the image in steps of two; few epochs, because each takes long. */
const CONVOLUTION = {
  layers: checkLayers(parseLayers('28x28,conv8:3/2,conv16:3/2,10')),
  epochs: 10,
};

export const EXPERIMENTS: readonly Experiment[] = [
  {
    name: 'A rate far too high',
    change: { learningRate: 5 },
    twist: null,
    why: 'Each step goes down the slope where it stands, but so far that it lands higher up on the other side.',
  },
  {
    name: 'No hidden layer',
    change: { layers: [784, 10] },
    twist: null,
    why: 'Each digit has one tile, so there is one way of writing it; where people write it in several, one tile is not enough.',
  },
  {
    name: 'All weights equal',
    change: {},
    twist: 'equal-weights',
    why: 'Neurons that begin equal get equal gradients and stay equal: all of them together are one.',
  },
  {
    name: 'A hundred digits',
    change: { ...FEW, subset: 100 },
    twist: null,
    why: 'It learns the hundred by heart, the loss says so, but what it knows of other digits is little.',
  },
  {
    name: 'Random labels',
    change: { ...FEW, subset: 1000, layers: [784, 128, 10] },
    twist: 'random-labels',
    why: 'A network can learn by heart what makes no sense: the loss falls, and the test images stay at chance.',
  },
  {
    name: 'More neurons',
    change: { layers: [784, 128, 10] },
    twist: null,
    why: 'More tiles hold more ways of writing; each step takes longer, and the last percents are dear.',
  },
  {
    name: 'A convolution',
    change: CONVOLUTION,
    twist: null,
    why: 'A filter of 3 by 3 weights goes over the whole image: a stroke that is learned at one place is found at all.',
  },
];
