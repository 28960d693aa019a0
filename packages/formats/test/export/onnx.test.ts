import { resolve } from '@bitgrad/core';
import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, test } from 'vitest';
import { exportModel } from '../../src/export/export-model.js';
import {
  compareOutputs,
  expectedOf,
  kinds,
  samplesFor,
  TRAINING_TIMEOUT,
  testImages,
  trainedOnMnist,
} from './models.js';

env.wasm.numThreads = 1;

/** What onnxruntime gives for samples. */
async function run(file: Uint8Array, samples: Uint8Array | Float32Array, features: number) {
  const session = await InferenceSession.create(file);
  const [input, output] = [session.inputNames, session.outputNames];
  expect(input).toEqual(['input']);
  const shape = [samples.length / features, features];
  const results = await session.run({
    input: new Tensor('float32', Float32Array.from(samples), shape),
  });
  await session.release();
  return { names: output, values: results[output[0]!]!.data as Float32Array };
}

test(
  'onnxruntime gives the same classes on all of MNIST’s test images',
  async () => {
    const { model, dataset } = await trainedOnMnist();
    const images = testImages(dataset);
    const { names, values } = await run(exportModel(model, 'onnx'), images, 784);
    expect(names).toEqual(['probabilities']);
    const compared = compareOutputs(values, expectedOf(model, images), 10);
    expect(compared).toMatchObject({ rows: 10_000, agreeing: 10_000 });
    expect(compared.largestDifference).toBeLessThan(1e-5);
  },
  TRAINING_TIMEOUT,
);

describe.each(Object.entries(kinds))('%s', (_, model) => {
  test('onnxruntime gives the same numbers, whatever the batch', async () => {
    const { loss } = model.recipe;
    const { features, outputs } = resolve(model.recipe);
    const samples = samplesFor(model);
    const file = exportModel(model, 'onnx');
    const { names, values } = await run(file, samples, features);
    expect(names).toEqual([loss === 'squared-error' ? 'output' : 'probabilities']);
    const expected = expectedOf(model, samples);
    expect(compareOutputs(values, expected, outputs).largestDifference).toBeLessThan(1e-5);
    const single = await run(file, samples.slice(0, features), features);
    expect(compareOutputs(single.values, expected.slice(0, outputs), outputs).agreeing).toBe(1);
  });
});

test(
  'names, encoding and receipt are in the metadata',
  async () => {
    const { model } = await trainedOnMnist();
    const text = new TextDecoder().decode(exportModel(model, 'onnx'));
    expect(text).toContain(JSON.stringify(model.receipt));
    const table = kinds['standardised table with names']!;
    const other = new TextDecoder().decode(exportModel(table, 'onnx'));
    expect(other).toContain(JSON.stringify(table.classNames));
    expect(other).toContain(JSON.stringify(table.encoding));
    expect(other).not.toContain('receipt');
  },
  TRAINING_TIMEOUT,
);
