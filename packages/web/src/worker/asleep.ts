import {
  COUNT,
  compileInference,
  type Dataset,
  denseWidths,
  type Model,
  POSITION,
  range,
  STEP,
  writeParameters,
} from '@bitgrad/core';
import { OPEN_BACKEND, outputNames } from './trace.js';

/** So many images are asked. */
const IMAGES = 256;

/**
 * The units of each hidden layer that are 0 for every one of some images: a 1 for each. Of ReLU's units
 * these have stopped learning, because where the result is 0 the slope is, too; others never sleep.
 */
export function findAsleep({ recipe, parameters }: Model, dataset: Dataset): Uint8Array[] {
  const layers = denseWidths(recipe)!;
  const names = outputNames(layers).slice(0, -1);
  const widths = layers.slice(1, -1);
  const asleep = widths.map((width) => new Uint8Array(width).fill(1));
  if (recipe.activation !== 'relu') return asleep.map((layer) => layer.fill(0));
  const { features, trainCount } = dataset;
  const count = Math.min(IMAGES, trainCount);
  const { preprocess } = recipe;
  const program = compileInference(recipe, {
    sampleCount: count,
    capacity: count,
    preprocess,
    shift: null,
  });
  const session = OPEN_BACKEND.open(program);
  try {
    const { memory } = session;
    writeParameters(memory, recipe, parameters);
    memory.u8('samples').set((dataset.inputs as Uint8Array).subarray(0, count * features));
    memory.u32('order').set(range(0, count));
    const control = memory.u32('control');
    [control[POSITION], control[COUNT], control[STEP]] = [0, count, 0];
    const { batchSize } = program.entries.predict!;
    for (let done = 0; done < count; done += batchSize) {
      session.run('predict', 1);
      const rows = Math.min(batchSize, count - done);
      for (const [layer, name] of names.entries()) wake(asleep[layer]!, memory.f32(name), rows);
    }
    return asleep;
  } finally {
    session.close();
  }
}

/** @param outputs `[rows, units]` */
function wake(asleep: Uint8Array, outputs: Float32Array, rows: number): void {
  const units = asleep.length;
  for (let row = 0; row < rows; row += 1)
    for (let unit = 0; unit < units; unit += 1)
      if (outputs[row * units + unit]! > 0) asleep[unit] = 0;
}
