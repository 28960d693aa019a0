import { BitgradError } from '@bitgrad/core';

/** The most pixels that an image may have: 64 million, 8192×8192. */
export const mostPixels = 2 ** 26;

/** What may be decoded whatever the files' size, and further pixels for each byte of theirs. */
const FREE_PIXELS = 2 ** 24;
const PIXELS_A_BYTE = 1000;

/** Pixels that are held decoded at a time, but for a single image of more. */
const PIXELS_AT_ONCE = 2 ** 24;

/** Thrown where all images together say too many pixels, so that none is to be left out for it. */
export class PixelBudgetError extends BitgradError {}

/**
 * Bounds what decoding may cost, in time and memory, by what the files take: some formats say millions
 * of pixels in a few bytes. Photographs have a few pixels a byte, drawings some hundreds.
 */
export class PixelBudget {
  private pixels = 0;
  private bytes = 0;
  private held = 0;
  private waiting: (() => void)[] = [];

  /**
   * Waits until an image may be decoded; `release` is to be called when it is no longer needed.
   *
   * @param bytes of its file
   * @throws BitgradError if it is too large, or all that came so far are for so few bytes
   */
  async take(width: number, height: number, bytes: number, fileName: string): Promise<void> {
    const pixels = width * height;
    if (!(pixels <= mostPixels)) {
      throw new BitgradError(
        `${fileName}: expected at most ${mostPixels} pixels, received ${width}×${height}`,
      );
    }
    this.pixels += pixels;
    this.bytes += bytes;
    const most = FREE_PIXELS + PIXELS_A_BYTE * this.bytes;
    if (this.pixels > most) {
      throw new PixelBudgetError(
        `${fileName}: expected at most ${most} pixels in ${this.bytes} bytes of images, received ${this.pixels} (this one has ${width}×${height})`,
        'Make the image smaller: blank areas cost as much to read as others.',
      );
    }
    while (this.held > 0 && this.held + pixels > PIXELS_AT_ONCE) {
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
      });
    }
    this.held += pixels;
  }

  /** Gives back the pixels that an image took. */
  release(pixels: number): void {
    this.held -= pixels;
    const { waiting } = this;
    this.waiting = [];
    for (const goOn of waiting) goOn();
  }
}
