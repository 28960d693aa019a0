import { BitgradError, type SavedModel, show } from '@bitgrad/core';
import { decodeImage } from '@bitgrad/formats/decode';
import {
  type ImagePreparation,
  imagePreparationOf,
  isDigitSize,
  prepareImage,
} from '@bitgrad/formats/images';
import { readFileBytes } from '../files.js';
import { UsageError } from '../usage-error.js';

/** What `--prepare` takes, in words. */
export const PREPARATIONS = 'digit or resize';

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
): ImagePreparation {
  const usual = imagePreparationOf(receipt.dataset);
  if (usual === null) {
    throw new BitgradError(
      `${path}: expected a model that was trained on images, received one trained on ${receipt.dataset.name}, which has none`,
    );
  }
  const { size } = usual;
  const kind = text ?? usual.kind;
  if (kind !== 'digit' && kind !== 'resize') {
    throw new UsageError(`--prepare: expected ${PREPARATIONS}, received ${show(kind)}`);
  }
  if (kind === 'digit' && !isDigitSize(size)) {
    throw new UsageError(
      `--prepare: expected resize, because digits are 28×28 and the images of ${path} are ${size.height}×${size.width}, received digit`,
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
export async function readImage(file: string, preparation: ImagePreparation): Promise<Uint8Array> {
  return prepareImage(await decodeImage(await readFileBytes(file), file), preparation, file);
}
