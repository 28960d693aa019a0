import { BitgradError, show } from './errors.js';

/**
 * Labelled samples: training samples first, then test samples. Images stay bytes; tables are
 * binary32.
 */
export interface Dataset {
  /** A short name, as in `mnist`; it is written into receipts. */
  readonly name: string;
  /** `[samples, features]`, row-major. */
  readonly inputs: Uint8Array | Float32Array;
  readonly features: number;
  /** The images' size where samples are images, row-major with `height · width = features`. */
  readonly image: { readonly height: number; readonly width: number } | null;
  /** `[samples]` class indices below `classes`. */
  readonly labels: Uint32Array;
  readonly classes: number;
  readonly trainCount: number;
  readonly testCount: number;
  /**
   * SHA-256 of the raw data, where `inputs` is a copy that is already preprocessed and the raw
   * bytes are not at hand. Left out, it is computed from `inputs`.
   */
  readonly sha256?: string | undefined;
}

/** @throws BitgradError if the parts of `dataset` do not fit each other */
export function checkDataset(dataset: Dataset): void {
  const samples = dataset.trainCount + dataset.testCount;
  const { name, inputs, features, labels, classes, image } = dataset;
  if (!Number.isInteger(features) || features < 1) {
    throw new BitgradError(`${name}: expected at least 1 feature, received ${show(features)}`);
  }
  if (inputs.length !== samples * features) {
    throw new BitgradError(
      `${name}: expected inputs [${samples},${features}], received ${inputs.length} values`,
    );
  }
  if (labels.length !== samples) {
    throw new BitgradError(`${name}: expected ${samples} labels, received ${labels.length}`);
  }
  if (image !== null && image.height * image.width !== features) {
    throw new BitgradError(
      `${name}: expected images of ${features} pixels, received ${image.height}×${image.width}`,
    );
  }
  if (!Number.isInteger(classes) || classes < 2) {
    throw new BitgradError(`${name}: expected at least 2 classes, received ${show(classes)}`);
  }
  const outside = labels.findIndex((label) => label >= classes);
  if (outside >= 0) {
    throw new BitgradError(
      `${name}: expected labels below ${classes}, received ${labels[outside]} for sample ${outside}`,
    );
  }
}
