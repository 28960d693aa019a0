import { BitgradError, type SavedModel } from '@bitgrad/core';
import { imagePreparationOf, prepareImage, type RgbaImage } from '@bitgrad/formats/images';
import { platform } from '#platform';

/** A picture of any size: red, green, blue and opacity, a byte each, as a canvas's `ImageData`. */
export type ImageLike =
  | RgbaImage
  | {
      readonly width: number;
      readonly height: number;
      readonly data: Uint8Array | Uint8ClampedArray;
    };

/**
 * Decodes a PNG, JPEG, WebP, GIF, TIFF or AVIF image, to be given to `model.predict`.
 *
 * @param source a path or URL, a Blob, or the file's bytes
 * @throws BitgradError if it cannot be read or is no image
 */
export async function readImage(
  source: string | URL | Blob | ArrayBuffer | Uint8Array,
): Promise<RgbaImage> {
  if (source instanceof Uint8Array) return platform.decodeImage(source);
  if (source instanceof ArrayBuffer) return platform.decodeImage(new Uint8Array(source));
  if (source instanceof Blob) {
    return platform.decodeImage(new Uint8Array(await source.arrayBuffer()));
  }
  const place = source instanceof URL ? platform.placeOf(source) : source;
  return platform.decodeImage(await platform.readBytes(place));
}

/** Whether a sample is a picture, not a row. */
export function isImage(sample: unknown): sample is ImageLike {
  if (typeof sample !== 'object' || sample === null || ArrayBuffer.isView(sample)) return false;
  const { data, pixels } = sample as { readonly data?: unknown; readonly pixels?: unknown };
  return ArrayBuffer.isView(data) || ArrayBuffer.isView(pixels);
}

/** A picture as the model's images are. */
export function pixelsOf(image: ImageLike, { receipt }: SavedModel): Uint8Array {
  const preparation = imagePreparationOf(receipt.dataset);
  if (preparation === null) {
    throw new BitgradError(
      `sample: expected a row, because the model was trained on ${receipt.dataset.name}, received an image`,
    );
  }
  const { width, height } = image;
  const rgba = 'pixels' in image ? image.pixels : image.data;
  const pixels = new Uint8Array(rgba.buffer, rgba.byteOffset, rgba.length);
  return prepareImage({ width, height, pixels }, preparation, 'image');
}
