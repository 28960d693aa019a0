import { type Point, type Stroke, spanOf } from './strokes.js';

/** Start and end of a loop are nearer than this part of its longer side. */
const LARGEST_GAP = 0.3;
/** The part of its box that a loop surrounds at least; an 8 surrounds itself in both directions. */
const LEAST_FILLED = 0.45;
/** How much longer than straight from end to end a slash may be. */
const MOST_BENT = 1.2;
/** How far a slash may miss the loop's middle, in longer sides, and the part of its diameter that it covers. */
const [FARTHEST, LEAST_COVERED] = [0.15, 0.7];
/** The ends are looked for in steps of so many pixels of the pad. */
const STEP = 1;

/**
 * Cuts off what sticks out of the loop that a line goes through: the 0 of those who tell it from an O. No
 * zero of MNIST has one, and with one that reaches far out it is read as an 8. Stems of a 9 or a closed 4
 * pass by the side of their loops and stay.
 */
export function cutSlash(strokes: readonly Stroke[]): readonly Stroke[] {
  const loop = strokes.find(isLoop);
  if (loop === undefined) return strokes;
  return strokes.map((stroke) =>
    stroke !== loop && isSlash(stroke, loop) ? within(stroke, loop) : stroke,
  );
}

function isLoop(stroke: Stroke): boolean {
  const [start, end] = [stroke[0], stroke.at(-1)];
  if (start === undefined || end === undefined) return false;
  const { width, height } = boxOf(stroke);
  const isClosed = distance(start, end) <= LARGEST_GAP * Math.max(width, height);
  return isClosed && Math.abs(areaOf(stroke)) >= LEAST_FILLED * width * height && width > 0;
}

function isSlash(stroke: Stroke, loop: Stroke): boolean {
  const [start, end] = [stroke[0], stroke.at(-1)];
  if (start === undefined || end === undefined) return false;
  const length = distance(start, end);
  if (length === 0 || lengthOf(stroke) > MOST_BENT * length) return false;
  const direction = { x: (end.x - start.x) / length, y: (end.y - start.y) / length };
  const { middle, width, height } = boxOf(loop);
  const missed = direction.x * (middle.y - start.y) - direction.y * (middle.x - start.x);
  if (Math.abs(missed) > FARTHEST * Math.max(width, height)) return false;
  const { length: diameter } = spanOf(loop.map(({ x, y }) => x * direction.x + y * direction.y));
  const inner = within(stroke, loop);
  return inner.length > 1 && distance(inner[0]!, inner.at(-1)!) >= LEAST_COVERED * diameter;
}

/** The stroke's points, close to each other, that the loop surrounds. */
function within(stroke: Stroke, loop: Stroke): Stroke {
  return closely(stroke).filter((point) => surrounds(loop, point));
}

function closely(stroke: Stroke): Stroke {
  return stroke.flatMap((point, index) => {
    const before = stroke[index - 1];
    if (before === undefined) return [point];
    const steps = Math.max(1, Math.ceil(distance(before, point) / STEP));
    return Array.from({ length: steps }, (_, step) => {
      const part = (step + 1) / steps;
      return {
        x: before.x + part * (point.x - before.x),
        y: before.y + part * (point.y - before.y),
      };
    });
  });
}

/** Whether a line from the point to the right crosses the loop's an odd number of times. */
function surrounds(loop: Stroke, { x, y }: Point): boolean {
  let isInside = false;
  for (const [index, a] of loop.entries()) {
    const b = loop.at(index - 1)!;
    if (a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) {
      isInside = !isInside;
    }
  }
  return isInside;
}

/** Positive or negative by the direction it was drawn in. */
function areaOf(loop: Stroke): number {
  return loop.reduce((sum, a, index) => {
    const b = loop.at(index - 1)!;
    return sum + (b.x * a.y - a.x * b.y) / 2;
  }, 0);
}

function boxOf(stroke: Stroke): { middle: Point; width: number; height: number } {
  const [across, down] = [spanOf(stroke.map(({ x }) => x)), spanOf(stroke.map(({ y }) => y))];
  const middle = { x: across.middle, y: down.middle };
  return { middle, width: across.length, height: down.length };
}

function lengthOf(stroke: Stroke): number {
  return stroke.reduce((sum, point, index) => {
    const before = stroke[index - 1];
    return before === undefined ? sum : sum + distance(before, point);
  }, 0);
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
