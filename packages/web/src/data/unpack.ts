import { type Manifest, type Part, partSamples } from './manifest.js';

/** Images and labels in the order of their data set: training samples first. */
export interface Samples {
  /** `[samples, features]`: 0 and 1, or grey bytes once these were added. */
  readonly inputs: Uint8Array;
  readonly labels: Uint32Array;
  readonly trainCount: number;
  readonly testCount: number;
}

/** Room for the training and test samples of the parts from the first to `count` of them. */
export function emptySamples({ parts, features }: Manifest, count: number): Samples {
  const last = parts[count - 1]!;
  const trainCount = last.train[1];
  const testCount = last.test[1];
  return {
    inputs: new Uint8Array((trainCount + testCount) * features),
    labels: new Uint32Array(trainCount + testCount),
    trainCount,
    testCount,
  };
}

/** Writes a part's labels and bits to where they belong in `samples`. */
export function unpackBits(
  samples: Samples,
  part: Part,
  features: number,
  content: Uint8Array,
): void {
  const bits = content.subarray(partSamples(part));
  let packed = 0;
  let bit = 0;
  for (const [begin, end] of places(samples, part)) {
    for (let sample = begin; sample < end; sample += 1) {
      samples.labels[sample] = content[packed]!;
      packed += 1;
    }
    const stop = end * features;
    for (let pixel = begin * features; pixel < stop; pixel += 1) {
      samples.inputs[pixel] = (bits[bit >> 3]! >> (bit & 7)) & 1;
      bit += 1;
    }
  }
}

/** Puts a part's grey values in the place of its ones. */
export function unpackGrey(
  samples: Samples,
  part: Part,
  features: number,
  content: Uint8Array,
): void {
  const { inputs } = samples;
  let next = 0;
  for (const [begin, end] of places(samples, part)) {
    const stop = end * features;
    for (let pixel = begin * features; pixel < stop; pixel += 1) {
      if (inputs[pixel] === 0) continue;
      inputs[pixel] = content[next]!;
      next += 1;
    }
  }
}

/** Where a part's training and test samples stand in a data set. */
function places({ trainCount }: Samples, { train, test }: Part): [number, number][] {
  return [
    [train[0], train[1]],
    [trainCount + test[0], trainCount + test[1]],
  ];
}
