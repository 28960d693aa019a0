import type { Dataset } from '@bitgrad/core';

/** A digit that somebody drew on the page, prepared as MNIST's were. */
export interface OwnDigit {
  /** `[784]` grey bytes. */
  readonly pixels: Uint8Array;
  readonly label: number;
}

/** How often each own digit counts, so that a handful is heard among sixty thousand. */
export const OWN_DIGIT_COPIES = 40;

/** A data set with own digits after its training samples. It has another name, and its own digest. */
export function withOwnDigits(dataset: Dataset, digits: readonly OwnDigit[]): Dataset {
  if (digits.length === 0) return dataset;
  const { features, trainCount, testCount } = dataset;
  const added = digits.length * OWN_DIGIT_COPIES;
  const samples = trainCount + added + testCount;
  const source = dataset.inputs as Uint8Array;
  const isGrey = source.some((value) => value > 1);
  const inputs = new Uint8Array(samples * features);
  const labels = new Uint32Array(samples);
  inputs.set(source.subarray(0, trainCount * features));
  labels.set(dataset.labels.subarray(0, trainCount));
  for (let i = 0; i < added; i += 1) {
    const { pixels, label } = digits[i % digits.length]!;
    const values = isGrey ? pixels : pixels.map((value) => Number(value > 0));
    inputs.set(values, (trainCount + i) * features);
    labels[trainCount + i] = label;
  }
  inputs.set(source.subarray(trainCount * features), (trainCount + added) * features);
  labels.set(dataset.labels.subarray(trainCount), trainCount + added);
  return {
    ...dataset,
    name: `${dataset.name}+own`,
    inputs,
    labels,
    trainCount: trainCount + added,
    sha256: undefined,
  };
}
