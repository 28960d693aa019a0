import { PAD_SIZE } from './pad-size.js';
import type { Point, Stroke } from './strokes.js';

/** The parts of a stroke that are on the pad, cut at its edges: a pen may leave it and come back. */
export function onPad(stroke: Stroke): Stroke[] {
  const parts: Point[][] = [];
  for (const [index, point] of stroke.entries()) {
    const seen = seenOf(stroke[Math.max(0, index - 1)]!, point);
    if (seen === null) continue;
    const [from, to] = seen;
    const last = parts.at(-1)?.at(-1);
    if (last?.x === from.x && last.y === from.y) parts.at(-1)!.push(to);
    else parts.push([from, to]);
  }
  return parts;
}

/**
 * The part of a line that is on the pad, or null where none is (Liang and Barsky: A new concept and
 * method for line clipping, 1984).
 */
function seenOf(from: Point, to: Point): [Point, Point] | null {
  let [begin, end] = [0, 1];
  for (const axis of ['x', 'y'] as const) {
    const [start, along] = [from[axis], to[axis] - from[axis]];
    if (along === 0) {
      if (start < 0 || start > PAD_SIZE) return null;
      continue;
    }
    const edges = [-start / along, (PAD_SIZE - start) / along] as const;
    begin = Math.max(begin, Math.min(...edges));
    end = Math.min(end, Math.max(...edges));
  }
  if (begin > end) return null;
  const at = (share: number): Point => ({
    x: from.x + share * (to.x - from.x),
    y: from.y + share * (to.y - from.y),
  });
  return [begin === 0 ? from : at(begin), end === 1 ? to : at(end)];
}
