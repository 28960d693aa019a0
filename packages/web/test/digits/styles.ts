import type { Stream } from '@bitgrad/core';
import { PAD_SIZE, PEN_RADIUS } from '../../src/views/draw/pad-size.js';
import type { Point, Stroke } from '../../src/views/draw/strokes.js';
import { pointsOf } from './distort.js';
import { TRAJECTORIES } from './trajectories.js';

/**
 * Drawings in the styles that hands differ in, made anew from a stream. Each is one digit; half of the
 * styles are ways of writing, drawn here from their proportions, the others are what may happen to any digit.
 */

export interface StyledDrawing {
  readonly digit: number;
  readonly strokes: readonly Stroke[];
  readonly penRadius: number;
}

/** Strokes in a box of 1×1, y downwards. */
type Shape = readonly (readonly Point[])[];

/** How a shape is brought onto the pad. */
interface Placing {
  /** The side of the shape's box, as a share of the pad's. */
  readonly size: number;
  /** How much wider than high. */
  readonly stretch: number;
  /** In degrees, clockwise. */
  readonly tilt: number;
  /** The box's middle, as a share of the room that is left. */
  readonly place: Point;
}

const between = (stream: Stream, least: number, most: number): number =>
  least + (most - least) * stream.uniform();
const point = (x: number, y: number): Point => ({ x, y });

/** Points along an ellipse, from one angle to another, in turns clockwise from the top. */
function arc(middle: Point, width: number, height: number, from: number, to: number): Point[] {
  const steps = 22;
  return Array.from({ length: steps + 1 }, (_, step) => {
    const turn = 2 * Math.PI * (from + ((to - from) * step) / steps);
    return point(middle.x + width * Math.sin(turn), middle.y - height * Math.cos(turn));
  });
}

/** The ways of writing: a shape of the digit, different each time. */
const SHAPES: Readonly<Record<string, { digit: number; draw: (stream: Stream) => Shape }>> = {
  'crossed 7': {
    digit: 7,
    draw: (stream) => {
      const foot = between(stream, 0.35, 0.6);
      const right = between(stream, 0.72, 0.85);
      const top = between(stream, 0.06, 0.14);
      const cross = between(stream, 0.45, 0.6);
      const middle = right + ((foot - right) * (cross - top)) / (0.94 - top);
      const [left, reach] = [between(stream, 0.14, 0.24), between(stream, 0.14, 0.22)];
      const lean = between(stream, -0.04, 0.02);
      return [
        [point(left, top), point(right, top + between(stream, -0.04, 0.03)), point(foot, 0.94)],
        [point(middle - reach, cross - lean), point(middle + reach, cross + lean)],
      ];
    },
  },
  'open 4': {
    digit: 4,
    draw: (stream) => {
      const bar = between(stream, 0.5, 0.64);
      const left = between(stream, 0.18, 0.28);
      const stem = between(stream, 0.62, 0.72);
      const top = between(stream, 0.06, 0.16);
      const arm = [point(left + between(stream, 0, 0.1), top), point(left, bar)];
      return [
        [...arm, point(stem + between(stream, 0.08, 0.2), bar + between(stream, -0.04, 0.02))],
        [point(stem + between(stream, 0, 0.05), top), point(stem - between(stream, 0, 0.06), 0.94)],
      ];
    },
  },
  'closed 4': {
    digit: 4,
    draw: (stream) => {
      const bar = between(stream, 0.58, 0.7);
      const [peak, left] = [between(stream, 0.56, 0.68), between(stream, 0.12, 0.22)];
      return [
        [point(peak, 0.06), point(left, bar), point(between(stream, 0.8, 0.9), bar)],
        [point(peak, 0.06), point(peak + between(stream, -0.03, 0.02), 0.95)],
      ];
    },
  },
  '1 with upstroke': {
    digit: 1,
    draw: (stream) => {
      const stem = between(stream, 0.52, 0.66);
      const reach = between(stream, 0.16, 0.36);
      const rise = reach * between(stream, 0.8, 1.5);
      const lean = between(stream, -0.02, 0.06);
      return [[point(stem - reach, 0.06 + rise), point(stem, 0.06), point(stem - lean, 0.95)]];
    },
  },
  '1 with upstroke and foot': {
    digit: 1,
    draw: (stream) => {
      const stem = between(stream, 0.46, 0.56);
      const reach = between(stream, 0.12, 0.28);
      const rise = reach * between(stream, 0.8, 1.5);
      const foot = between(stream, 0.14, 0.24);
      return [
        [point(stem - reach, 0.06 + rise), point(stem, 0.06), point(stem, 0.93)],
        [point(stem - foot, 0.94), point(stem + foot, 0.93)],
      ];
    },
  },
  'slashed 0': {
    digit: 0,
    draw: (stream) => {
      const [width, height] = [between(stream, 0.26, 0.36), between(stream, 0.4, 0.45)];
      const out = between(stream, 0.62, 1.08);
      const across = out * width * between(stream, 0.62, 0.8);
      const along = out * height * between(stream, 0.62, 0.8);
      const begin = between(stream, -0.05, 0.1);
      return [
        arc(point(0.5, 0.5), width, height, -begin, -begin - 1),
        [point(0.5 + across, 0.5 - along), point(0.5 - across, 0.5 + along)],
      ];
    },
  },
};

/** What may happen to any digit: how it is placed, and with which pen. */
const TREATMENTS: Readonly<
  Record<string, (stream: Stream) => Partial<Placing> & { pen?: number }>
> = {
  thick: (stream) => ({ pen: between(stream, 1.4, 2) }),
  thin: (stream) => ({ pen: between(stream, 0.3, 0.5) }),
  narrow: (stream) => ({ stretch: between(stream, 0.5, 0.7) }),
  wide: (stream) => ({ size: 0.5, stretch: between(stream, 1.4, 1.7) }),
  'turned 20°': (stream) => ({ tilt: stream.below(2) === 0 ? 20 : -20 }),
  'tiny in a corner': (stream) => ({
    size: between(stream, 0.14, 0.22),
    place: point(stream.below(2), stream.below(2)),
  }),
};

export const STYLES: readonly string[] = [...Object.keys(SHAPES), ...Object.keys(TREATMENTS)];

/** Draws `count` digits in a style. */
export function drawStyle(style: string, stream: Stream, count: number): StyledDrawing[] {
  const shape = SHAPES[style];
  const treatment = TREATMENTS[style];
  return Array.from({ length: count }, (_, at) => {
    const digit = shape?.digit ?? at % 10;
    const drawn = shape?.draw(stream) ?? anyWay(digit, stream);
    const { pen = 1, ...placing } = treatment?.(stream) ?? {};
    const usual: Placing = {
      size: between(stream, 0.55, 0.75),
      stretch: between(stream, 0.9, 1.1),
      tilt: between(stream, -4, 4),
      place: point(between(stream, 0.3, 0.7), between(stream, 0.3, 0.7)),
    };
    return {
      digit,
      strokes: placed(drawn, { ...usual, ...placing }, stream),
      penRadius: PEN_RADIUS * pen,
    };
  });
}

function anyWay(digit: number, stream: Stream): Shape {
  const ways = TRAJECTORIES[digit]!;
  return ways[stream.below(ways.length)]!.strokes.map(pointsOf);
}

/** A hand's points err by this much, as a share of the box. */
const JITTER = 0.008;

function placed(shape: Shape, { size, stretch, tilt, place }: Placing, stream: Stream): Stroke[] {
  const side = size * PAD_SIZE;
  const turn = (tilt * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  const left = place.x * (PAD_SIZE - side);
  const top = place.y * (PAD_SIZE - side);
  return shape.map((stroke) =>
    stroke.map(({ x, y }) => {
      const across = (x + JITTER * stream.normal() - 0.5) * stretch;
      const down = y + JITTER * stream.normal() - 0.5;
      return {
        x: left + side * (0.5 + cosine * across - sine * down),
        y: top + side * (0.5 + sine * across + cosine * down),
      };
    }),
  );
}
