// What the cost model is measured on: made-up images, because times do not hang on what they show.

import { checkLayers, parameterCount, parseLayers, RECIPES, Stream } from '@bitgrad/core';

/** @param {number} height @param {number} count */
function images(height, count) {
  return () => {
    const stream = new Stream(3, 'split', 0);
    const features = height * height;
    return {
      name: 'noise',
      inputs: new Uint8Array(count * features).map(() => stream.below(256)),
      features,
      image: { height, width: height },
      labels: new Uint32Array(count).map(() => stream.below(10)),
      classes: 10,
      trainCount: count,
      testCount: 0,
    };
  };
}

/** @param {string} name @param {string} layers @param {number} batchSize @param {number} count */
function workload(name, layers, batchSize, count) {
  const checked = checkLayers(parseLayers(layers));
  const recipe = {
    ...RECIPES.mnist,
    name,
    layers: checked,
    preprocess: /** @type {const} */ ('scale'),
    augment: 'none',
    batchSize,
    epochs: 1000,
    shards: 8,
    split: null,
    learningRate: 1e-4,
    subset: null,
  };
  return { recipe, makeData: images(28, count), batchSize };
}

export const SHARDS = 8;

export const WORKLOADS = {
  '784,32,10, batch 64': workload('small', '784,32,10', 64, 2560),
  '784,512,256,10, batch 256': workload('wide', '784,512,256,10', 256, 2560),
  'convolutions, batch 128': workload(
    'images',
    '28x28,conv16,norm,pool,conv32,norm,pool,64,10',
    128,
    1280,
  ),
};

/** @param {keyof typeof WORKLOADS} name */
export const parametersOf = (name) => parameterCount(WORKLOADS[name].recipe);
