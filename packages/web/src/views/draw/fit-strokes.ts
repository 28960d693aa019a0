import { fitDigit } from '@bitgrad/formats/prepare';
import { cutSlash } from './cut-slash.js';
import { onPad } from './on-pad.js';
import { PAD_SIZE, PEN_RADIUS } from './pad-size.js';
import { drawStrokes, type Point, type Stroke, spanOf } from './strokes.js';

/** The length that a drawing's longer side is brought to before it is drawn: most are about that size. */
const USUAL_SIZE = 0.65 * PAD_SIZE;
/** What is smaller than this is a dot, and stays one. */
const SMALLEST = 8;
/**
 * How far drawings are turned to the left, in degrees. Networks that learned from MNIST read digits that
 * are turned to the left better than those turned to the right, where the upstroke of a 1 becomes the bar
 * of a 7: this brings upright digits to the middle between the two.
 */
const TURN = 6;
const [COSINE, SINE] = [Math.cos((TURN * Math.PI) / 180), Math.sin((TURN * Math.PI) / 180)];

/**
 * Prepares a drawing for a network, as MNIST's digits were: see `fitDigit`. The lines are brought to
 * one size first and drawn then, so that the pen is as thick for a tiny digit as for a large one; the
 * loops of a tiny one would be filled by the pen that drew it. They are turned a little, too, and
 * what sticks out of a slashed 0 is cut off.
 *
 * @param penRadius the pen's, for a digit of usual size
 * @returns `[28, 28]` bytes, or null where nothing is on the pad
 */
export function fitStrokes(
  strokes: readonly Stroke[],
  penRadius: number = PEN_RADIUS,
): Uint8Array | null {
  const seen = cutSlash(strokes)
    .flatMap(onPad)
    .map((stroke) => stroke.map(turned));
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

function turned({ x, y }: Point): Point {
  return { x: COSINE * x + SINE * y, y: COSINE * y - SINE * x };
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
