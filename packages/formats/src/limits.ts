import { BitgradError } from '@bitgrad/core';

/** The most bytes that a data set's inputs may take: 1 GiB, as for IDX files. */
export const maximumInputBytes = 2 ** 30;

/** The widest sample: as wide as a network's layer may be. */
export const maximumFeatures = 2 ** 20;

/**
 * Checks that a data set's inputs fit, before they are allocated.
 *
 * @param bytesEach 1 for images, 4 for binary32
 * @throws BitgradError if they do not
 */
export function checkInputSize(
  place: string,
  samples: number,
  features: number,
  bytesEach: number,
): void {
  if (features > maximumFeatures) {
    throw new BitgradError(
      `${place}: expected at most ${maximumFeatures} features, received ${features}`,
    );
  }
  const bytes = samples * features * bytesEach;
  if (!(bytes >= 0 && bytes <= maximumInputBytes)) {
    throw new BitgradError(
      `${place}: expected inputs of at most ${maximumInputBytes} bytes, received ${samples} samples of ${features} features, which take ${bytes}`,
      'Use a part of the samples, or smaller ones.',
    );
  }
}
