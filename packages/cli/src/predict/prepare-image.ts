import { BitgradError, type SavedModel, show } from '@bitgrad/core';
import type { ImageSize } from '@bitgrad/formats';
import { decodeImage } from '@bitgrad/formats/decode';
import { greyOf, resize } from '@bitgrad/formats/images';
import { readFileBytes } from '../files.js';
import { UsageError } from '../usage-error.js';

/** The side of MNIST's images, which digits are fitted into. */
const DIGIT_SIZE = 28;

/** What `--prepare` takes, in words. */
export const PREPARATIONS = 'digit or resize';

/** How images become what a model learnt from. */
export interface Preparation {
  readonly kind: 'digit' | 'resize';
  readonly size: ImageSize;
}

/**
 * Chooses how images are prepared.
 *
 * @param text of `--prepare`
 * @param path of the model, for messages
 * @throws BitgradError if the model is not for images; UsageError for a wrong value
 */
export function preparationOf(
  text: string | undefined,
  { receipt }: SavedModel,
  path: string,
): Preparation {
  const { image: size, name } = receipt.dataset;
  if (size === null) {
    throw new BitgradError(
      `${path}: expected a model that was trained on images, received one trained on ${name}, which has none`,
      'bitgrad eval applies a model to a table',
    );
  }
  const isMnistSize = size.height === DIGIT_SIZE && size.width === DIGIT_SIZE;
  const kind = text ?? (name === 'mnist' && isMnistSize ? 'digit' : 'resize');
  if (kind !== 'digit' && kind !== 'resize') {
    throw new UsageError(`--prepare: expected ${PREPARATIONS}, received ${show(kind)}`);
  }
  if (kind === 'digit' && !isMnistSize) {
    throw new UsageError(
      `--prepare: expected resize, because digits are ${DIGIT_SIZE}×${DIGIT_SIZE} and the images of ${path} are ${size.height}×${size.width}, received digit`,
    );
  }
  return { kind, size };
}

/**
 * Reads and prepares an image.
 *
 * @returns `[height, width]` bytes
 * @throws BitgradError if it cannot be read or holds nothing to recognise
 */
export async function prepareImage(file: string, { kind, size }: Preparation): Promise<Uint8Array> {
  const image = await decodeImage(await readFileBytes(file), file);
  if (kind === 'resize') {
    const out = new Uint8Array(size.height * size.width);
    resize(greyOf(image), image, size, out);
    return out;
  }
  const { prepareDigit } = await import('@bitgrad/formats/prepare');
  try {
    return prepareDigit(image.pixels, image.width, image.height);
  } catch (error) {
    if (!(error instanceof BitgradError)) throw error;
    throw new BitgradError(`${file}: ${error.message}`, error.fix);
  }
}
