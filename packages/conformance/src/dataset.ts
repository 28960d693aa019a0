import { type Dataset, Stream } from '@bitgrad/core';

/** What a synthetic data set is made from. */
export interface DatasetSpec {
  readonly seed: number;
  /** Images of bytes, or tables of binary32. */
  readonly kind: 'bytes' | 'table';
  readonly features: number;
  readonly image: readonly [height: number, width: number, channels?: number] | null;
  /** Or clusters, where there are `outputs`. */
  readonly classes: number;
  /** Numbers to learn for each sample, instead of its class. */
  readonly outputs?: number;
  /** Whether those numbers are only ever 0 or 1. */
  readonly flags?: boolean;
  readonly trainCount: number;
  readonly testCount: number;
}

/**
 * Makes a data set that a small network can learn: a prototype of each class, and samples that are
 * the prototype with noise. goldens/recipes.py draws the same numbers.
 */
export function makeDataset(spec: DatasetSpec): Dataset {
  const { seed, kind, features, image, classes, outputs = 0, flags = false } = spec;
  const { trainCount, testCount } = spec;
  const stream = new Stream(seed, 'weights', 0xda7a);
  const isBytes = kind === 'bytes';
  const samples = trainCount + testCount;
  const prototypes = new Float32Array(classes * features).map(() => {
    if (!isBytes) return stream.normal();
    return stream.below(3) === 0 ? stream.below(256) : 0;
  });
  const noisy = (value: number): number => {
    if (!isBytes) return Math.fround(value + Math.fround(0.5 * stream.normal()));
    return stream.below(8) === 0 ? stream.below(256) : value;
  };
  const inputs = isBytes
    ? new Uint8Array(samples * features)
    : new Float32Array(samples * features);
  const clusterValues = new Float32Array(classes * outputs).map(() =>
    flags ? stream.below(2) : stream.normal(),
  );
  const values = new Float32Array(samples * outputs);
  const labels = new Uint32Array(samples);
  for (let sample = 0; sample < samples; sample += 1) {
    const label = stream.below(classes);
    labels[sample] = label;
    const own = clusterValues.subarray(label * outputs, (label + 1) * outputs);
    values.set(own, sample * outputs);
    for (let feature = 0; feature < features; feature += 1) {
      inputs[sample * features + feature] = noisy(prototypes[label * features + feature]!);
    }
  }
  return {
    name: `synthetic-${seed}`,
    inputs,
    features,
    image: image && {
      height: image[0],
      width: image[1],
      ...(image[2] !== undefined && { channels: image[2] }),
    },
    trainCount,
    testCount,
    ...(outputs > 0 ? { labels: new Uint32Array(0), classes: 0, values } : { labels, classes }),
  };
}
