import {
  type Backend,
  beginPass,
  compileInference,
  type Dataset,
  type Model,
  range,
  resolve,
  wire,
  writeParameters,
} from '@bitgrad/core';
import type { Picture } from './picture.js';

/** What a convolutional network's first layer looks for, and what it finds. */
export interface Filters {
  /** One a filter: its weights, 0 as the grey in the middle, the largest of all as white or black. */
  readonly kernels: readonly Picture[];
  readonly examples: readonly Example[];
}

/** A sample, and where in it each filter finds what it looks for. */
export interface Example {
  readonly image: Picture;
  /** One a filter, as many as are shown: 0 is black, the largest of the sample white. */
  readonly maps: readonly Picture[];
}

/** How many of each are shown. */
const MOST_KERNELS = 64;
const MOST_EXAMPLES = 3;
const MOST_MAPS = 12;
/** Larger feature maps are shown by every second pixel, or third, … */
const MOST_PIXELS = 32;

/**
 * Reads the filters of a network's first layer and their feature maps (after what follows directly: a
 * batchNorm, an activation) for some samples of different classes.
 *
 * @param indices samples to choose from
 * @returns null where the first layer is no convolution of grey or coloured images
 */
export function readFilters(
  model: Model,
  dataset: Dataset,
  indices: Uint32Array,
  backend: Backend,
): Filters | null {
  const { recipe, parameters } = model;
  const { inputs, image } = dataset;
  const [first] = resolve(recipe).nodes;
  if (first?.spec.type !== 'conv2d' || image === null || !(inputs instanceof Uint8Array))
    return null;
  const [height, width, channels, filters] = first.parameters[0]!.shape as [
    number,
    number,
    number,
    number,
  ];
  if (channels !== 1 && channels !== 3) return null;
  const { start, length } = first.parameters[0]!;
  const weights = parameters.subarray(start, start + length);
  const largest = weights.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const kernels = range(0, Math.min(filters, MOST_KERNELS));
  return {
    kernels: Array.from(kernels, (filter) => ({
      height,
      width,
      channels,
      pixels: Uint8Array.from(range(0, height * width * channels), (at) =>
        Math.round(127.5 + (127.5 * weights[at * filters + filter]!) / (largest || 1)),
      ),
    })),
    examples: readExamples(model, dataset, ofEachClass(dataset, indices), backend),
  };
}

/** The first samples of different classes. */
function ofEachClass({ labels, values }: Dataset, indices: Uint32Array): number[] {
  const chosen = new Map<number, number>();
  for (const index of indices) {
    const label = values ? index : labels[index]!;
    if (!chosen.has(label)) chosen.set(label, index);
    if (chosen.size === MOST_EXAMPLES) break;
  }
  return [...chosen.values()];
}

function readExamples(
  { recipe, parameters }: Model,
  { inputs, features, image }: Dataset,
  chosen: readonly number[],
  backend: Backend,
): Example[] {
  const nodes = wire(resolve(recipe), 'use');
  // What follows directly works on each number for itself.
  const next = nodes.findIndex(
    ({ spec }, at) => at > 0 && spec.type !== 'batchNorm' && spec.type !== 'activation',
  );
  const { outputShape } = nodes[0]!;
  const slice = nodes[next]?.input ?? 'logits';
  const { preprocess } = recipe;
  const count = chosen.length;
  const plan = { sampleCount: count, capacity: count, preprocess, shift: null };
  const session = backend.open(compileInference(recipe, plan));
  try {
    const { memory } = session;
    writeParameters(memory, recipe, parameters);
    const images = chosen.map((index) =>
      (inputs as Uint8Array).slice(index * features, (index + 1) * features),
    );
    for (const [row, pixels] of images.entries()) memory.u8('samples').set(pixels, row * features);
    memory.u32('order').set(range(0, count));
    beginPass(memory, count);
    session.run('predict', 1);
    const size = outputShape.reduce((product, side) => product * side, 1);
    return images.map((pixels, row) => ({
      image: { ...image!, pixels },
      maps: mapsOf(memory.f32(slice).slice(row * size, (row + 1) * size), outputShape),
    }));
  } finally {
    session.close();
  }
}

/** @param values `[height, width, filters]` */
function mapsOf(values: Float32Array, shape: readonly number[]): Picture[] {
  const [height, width, filters] = shape as [number, number, number];
  const step = Math.ceil(Math.max(height, width) / MOST_PIXELS);
  const [rows, columns] = [height, width].map((side) => Math.ceil(side / step)) as [number, number];
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  return Array.from(range(0, Math.min(filters, MOST_MAPS)), (filter) => ({
    height: rows,
    width: columns,
    pixels: Uint8Array.from(range(0, rows * columns), (at) => {
      const [y, x] = [Math.floor(at / columns) * step, (at % columns) * step];
      const value = values[(y * width + x) * filters + filter]!;
      return Math.round((255 * Math.max(0, value)) / (largest || 1));
    }),
  }));
}
