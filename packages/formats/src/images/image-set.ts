import { BitgradError, type Dataset, type ImageSize, imageFeatures, show } from '@bitgrad/core';
import { printable } from '@bitgrad/core/errors';
import { OptionError } from '../check-options.js';
import type { Classes } from '../classes.js';
import { checkInputSize } from '../limits.js';
import type { LoadOptions } from '../options.js';
import { channelsOf } from './channels.js';
import { firstChannel, fitImage, hasColour } from './fit-image.js';
import type { RgbaImage } from './grey.js';
import { PixelBudget, PixelBudgetError } from './pixel-budget.js';

const defaultSize: ImageSize = { height: 28, width: 28 };

/** Of many images that do not decode, so many are named. */
const MOST_LISTED = 100;

/** Images that are decoded at the same time. */
const inFlight = 8;

/** An image that is still in its file. */
export interface PendingImage {
  /** Named in errors. */
  readonly fileName: string;
  read(): Promise<Uint8Array>;
}

/** Decodes an image of a file, taking its pixels from the budget. */
export type ImageDecoder = (
  bytes: Uint8Array,
  fileName: string,
  budget: PixelBudget,
) => Promise<RgbaImage>;

/** Images of one size, `[count, height, width, channels]`, allocated once and filled in order. */
export class ImageSet {
  private readonly size: Required<ImageSize>;
  private readonly pixels: Uint8Array;
  private readonly isOpen: boolean;
  /** What is wrong with images that do not decode, by their places. */
  readonly bad = new Map<number, BitgradError>();
  private filled = 0;
  private readonly budget = new PixelBudget();

  /** @throws BitgradError if the size is not valid, or so many images do not fit */
  constructor(
    place: string,
    count: number,
    options: LoadOptions,
    private readonly decode: ImageDecoder,
  ) {
    const { imageSize, modelImageSize, usualImageSize } = options;
    const { height, width } = imageSize ?? modelImageSize ?? usualImageSize ?? defaultSize;
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

  /**
   * Decodes and resizes some images and puts them after those already here. Those that do not
   * decode are told by `bad`, so that all of them can be named at once.
   */
  async add(images: readonly PendingImage[]): Promise<void> {
    for (let start = 0; start < images.length; start += inFlight) {
      const group = images.slice(start, start + inFlight);
      const results = await Promise.allSettled(
        group.map((image, index) => this.put(image, this.filled + index)),
      );
      for (const [index, result] of results.entries()) {
        if (result.status === 'fulfilled') continue;
        const { reason } = result as PromiseRejectedResult;
        const isOwn = reason instanceof BitgradError && !(reason instanceof PixelBudgetError);
        if (!isOwn) throw reason;
        this.bad.set(this.filled + index, reason);
      }
      this.filled += group.length;
    }
  }

  private async put({ fileName, read }: PendingImage, index: number): Promise<void> {
    const image = await this.decode(await read(), fileName, this.budget);
    const features = imageFeatures(this.size);
    fitImage(image, this.size, this.pixels.subarray(index * features, (index + 1) * features));
    this.budget.release(image.width * image.height);
  }
}

/** How the images of a data set are parted. */
export interface ImageCounts {
  /** Validation images included. */
  readonly train: number;
  readonly validation: number;
}

/**
 * Joins images and their labels into a data set.
 *
 * @param skipBad whether images that do not decode are left out
 * @throws BitgradError that names all images that do not decode, unless they are left out
 */
export function imageDataset(
  name: string,
  set: ImageSet,
  allLabels: Uint32Array,
  classes: Classes,
  counts: ImageCounts,
  skipBad: boolean,
): Dataset {
  const { bad } = set;
  if (bad.size > 0 && !skipBad) throw allBad(bad, allLabels.length);
  const kept = allLabels.map((_, index) => index).filter((index) => !bad.has(index));
  const { image, inputs: all } = set.finish();
  const inputs = bad.size === 0 ? all : chosen(all, imageFeatures(image), kept);
  const labels = kept.map((index) => allLabels[index]!);
  const before = (end: number): number => kept.filter((index) => index < end).length;
  const trainCount = before(counts.train);
  const validationCount = trainCount - before(counts.train - counts.validation);
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
    ...(validationCount > 0 ? { validationCount } : {}),
    ...(bad.size > 0
      ? {
          notes: [
            `${imagesOf(bad.size)} left out, as ${bad.size === 1 ? 'it does' : 'they do'} not decode:${listBad(bad)}`,
          ],
        }
      : {}),
  };
}

function chosen(all: Uint8Array, features: number, kept: Uint32Array): Uint8Array {
  const inputs = new Uint8Array(kept.length * features);
  for (const [at, index] of kept.entries()) {
    inputs.set(all.subarray(index * features, (index + 1) * features), at * features);
  }
  return inputs;
}

function allBad(bad: ReadonlyMap<number, BitgradError>, count: number): BitgradError {
  const [first] = bad.values() as unknown as [BitgradError];
  if (bad.size === 1) return first;
  return new BitgradError(
    `expected ${count} images that decode, received ${bad.size} that do not${listBad(bad)}`,
    'Mend or remove them, or leave them out with --skip-bad.',
  );
}

/** All that is wrong, an indented line each. */
function listBad(bad: ReadonlyMap<number, BitgradError>): string {
  const messages = [...bad.values()].map(({ message }) => printable(message));
  const more = messages.length - MOST_LISTED;
  const lines = [...messages.slice(0, MOST_LISTED), ...(more > 0 ? [`and ${more} more`] : [])];
  return lines.map((line) => `\n  ${line}`).join('');
}

const imagesOf = (count: number): string => (count === 1 ? '1 image is' : `${count} images are`);

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
