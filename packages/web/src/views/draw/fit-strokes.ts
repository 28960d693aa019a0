import { fitDigit } from '@bitgrad/formats/prepare';
import { PAD_SIZE, PEN_RADIUS } from './pad-size.js';
import { drawStrokes, type Point, type Stroke } from './strokes.js';

/** The length that a drawing's longer side is brought to before it is drawn: most are about that size. */
const USUAL_SIZE = 0.65 * PAD_SIZE;
/** What is smaller than this is a dot, and stays one. */
const SMALLEST = 8;

/**
 * Prepares a drawing for a network, as MNIST's digits were: see `fitDigit`. The lines are brought to
 * one size first and drawn then, so that the pen is as thick for a tiny digit as for a large one; the
 * loops of a tiny one would be filled by the pen that drew it.
 *
 * @param penRadius the pen's, for a digit of usual size
 * @returns `[28, 28]` bytes, or null where nothing is on the pad
 */
export function fitStrokes(
  strokes: readonly Stroke[],
  penRadius: number = PEN_RADIUS,
): Uint8Array | null {
  const seen = strokes.flatMap(onPad);
  const points = seen.flat();
  if (points.length === 0) return null;
  const [across, down] = [spanOf(points.map(({ x }) => x)), spanOf(points.map(({ y }) => y))];
  const longer = Math.max(across.length, down.length);
  const scale = longer < SMALLEST ? 1 : USUAL_SIZE / longer;
  const centred = ({ x, y }: Point): Point => ({
    x: PAD_SIZE / 2 + scale * (x - across.middle),
    y: PAD_SIZE / 2 + scale * (y - down.middle),
  });
  const lines = seen.map((stroke) => thinnedOut(stroke.map(centred)));
  return fitDigit(drawStrokes(lines, PAD_SIZE, penRadius));
}

/** Points that are nearer to each other than this change no image, and pens give hundreds of them. */
const NEAREST = 0.75;

function thinnedOut(points: readonly Point[]): Stroke {
  const kept: Point[] = [];
  for (const [index, point] of points.entries()) {
    const last = kept.at(-1);
    const isFar =
      last === undefined ||
      Math.max(Math.abs(point.x - last.x), Math.abs(point.y - last.y)) >= NEAREST;
    if (isFar || index === points.length - 1) kept.push(point);
  }
  return kept;
}

function spanOf(values: readonly number[]): { middle: number; length: number } {
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  return { middle: (least + most) / 2, length: most - least };
}

/** The parts of a stroke that are on the pad: a pen may leave it and come back. */
function onPad(stroke: Stroke): Stroke[] {
  const parts: Point[][] = [[]];
  for (const point of stroke) {
    const isOn = Math.min(point.x, point.y) >= 0 && Math.max(point.x, point.y) <= PAD_SIZE;
    if (isOn) parts.at(-1)!.push(point);
    else if (parts.at(-1)!.length > 0) parts.push([]);
  }
  return parts.filter(({ length }) => length > 0);
}
