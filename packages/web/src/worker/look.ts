import {
  type Backend,
  beginPass,
  compileInference,
  type Dataset,
  type Recipe,
  range,
  type Session,
  splitDataset,
  writeParameters,
} from '@bitgrad/core';
import type { Examination } from './protocol.js';
import { multiplicationsOf } from './stage-layers.js';

/** A glance costs at most so many products of a weight and an input, unless a network is very large. */
const GLANCE_PRODUCTS = 4e8;
const LEAST_GLANCE = 500;

/** Looks at the test samples of a recipe, as often as wanted. Looking changes no weight. */
export class Look {
  private readonly session: Session;
  private readonly batchSize: number;
  private readonly indices: Uint32Array;
  private readonly labels: Uint32Array;

  constructor(
    backend: Backend,
    private readonly recipe: Recipe,
    dataset: Dataset,
  ) {
    this.indices = splitDataset(dataset, recipe).test;
    const sampleCount = this.indices.length;
    const { preprocess } = recipe;
    const program = compileInference(recipe, {
      sampleCount,
      capacity: sampleCount,
      preprocess,
      shift: null,
    });
    this.session = backend.open(program);
    this.batchSize = program.entries.evaluate!.batchSize;
    const { memory } = this.session;
    const { features } = dataset;
    const samples = memory.u8('samples');
    for (const [row, index] of this.indices.entries()) {
      const at = index * features;
      samples.set((dataset.inputs as Uint8Array).subarray(at, at + features), row * features);
    }
    this.labels = Uint32Array.from(this.indices, (index) => dataset.labels[index]!);
    memory.u32('labels').set(this.labels);
    memory.u32('order').set(range(0, sampleCount));
  }

  /** The accuracy on as many of the test samples as can be read in a moment, the same ones each time. */
  glance(parameters: Float32Array): number {
    const { indices, labels } = this;
    const affordable = Math.floor(GLANCE_PRODUCTS / multiplicationsOf(this.recipe));
    const count = Math.min(indices.length, Math.max(LEAST_GLANCE, affordable));
    this.read(parameters, count);
    const predicted = this.session.memory.u32('predicted').subarray(0, count);
    return predicted.reduce((sum, one, row) => sum + Number(one === labels[row]), 0) / count;
  }

  private read(parameters: Float32Array, count: number): void {
    const { memory } = this.session;
    writeParameters(memory, this.recipe, parameters);
    beginPass(memory, count);
    this.session.run('evaluate', Math.ceil(count / this.batchSize));
  }

  /** What the network with these parameters says about every test sample. */
  at(parameters: Float32Array): Examination {
    const { memory } = this.session;
    const { indices, labels } = this;
    this.read(parameters, indices.length);
    const predicted = memory.u32('predicted').slice();
    const losses = memory.f32('losses').slice();
    const correct = predicted.reduce((sum, one, row) => sum + Number(one === labels[row]), 0);
    const total = losses.reduce((sum, one) => sum + one, 0);
    const count = indices.length;
    return {
      accuracy: correct / count,
      loss: total / count,
      indices: indices.slice(),
      labels: labels.slice(),
      predicted,
      losses,
    };
  }

  close(): void {
    this.session.close();
  }
}
