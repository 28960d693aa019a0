import type { Point, Stroke } from './strokes.js';

/** Points of an arc, from one angle to another, in degrees clockwise from the right. */
function arc(x: number, y: number, radius: number, from: number, to: number): Point[] {
  const steps = 24;
  return Array.from({ length: steps + 1 }, (_, step) => {
    const angle = ((from + ((to - from) * step) / steps) * Math.PI) / 180;
    return { x: x + 1.12 * radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
  });
}

/** A three, for the network to read until somebody draws. */
export const EXAMPLE: readonly Stroke[] = [
  [...arc(67, 46, 21, -155, 90), ...arc(68, 91, 25, -90, 155)],
];
