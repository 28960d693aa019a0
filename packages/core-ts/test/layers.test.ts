import { describe, expect, it } from 'vitest';
import { checkItems } from '../src/layers/items.js';
import { layersText, parseLayers } from '../src/layers/text.js';
import { completeLayers } from '../src/network/complete.js';
import { resolve } from '../src/network/graph.js';
import { summarize } from '../src/network/summary.js';
import { checkRecipe } from '../src/recipe/check-recipe.js';
import { smallDataset, smallRecipe } from './synthetic.js';

const network = (text: string) => ({
  layers: checkItems(parseLayers(text)),
  activation: 'relu' as const,
  outputActivation: 'none' as const,
});

describe('layers as text', () => {
  it.each([
    '784,32,10',
    '28x28,conv16,pool,conv32,pool,10',
    '28x28,conv32,norm,pool,conv64:5/2,drop:0.4,128,10',
    '32x32x3,conv8:3x1/2x1v,avgpool:3/2s,gap,norm:0.99/0.001,tanh,5',
    '8x8,conv4,none,flatten,6,elu,3',
  ])('%s is written as it was read', (text) => {
    expect(layersText(checkItems(parseLayers(text)))).toBe(text);
  });

  it('has the full form in recipes', () => {
    expect(checkItems(parseLayers('28x28,conv16:5,pool,norm,drop:0.5,10'))).toEqual([
      [28, 28, 1],
      { type: 'conv2d', filters: 16, kernelSize: 5, strides: 1, padding: 'same' },
      { type: 'maxPool2d', poolSize: 2, strides: 2, padding: 'valid' },
      { type: 'batchNorm', momentum: 0.9, epsilon: 1e-5 },
      { type: 'dropout', rate: 0.5 },
      10,
    ]);
  });
});

describe('a graph', () => {
  it('has the activation after the norm, and no bias before it', () => {
    const { nodes, parameters } = resolve(network('8x8,conv4,norm,pool,conv5,gap,3'));
    expect(nodes.map(({ spec }) => spec.type)).toEqual([
      ...['conv2d', 'batchNorm', 'activation', 'maxPool2d', 'conv2d', 'activation'],
      ...['globalAveragePool2d', 'dense'],
    ]);
    expect(parameters.map(({ name }) => name)).toEqual([
      'layers.0.weight',
      ...['layers.1.scale', 'layers.1.shift', 'layers.1.mean', 'layers.1.variance'],
      ...['layers.2.weight', 'layers.2.bias', 'layers.3.weight', 'layers.3.bias'],
    ]);
  });

  it('keeps the size of TensorFlow’s same and valid', () => {
    const shapes = (text: string) => summarize(network(text)).map(({ outputShape }) => outputShape);
    expect(shapes('28x28,conv8:5/2,none,conv8v,none,pool:3/2s,gap')).toEqual([
      [14, 14, 8],
      [12, 12, 8],
      [6, 6, 8],
      [8],
    ]);
  });

  it.each([
    ['4,conv3,2', /^conv2d \(layer 1\): expected an image/],
    ['4x4,conv3:5v,2', /^conv2d \(layer 1\): expected a window no larger than its image of 4×4/],
    ['4x4,pool,pool,pool,2', /^maxPool2d \(layer 3\): expected a window no larger/],
    ['4x4,drop:0.5', /^expected at least one layer with weights/],
    ['4,3,drop:0.5', /^dropout \(layer 2\): expected a layer after it/],
    ['4,relu,tanh,3', /^activation \(layer 2\): expected a layer between two activations/],
  ])('names the layer of %s that does not fit', (text, message) => {
    expect(() => resolve(network(text))).toThrow(message);
  });
});

describe('checkRecipe', () => {
  it.each([
    [[4, { type: 'conv' }, 3], /^layers: expected a type of layer 1, one of dense, conv2d/],
    [[[4, 4], 3], /^layers: expected first the input/],
    [
      [[4, 4, 1], { type: 'conv2d' }, 3],
      /^layers: conv2d \(layer 1\): filters: expected an integer/,
    ],
    [[4, { type: 'dropout', rate: 1 }, 3], /^layers: dropout \(layer 1\): rate: expected/],
    [[4, { type: 'dense', units: 4, size: 3 }, 3], /expected units, activation, received "size"/],
  ])('refuses %j', (layers, message) => {
    const recipe = { ...smallRecipe(), layers } as unknown as ReturnType<typeof smallRecipe>;
    expect(() => checkRecipe(recipe)).toThrow(message);
  });

  it('refuses a norm of one value in every step', () => {
    const layers = checkItems(parseLayers('16,8,norm,3'));
    expect(() => checkRecipe({ ...smallRecipe(), layers, batchSize: 1 })).toThrow(
      /batchNorm \(layer 2\): expected at least 2 values of a channel in a step/,
    );
  });
});

describe('completeLayers', () => {
  const dataset = smallDataset();
  const complete = (text: string) => layersText(completeLayers(parseLayers(text), dataset));

  it.each([
    ['8', '16,8,3'],
    ['16,8', '16,8,3'],
    ['8,3', '16,8,3'],
    ['16,8,3', '16,8,3'],
    ['conv4,pool', '4x4,conv4,pool,3'],
    ['4x4,conv4,gap', '4x4,conv4,gap,3'],
    ['conv3,gap', '4x4,conv3,gap'],
  ])('makes %s into %s', (text, whole) => {
    expect(complete(text)).toBe(whole);
  });
});
