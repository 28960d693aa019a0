import { PAD_SIZE } from '../views/draw/pad-size.js';
import type { Point, Stroke } from '../views/draw/strokes.js';

/** The places along each axis that a link tells apart: more than can be seen. */
const PLACES = 256;
/** Points nearer than this to the last one are left out, so that a drawing fits into a link. */
const NEAREST = 2.5;
/** As many points as a link holds. */
const MOST_POINTS = 400;
/** Stands between two strokes: no place is written so. */
const LIFT = 255;

/** A drawing as a short text that may stand in a link: two bytes a point, in base64url. */
export function encodeDrawing(strokes: readonly Stroke[]): string {
  const bytes: number[] = [];
  let left = MOST_POINTS;
  for (const stroke of strokes) {
    const points = spaced(stroke).slice(0, left);
    left -= points.length;
    if (bytes.length > 0 && points.length > 0) bytes.push(LIFT);
    for (const { x, y } of points) bytes.push(place(x), place(y));
  }
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Reads such a text; null where it is none. */
export function decodeDrawing(text: string): Stroke[] | null {
  if (!/^[\w-]{2,1200}$/.test(text)) return null;
  let bytes: number[];
  try {
    const decoded = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    bytes = [...decoded].map((character) => character.charCodeAt(0));
  } catch {
    return null;
  }
  const strokes: Point[][] = [[]];
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] === LIFT) {
      strokes.push([]);
      at += 1;
    } else {
      const [x, y] = [bytes[at]!, bytes[at + 1]];
      if (y === undefined || y === LIFT) return null;
      strokes.at(-1)!.push({ x: coordinate(x), y: coordinate(y) });
      at += 2;
    }
  }
  const drawn = strokes.filter(({ length }) => length > 0);
  return drawn.length > 0 ? drawn : null;
}

function spaced(stroke: Stroke): Point[] {
  const kept: Point[] = [];
  for (const [at, point] of stroke.entries()) {
    const last = kept.at(-1);
    const distance = last ? Math.hypot(point.x - last.x, point.y - last.y) : NEAREST;
    if (distance >= NEAREST || at === stroke.length - 1) kept.push(point);
  }
  return kept;
}

function place(value: number): number {
  const at = Math.round((value / PAD_SIZE) * (PLACES - 2));
  return Math.min(LIFT - 1, Math.max(0, at));
}

function coordinate(byte: number): number {
  return (byte / (PLACES - 2)) * PAD_SIZE;
}
