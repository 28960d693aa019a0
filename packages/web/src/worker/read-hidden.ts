import {
  beginPass,
  compileInference,
  type Dataset,
  type Memory,
  type Model,
  range,
  writeParameters,
} from '@bitgrad/core';
import { stageLayers } from './stage-layers.js';
import { OPEN_BACKEND } from './trace.js';

/** What the hidden layers gave for some samples that follow each other. */
export interface HiddenBatch {
  /** The first of them, counted from the first that was asked for. */
  readonly begin: number;
  readonly rows: number;
  /** By hidden layer, `[rows, units]`, or `[rows, height, width, units]` of filters. */
  readonly outputs: readonly Float32Array[];
}

/**
 * Sends samples through a network and shows what each hidden layer gave.
 *
 * @param first the first sample in the data set
 * @param visit told of a batch at a time; its arrays are only good until it returns
 */
export function readHidden(
  { recipe, parameters }: Model,
  { inputs, features }: Dataset,
  first: number,
  count: number,
  visit: (batch: HiddenBatch) => void,
): void {
  const names = stageLayers(recipe)
    .slice(0, -1)
    .map(({ output }) => output);
  const { preprocess } = recipe;
  const shape = { sampleCount: count, capacity: count, preprocess, shift: null };
  const program = compileInference(recipe, shape);
  const session = OPEN_BACKEND.open(program);
  try {
    const { memory } = session;
    writeParameters(memory, recipe, parameters);
    const samples = (inputs as Uint8Array).subarray(first * features, (first + count) * features);
    memory.u8('samples').set(samples);
    memory.u32('order').set(range(0, count));
    beginPass(memory, count);
    const { batchSize } = program.entries.predict!;
    for (let begin = 0; begin < count; begin += batchSize) {
      session.run('predict', 1);
      const rows = Math.min(batchSize, count - begin);
      visit({ begin, rows, outputs: outputsIn(memory, names) });
    }
  } finally {
    session.close();
  }
}

function outputsIn(memory: Memory, names: readonly string[]): Float32Array[] {
  return names.map((name) => memory.f32(name));
}
