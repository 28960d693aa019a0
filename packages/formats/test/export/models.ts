import {
  checkRecipe,
  type Dataset,
  initialParameters,
  type Model,
  Predictor,
  parseLayers,
  RECIPES,
  type Recipe,
  resolve,
  Stream,
  train,
  typescriptBackend,
} from '@bitgrad/core';
import { loadMnist } from '../../src/mnist.js';

/** A recipe of few steps, so that a test trains in a moment. */
export function shortRecipe(changes: Partial<Recipe> = {}): Recipe {
  return checkRecipe({ ...RECIPES.mnist!, subset: 5000, epochs: 3, augment: 'none', ...changes });
}

/** How long a test may take that trains on MNIST, in milliseconds. */
export const TRAINING_TIMEOUT = 120_000;

async function train5000() {
  const dataset = await loadMnist();
  const model = await train({ recipe: shortRecipe(), dataset, backend: typescriptBackend() });
  return { model, dataset };
}

let trained: ReturnType<typeof train5000> | null = null;

/** A network trained on MNIST for a moment, with its receipt, and the data; trained once. */
export function trainedOnMnist(): ReturnType<typeof train5000> {
  trained ??= train5000();
  return trained;
}

/** The test images of a data set of images, `[count, features]`. */
export function testImages({ inputs, features, trainCount, testCount }: Dataset): Uint8Array {
  return (inputs as Uint8Array).subarray(
    trainCount * features,
    (trainCount + testCount) * features,
  );
}

/** A network with random weights, larger than initial ones so that activations bend. */
export function randomModel(changes: Partial<Recipe>, parts: Partial<Model> = {}): Model {
  const recipe = shortRecipe({ name: 'test', ...changes });
  return {
    recipe,
    parameters: initialParameters(recipe, 'normal:0.5', 7).map((value) => value + 0.0625),
    standardization: null,
    classNames: null,
    encoding: null,
    ...parts,
  };
}

/** `[count]` normal numbers. */
export function randomNumbers(count: number): Float32Array {
  const stream = new Stream(11, 'weights', 0);
  return Float32Array.from({ length: count }, () => stream.normal());
}

/** What the TypeScript backend gives for these samples. */
export function expectedOf(model: Model, samples: Uint8Array | Float32Array): Float32Array {
  const rows = samples.length / resolve(model.recipe).features;
  const predictor = new Predictor(model, typescriptBackend(), rows);
  try {
    return predictor.predict(samples);
  } finally {
    predictor.close();
  }
}

/** How far two outputs are from each other, and how many rows have the same greatest value. */
export function compareOutputs(received: Float32Array, expected: Float32Array, width: number) {
  let largestDifference = 0;
  let agreeing = 0;
  for (let row = 0; row < expected.length; row += width) {
    const one = received.subarray(row, row + width);
    const other = expected.subarray(row, row + width);
    for (const [j, value] of one.entries()) {
      largestDifference = Math.max(largestDifference, Math.abs(value - other[j]!));
    }
    if (argmax(one) === argmax(other)) agreeing += 1;
  }
  return { largestDifference, agreeing, rows: expected.length / width };
}

/** A model of images, whose running statistics are not those that it began with. */
export function imageModel(text: string): Model {
  const model = randomModel({ layers: parseLayers(text), preprocess: 'scale' });
  const { parameters } = resolve(model.recipe);
  for (const { role, start, length } of parameters) {
    for (let i = start; i < start + length; i += 1) {
      const value = model.parameters[i]!;
      if (role === 'variance') model.parameters[i] = 0.2 + Math.abs(value);
    }
  }
  return model;
}

const argmax = (values: Float32Array): number => values.indexOf(Math.max(...values));

const tableColumns = [
  { name: 'length', categories: null },
  { name: 'colour', categories: ['red', 'green </script> */', "o'blue"] },
  { name: 'width', categories: null },
];

/** Models of every kind there is, by what they show. */
export const kinds: Readonly<Record<string, Model>> = {
  'sigmoid, scaled': randomModel({
    layers: [12, 5, 3],
    activation: 'sigmoid',
    preprocess: 'scale',
  }),
  'tanh, binarised': randomModel({ layers: [12, 5, 4, 3], activation: 'tanh' }),
  'leaky-relu': randomModel({ layers: [12, 9, 3], activation: 'leaky-relu', preprocess: 'scale' }),
  'elu, plain table': randomModel({ layers: [5, 6, 2], activation: 'elu', preprocess: 'none' }),
  'relu on the output': randomModel({ layers: [12, 7, 3], outputActivation: 'relu' }),
  'one layer': randomModel({ layers: [12, 3], preprocess: 'scale' }),
  'standardised table with names': randomModel(
    { layers: [5, 4, 3], preprocess: 'none', standardize: true },
    {
      standardization: {
        mean: Float32Array.of(1, 0.1, 0.2, 0.3, -4),
        deviation: Float32Array.of(2, 0.3, 0.4, 0.45, 3),
      },
      classNames: ['*/ first', '</script>', 'third "quoted" \u2028'],
      encoding: { columns: tableColumns, label: 'kind' },
    },
  ),
  'regression of standardised numbers': randomModel(
    {
      layers: [5, 4, 2],
      preprocess: 'none',
      loss: 'squared-error',
      standardizeTargets: true,
    },
    {
      targetStandardization: {
        mean: Float32Array.of(-0.3, 0.7),
        deviation: Float32Array.of(0.013, 0.17),
      },
    },
  ),
  'yes or no of several labels': randomModel(
    { layers: [5, 4, 3], preprocess: 'none', loss: 'binary-cross-entropy' },
    {
      encoding: {
        columns: tableColumns,
        label: 'fever,cough,tired',
        targets: ['fever', 'cough', 'tired'].map((name) => ({ name, categories: ['no', 'yes'] })),
      },
    },
  ),
  'convolutions and pools': imageModel('6x6,conv4,pool,conv5:2,avgpool:3/1s,7,3'),
  'norms, strides and colour': imageModel('9x8x3,conv6:5/2,norm,conv4:3x1v,norm,gap,5,norm,3'),
  'padding on one side': imageModel('7x6x2,conv3:4,tanh,pool:3/2s,conv4:2/2,none,3'),
  'gap at the end': imageModel('5x5x1,conv4,pool:3/2,conv3:1,gap'),
  regression: randomModel({
    layers: [5, 6, 2],
    preprocess: 'none',
    loss: 'squared-error',
    activation: 'tanh',
  }),
};

/** Forty samples of the kind that the model takes. */
export function samplesFor({ recipe }: Model): Uint8Array | Float32Array {
  const count = 40 * resolve(recipe).features;
  if (recipe.preprocess === 'none') return randomNumbers(count).map((value) => 3 * value);
  return Uint8Array.from(randomNumbers(count), (value) => Math.max(0, Math.round(100 * value)));
}
