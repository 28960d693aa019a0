import { type Dataset, type ImageSize, imageFeatures, show } from '@bitgrad/core';
import { OptionError } from '../check-options.js';
import type { Classes } from '../classes.js';
import { checkInputSize } from '../limits.js';
import type { LoadOptions } from '../options.js';
import { channelsOf } from './channels.js';
import { decodeImage } from './decode.js';
import { firstChannel, fitImage, hasColour } from './fit-image.js';
import { PixelBudget } from './pixel-budget.js';

const defaultSize: ImageSize = { height: 28, width: 28 };

/** Images that are decoded at the same time. */
const inFlight = 8;

/** An image that is still in its file. */
export interface PendingImage {
  /** Named in errors. */
  readonly fileName: string;
  read(): Promise<Uint8Array>;
}

/** Images of one size, `[count, height, width, channels]`, allocated once and filled in order. */
export class ImageSet {
  private readonly size: Required<ImageSize>;
  private readonly pixels: Uint8Array;
  private readonly isOpen: boolean;
  private filled = 0;
  private readonly budget = new PixelBudget();

  /** @throws BitgradError if the size is not valid, or so many images do not fit */
  constructor(place: string, count: number, options: LoadOptions) {
    const { height, width } = options.imageSize ?? options.modelImageSize ?? defaultSize;
    checkSize({ height, width });
    const wanted = channelsOf(options);
    this.isOpen = wanted === null;
    this.size = { height, width, channels: wanted ?? 3 };
    const features = imageFeatures(this.size);
    checkInputSize(place, count, features, 1);
    this.pixels = new Uint8Array(count * features);
  }

  /** The images; where none has colours and nobody asked for them, their grey. */
  finish(): { readonly image: ImageSize; readonly inputs: Uint8Array } {
    const { size, pixels, isOpen } = this;
    const { height, width, channels } = size;
    if (channels === 1) return { image: { height, width }, inputs: pixels };
    if (!isOpen || hasColour(pixels)) return { image: size, inputs: pixels };
    return { image: { height, width }, inputs: firstChannel(pixels) };
  }

  /** Decodes and resizes some images and puts them after those already here. */
  async add(images: readonly PendingImage[]): Promise<void> {
    for (let start = 0; start < images.length; start += inFlight) {
      const group = images.slice(start, start + inFlight);
      // All are awaited even where one fails, and the first in order is what is reported.
      const results = await Promise.allSettled(
        group.map((image, index) => this.put(image, this.filled + index)),
      );
      const failed = results.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
      this.filled += group.length;
    }
  }

  private async put({ fileName, read }: PendingImage, index: number): Promise<void> {
    const image = await decodeImage(await read(), fileName, this.budget);
    const features = imageFeatures(this.size);
    fitImage(image, this.size, this.pixels.subarray(index * features, (index + 1) * features));
    this.budget.release(image.width * image.height);
  }
}

/** Joins images and their labels into a data set. */
export function imageDataset(
  name: string,
  set: ImageSet,
  labels: Uint32Array,
  classes: Classes,
  trainCount: number,
): Dataset {
  const { image, inputs } = set.finish();
  return {
    name,
    inputs,
    features: imageFeatures(image),
    image,
    labels,
    classes: classes.count,
    classNames: classes.names,
    trainCount,
    testCount: labels.length - trainCount,
  };
}

function checkSize(size: ImageSize): void {
  const { height, width } = size;
  const isValid = [height, width].every(
    (side) => Number.isInteger(side) && side >= 1 && side <= 1024,
  );
  if (isValid) return;
  throw new OptionError(
    'imageSize',
    `expected a height and a width from 1 to 1024, received ${show(size)}`,
  );
}
