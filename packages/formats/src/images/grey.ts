/** Pixels of an image: red, green, blue and opacity, a byte each, `[height, width, 4]`. */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const channels = 4;

/**
 * Turns colours into grey, `[height, width]`, in integers, so that every machine agrees:
 *
 * - on white paper: `c = ⌊(colour · opacity + 255 · (255 − opacity) + 127) ÷ 255⌋`
 * - luma (ITU-R BT.601): `⌊(19595 · red + 38470 · green + 7471 · blue + 32768) ÷ 65536⌋`
 *
 * The weights add up to 65536: grey stays what it is.
 */
export function greyOf({ width, height, pixels }: RgbaImage): Uint8Array {
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i += 1) {
    const at = i * channels;
    const opacity = pixels[at + 3]!;
    grey[i] =
      (19595 * onWhite(pixels[at]!, opacity) +
        38470 * onWhite(pixels[at + 1]!, opacity) +
        7471 * onWhite(pixels[at + 2]!, opacity) +
        32768) >>>
      16;
  }
  return grey;
}

/**
 * Colours on white paper, as above, a byte for each of red, green and blue.
 *
 * @returns `[3, height, width]`
 */
export function coloursOf({ width, height, pixels }: RgbaImage): Uint8Array {
  const size = width * height;
  const planes = new Uint8Array(3 * size);
  for (let i = 0; i < size; i += 1) {
    const at = i * channels;
    const opacity = pixels[at + 3]!;
    for (let c = 0; c < 3; c += 1) planes[c * size + i] = onWhite(pixels[at + c]!, opacity);
  }
  return planes;
}

function onWhite(colour: number, opacity: number): number {
  if (opacity === 255) return colour;
  return Math.floor((colour * opacity + 255 * (255 - opacity) + 127) / 255);
}
