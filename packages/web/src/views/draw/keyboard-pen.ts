import { PAD_SIZE } from './pad-size.js';
import type { Point } from './strokes.js';

/** A pen that the keyboard moves. */
export interface KeyboardPen {
  readonly point: Point;
  readonly isDown: boolean;
}

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * What a key does with the pen: arrows move it, space puts it down or lifts it.
 *
 * @param isFine whether the pen moves by small steps
 * @returns null for any other key
 */
export function moveByKey(pen: KeyboardPen, key: string, isFine: boolean): KeyboardPen | null {
  if (key === ' ') return { ...pen, isDown: !pen.isDown };
  const direction = DIRECTIONS[key];
  if (direction === undefined) return null;
  const distance = isFine ? 2 : 7;
  const within = (value: number) => Math.min(PAD_SIZE - 6, Math.max(6, value));
  return {
    ...pen,
    point: {
      x: within(pen.point.x + direction[0] * distance),
      y: within(pen.point.y + direction[1] * distance),
    },
  };
}
