import type { Mistake } from './find-mistakes.js';
import { clipped, coordinate, type Figure, label, placed } from './markup.js';
import { formatPercent, nameOfClass } from './report.js';

const TILE = { width: 112, height: 158, image: 96 };
const LONGEST_NAME = 7;
/** Grey levels of the small pictures; the eye tells no more apart there. */
const LEVELS = 16;

/** Draws samples that were mistaken, with what they are and what they were taken for. */
export function mistakesFigure(
  mistakes: readonly Mistake[],
  classNames: readonly string[] | null,
  columns: number,
): Figure {
  const tiles = mistakes.map((mistake, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const body = drawTile(mistake, classNames);
    return placed({ ...TILE, title: '', body }, column * TILE.width, row * TILE.height);
  });
  return {
    width: Math.min(columns, mistakes.length) * TILE.width,
    height: Math.ceil(mistakes.length / columns) * TILE.height,
    title: 'The mistakes that the network is surest of',
    body: tiles.join(''),
  };
}

function drawTile(
  { image, index, label: own, predicted, probability }: Mistake,
  classNames: readonly string[] | null,
): string {
  const [name, taken] = [own, predicted].map((one) =>
    clipped(nameOfClass(classNames, one), LONGEST_NAME),
  );
  return [
    image ? drawImage(image) : label(`sample ${index}`, 0, 60, { kind: 'q' }),
    label(`${name} → ${taken}`, 0, TILE.image + 20, { kind: 'b' }),
    label(`${formatPercent(probability, 1)} sure`, 0, TILE.image + 38, { kind: 'q' }),
  ].join('');
}

/** Pixels as shapes: one path for each grey, of the runs of pixels that have it. */
function drawImage({ height, width, pixels }: NonNullable<Mistake['image']>): string {
  const paths = new Map<number, string>();
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; ) {
      const level = levelOf(pixels[y * width + x]!);
      let end = x + 1;
      while (end < width && levelOf(pixels[y * width + end]!) === level) end += 1;
      if (level > 0) {
        paths.set(level, `${paths.get(level) ?? ''}M${x} ${y}h${end - x}v1h${x - end}z`);
      }
      x = end;
    }
  }
  const scale = coordinate(TILE.image / Math.max(height, width));
  const shapes = [...paths].map(([level, path]) => {
    const grey = Math.round((255 * level) / (LEVELS - 1));
    return `<path fill="rgb(${grey},${grey},${grey})" d="${path}"/>`;
  });
  const ground = `<rect width="${width}" height="${height}" fill="#000"/>`;
  return `<g transform="scale(${scale})" shape-rendering="crispEdges">${ground}${shapes.join('')}</g>`;
}

function levelOf(pixel: number): number {
  return Math.round((pixel * (LEVELS - 1)) / 255);
}
