import type { TableEncoding } from './data/encoding.js';
import { BitgradError, show } from './errors.js';

/** An image's size: `[height, width, channels]`, row-major. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  /** 3 for red, green and blue; left out for grey. */
  readonly channels?: number;
}

/** How many numbers an image is. */
export function imageFeatures({ height, width, channels = 1 }: ImageSize): number {
  return height * width * channels;
}

/**
 * Labelled samples: training samples first, then test samples. Images stay bytes; tables are
 * binary32.
 */
export interface Dataset {
  /** A short name, as in `mnist`; it is written into receipts. */
  readonly name: string;
  /**
   * `[samples, features]`, row-major. Where a table's number is missing it is NaN, which training and
   * evaluation replace (`encoding`).
   */
  readonly inputs: Uint8Array | Float32Array;
  readonly features: number;
  /** The images' size where samples are images, whose numbers are the features. */
  readonly image: ImageSize | null;
  /** `[samples]` class indices below `classes`; empty where `values` are given. */
  readonly labels: Uint32Array;
  /** 0 where `values` are given. */
  readonly classes: number;
  readonly trainCount: number;
  readonly testCount: number;
  /** How many of the training samples, the last of them, the data keep apart for validation. */
  readonly validationCount?: number | undefined;
  /** What the classes are called, where they have names other than their index. */
  readonly classNames?: readonly string[] | undefined;
  /** `[samples, outputs]` numbers to be learnt, instead of classes. */
  readonly values?: Float32Array | undefined;
  /** How a table's columns became features; saved with the model, so that new rows can follow. */
  readonly encoding?: TableEncoding | undefined;
  /** What a reader decided, for people. */
  readonly notes?: readonly string[] | undefined;
  /**
   * SHA-256 of the raw data, where `inputs` is a copy that is already preprocessed and the raw
   * bytes are not at hand. Left out, it is computed from `inputs`.
   */
  readonly sha256?: string | undefined;
}

/** How many numbers a network gives for a sample of this data set. */
export function outputsOf({ values, classes, trainCount, testCount }: Dataset): number {
  return values === undefined ? classes : values.length / (trainCount + testCount);
}

/** @throws BitgradError if the parts of `dataset` do not fit each other */
export function checkDataset(dataset: Dataset): void {
  const samples = dataset.trainCount + dataset.testCount;
  const { name, inputs, features, image } = dataset;
  if (!Number.isInteger(features) || features < 1) {
    throw new BitgradError(`${name}: expected at least 1 feature, received ${show(features)}`);
  }
  if (inputs.length !== samples * features) {
    throw new BitgradError(
      `${name}: expected inputs [${samples},${features}], received ${inputs.length} values`,
    );
  }
  if (image !== null && imageFeatures(image) !== features) {
    const { height, width, channels = 1 } = image;
    throw new BitgradError(
      `${name}: expected images of ${features} pixels, received ${height}×${width}${channels === 1 ? '' : `×${channels}`}`,
    );
  }
  if (dataset.values === undefined) checkLabels(dataset, samples);
  else checkValues(dataset, dataset.values, samples);
}

function checkLabels({ name, labels, classes, classNames }: Dataset, samples: number): void {
  if (labels.length !== samples) {
    throw new BitgradError(`${name}: expected ${samples} labels, received ${labels.length}`);
  }
  if (!Number.isInteger(classes) || classes < 2) {
    throw new BitgradError(`${name}: expected at least 2 classes, received ${show(classes)}`);
  }
  if (classNames !== undefined && classNames.length !== classes) {
    throw new BitgradError(
      `${name}: expected ${classes} names of classes, received ${classNames.length}`,
    );
  }
  const outside = labels.findIndex((label) => label >= classes);
  if (outside >= 0) {
    throw new BitgradError(
      `${name}: expected labels below ${classes}, received ${labels[outside]} for sample ${outside}`,
    );
  }
}

function checkValues(
  { name, labels, classes }: Dataset,
  values: Float32Array,
  samples: number,
): void {
  if (samples === 0 || values.length === 0 || values.length % samples !== 0) {
    throw new BitgradError(
      `${name}: expected values [${samples},outputs], received ${values.length}`,
    );
  }
  if (classes !== 0 || labels.length !== 0) {
    throw new BitgradError(`${name}: expected classes or values, received both`);
  }
}
