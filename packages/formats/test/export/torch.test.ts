import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { decodeSafetensors, type Model } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { exportModel } from '../../src/export/export-model.js';
import { errorOf, temporaryFolder } from '../temporary.js';
import {
  expectedOf,
  imageModel,
  kinds,
  samplesFor,
  TRAINING_TIMEOUT,
  testImages,
  trainedOnMnist,
} from './models.js';

const hasTorch =
  spawnSync('python3', ['-c', 'import torch, safetensors'], { stdio: 'ignore' }).status === 0;

test('tensors have the names and shapes of nn.Sequential, transposed', () => {
  const model = kinds['tanh, binarised']!;
  const { tensors, metadata } = decodeSafetensors(exportModel(model, 'torch'), 'model');
  expect(tensors.map(({ name, shape }) => `${name} ${shape.join('×')}`)).toEqual([
    '0.weight 5×12',
    '0.bias 5',
    '2.weight 4×5',
    '2.bias 4',
    '4.weight 3×4',
    '4.bias 3',
  ]);
  const { parameters } = model;
  for (let row = 0; row < 12; row += 1) {
    for (let column = 0; column < 5; column += 1) {
      expect(tensors[0]!.values[column * 12 + row]).toBe(parameters[row * 5 + column]);
    }
  }
  expect(tensors[1]!.values).toEqual(parameters.slice(60, 65));
  expect(metadata).toEqual({
    format: 'pt',
    sequential:
      'nn.Sequential(nn.Linear(12, 5), nn.Tanh(), nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 3))',
    input: JSON.stringify({ preprocess: 'binarize', mean: null, deviation: null }),
    output: 'softmax',
  });
});

test('the metadata say how a table is prepared', () => {
  const model = kinds['standardised table with names']!;
  const { metadata } = decodeSafetensors(exportModel(model, 'torch'), 'model');
  expect(JSON.parse(metadata.input!).mean.map(Math.fround)).toEqual([
    ...model.standardization!.mean,
  ]);
  expect(JSON.parse(metadata.classNames!)).toEqual(model.classNames);
  expect(JSON.parse(metadata.encoding!)).toEqual(model.encoding);
});

test('an activation of the output stands after the last layer', () => {
  const file = exportModel(kinds['relu on the output']!, 'torch');
  const { metadata } = decodeSafetensors(file, 'model');
  expect(metadata.sequential).toMatch(/nn\.Linear\(7, 3\), nn\.ReLU\(\)\)$/);
});

test('what nn.Sequential has not is refused in words', async () => {
  const refused = async (layers: string) =>
    (await errorOf(() => exportModel(imageModel(layers), 'torch'))).message;
  expect(await refused('6x6,conv4,avgpool:2/1s,3')).toMatch(/average pool with even padding/);
  expect(await refused('4x4,conv3:2/2')).toMatch(/expected a dense layer or gap at the end/);
});

test.skipIf(!hasTorch)(
  'PyTorch gives the same numbers, and the same classes on all of MNIST’s test images',
  async () => {
    const { model: mnist, dataset } = await trainedOnMnist();
    const cases: [string, Model, Uint8Array | Float32Array][] = [
      ['mnist', mnist, testImages(dataset)],
      ...Object.entries(kinds).map(([name, model]): [string, Model, Uint8Array | Float32Array] => [
        name,
        model,
        samplesFor(model),
      ]),
    ];
    const folders = cases.map(([, model, samples]) =>
      temporaryFolder({
        'model.safetensors': exportModel(model, 'torch'),
        'samples.f32': new Uint8Array(Float32Array.from(samples).buffer),
        'expected.f32': new Uint8Array(expectedOf(model, samples).buffer),
      }),
    );
    const script = fileURLToPath(new URL('check_torch.py', import.meta.url));
    const { stdout, stderr } = spawnSync('python3', [script, ...folders], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const lines = stdout.trim().split('\n');
    expect(lines.length).toBe(cases.length);
    for (const [index, line] of lines.entries()) {
      const { rows, agreeing, largestDifference } = JSON.parse(line);
      expect(largestDifference, cases[index]![0]).toBeLessThan(1e-5);
      expect(agreeing, cases[index]![0]).toBe(rows);
    }
    expect(JSON.parse(lines[0]!).rows).toBe(10_000);
  },
  TRAINING_TIMEOUT,
);
