import type { Mistake } from './find-mistakes.js';
import { clipped, type Figure, label, placed } from './markup.js';
import { drawPicture } from './picture.js';
import { formatPercent, nameOfClass } from './report.js';

const TILES_PER_ROW = 8;
const TILE_WIDTH = 112;
const IMAGE_SIZE = 96;
const LINE_HEIGHT = 18;
/** Letters that have room under an image. */
const LONGEST_LINE = 12;

/** Draws samples that were mistaken, with what they are and what they were taken for. */
export function mistakesFigure(
  mistakes: readonly Mistake[],
  classNames: readonly string[] | null,
): Figure {
  const captions = mistakes.map((mistake) => captionOf(mistake, classNames));
  // One line or two, but the same for all.
  const areShort = captions.every((names) => names.join(' ').length <= LONGEST_LINE);
  // Rows of tables have a number where an image would be.
  const top = mistakes.some(({ image }) => image) ? IMAGE_SIZE : LINE_HEIGHT;
  const height = top + LINE_HEIGHT * (areShort ? 2 : 3) + 26;
  const tiles = mistakes.map((mistake, index) => {
    const names = captions[index]!.map((name) => clipped(name, LONGEST_LINE));
    const body = drawTile(mistake, areShort ? [names.join(' ')] : names, top);
    const [column, row] = [index % TILES_PER_ROW, Math.floor(index / TILES_PER_ROW)];
    return placed(body, column * TILE_WIDTH, row * height);
  });
  return {
    width: Math.min(TILES_PER_ROW, mistakes.length) * TILE_WIDTH,
    height: Math.ceil(mistakes.length / TILES_PER_ROW) * height,
    title: 'The mistakes that the network is surest of',
    body: tiles.join(''),
  };
}

function captionOf(mistake: Mistake, classNames: readonly string[] | null): string[] {
  const [name, taken] = [mistake.label, mistake.predicted].map((index) =>
    nameOfClass(classNames, index),
  );
  return [name!, `→ ${taken}`];
}

/** @param top where the words below the image begin */
function drawTile(
  { image, index, probability }: Mistake,
  names: readonly string[],
  top: number,
): string {
  const lines = [
    ...names.map((text) => ({ text, kind: 'b' })),
    { text: `${formatPercent(probability, 1)} sure`, kind: 'q' },
  ];
  const below = (line: number): number => top + 2 + (line + 1) * LINE_HEIGHT;
  return [
    image ? drawPicture(image, IMAGE_SIZE) : label(`sample ${index}`, 0, top, { kind: 'q' }),
    ...lines.map(({ text, kind }, line) => label(text, 0, below(line), { kind })),
  ].join('');
}
