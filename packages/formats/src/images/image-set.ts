import { type Dataset, show } from '@bitgrad/core';
import { OptionError } from '../check-options.js';
import type { Classes } from '../classes.js';
import { checkInputSize } from '../limits.js';
import type { ImageSize } from '../options.js';
import { decodeImage } from './decode.js';
import { greyOf } from './grey.js';
import { PixelBudget } from './pixel-budget.js';
import { resize } from './resize.js';

const defaultSize: ImageSize = { height: 28, width: 28 };

/** Images that are decoded at the same time. */
const inFlight = 8;

/** An image that is still in its file. */
export interface PendingImage {
  /** Named in errors. */
  readonly fileName: string;
  read(): Promise<Uint8Array>;
}

/** Grey images of one size, `[count, height, width]`, allocated once and filled in order. */
export class ImageSet {
  readonly size: ImageSize;
  readonly inputs: Uint8Array;
  private filled = 0;
  private readonly budget = new PixelBudget();

  /** @throws BitgradError if the size is not valid, or so many images do not fit */
  constructor(place: string, count: number, size: ImageSize = defaultSize) {
    checkSize(size);
    checkInputSize(place, count, size.height * size.width, 1);
    this.size = { height: size.height, width: size.width };
    this.inputs = new Uint8Array(count * size.height * size.width);
  }

  /** Decodes, greys and resizes some images and puts them after those already here. */
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
    const pixels = this.size.height * this.size.width;
    const out = this.inputs.subarray(index * pixels, (index + 1) * pixels);
    resize(greyOf(image), image, this.size, out);
    this.budget.release(image.width * image.height);
  }
}

/** Joins images and their labels into a data set. */
export function imageDataset(
  name: string,
  { size, inputs }: ImageSet,
  labels: Uint32Array,
  classes: Classes,
  trainCount: number,
): Dataset {
  return {
    name,
    inputs,
    features: size.height * size.width,
    image: size,
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
