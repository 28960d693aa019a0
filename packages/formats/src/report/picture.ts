import { coordinate } from './markup.js';

/** An image of a sample. */
export interface Picture {
  readonly height: number;
  readonly width: number;
  /** 3 for red, green and blue; left out for grey. */
  readonly channels?: number;
  /** `[height, width, channels]`, 0 is black. */
  readonly pixels: Uint8Array;
}

/** Levels of each channel in the small pictures. */
const LEVELS = 16;

/**
 * Pixels as shapes: one path for each colour, of the runs of pixels that have it.
 *
 * @param size of the longer side
 */
export function drawPicture(
  { height, width, channels = 1, pixels }: Picture,
  size: number,
): string {
  const paths = new Map<string, string>();
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; ) {
      const fill = fillOf(pixels, (y * width + x) * channels, channels);
      let end = x + 1;
      while (end < width && fillOf(pixels, (y * width + end) * channels, channels) === fill)
        end += 1;
      if (fill !== BLACK) {
        paths.set(fill, `${paths.get(fill) ?? ''}M${x} ${y}h${end - x}v1h${x - end}z`);
      }
      x = end;
    }
  }
  const scale = coordinate(size / Math.max(height, width));
  const shapes = [...paths].map(([fill, path]) => `<path fill="${fill}" d="${path}"/>`);
  const ground = `<rect width="${width}" height="${height}" fill="#000"/>`;
  return `<g transform="scale(${scale})" shape-rendering="crispEdges">${ground}${shapes.join('')}</g>`;
}

const BLACK = 'rgb(0,0,0)';

/** A pixel's colour, of which the eye tells no more levels apart in pictures so small. */
function fillOf(pixels: Uint8Array, at: number, channels: number): string {
  const shown = Array.from({ length: 3 }, (_, c) => {
    const level = Math.round((pixels[at + Math.min(c, channels - 1)]! * (LEVELS - 1)) / 255);
    return Math.round((255 * level) / (LEVELS - 1));
  });
  return `rgb(${shown})`;
}
