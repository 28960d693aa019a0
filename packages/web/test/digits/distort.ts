import type { Stream } from '@bitgrad/core';
import { PAD_SIZE, PEN_RADIUS } from '../../src/views/draw/pad-size.js';
import type { Point, Stroke } from '../../src/views/draw/strokes.js';
import type { Way } from './trajectories.js';

/** A drawing as the page has it: strokes on the pad, and the pen that drew them. */
export interface Drawing {
  readonly strokes: readonly Stroke[];
  readonly penRadius: number;
}

/** How a way of writing is brought onto the pad. */
interface Distortion {
  /** The side of the trajectory's box, as a share of the pad's. */
  readonly size: number;
  /** How much wider than high. */
  readonly stretch: number;
  /** In degrees, clockwise. */
  readonly tilt: number;
  /** How far the top leans to the right, as a share of the height. */
  readonly slant: number;
  /** The standard deviation of each point's error, as a share of the trajectory's box. */
  readonly jitter: number;
  /** As a multiple of the page's pen. */
  readonly pen: number;
  /** Where the box's middle comes, as shares of the room there is: 0.5 is the middle of the pad. */
  readonly place: Point;
}

/** Evenly from `least` to `most`. */
const between = (stream: Stream, least: number, most: number): number =>
  least + (most - least) * stream.uniform();

/** Nobody writes twice the same: every drawing differs a little from its trajectory. */
const usual = (stream: Stream): Distortion => ({
  size: between(stream, 0.6, 0.75),
  stretch: between(stream, 0.85, 1.15),
  tilt: between(stream, -4, 4),
  slant: between(stream, -0.06, 0.06),
  jitter: 0.008,
  pen: 1,
  place: { x: between(stream, 0.3, 0.7), y: between(stream, 0.3, 0.7) },
});

/** Either way, never in between. */
const either = (stream: Stream, least: number, most: number): number =>
  between(stream, least, most) * (stream.below(2) === 0 ? -1 : 1);

/** What happens to drawings, by name; each is told of what is usual. */
export const DISTORTIONS: Readonly<Record<string, (stream: Stream) => Partial<Distortion>>> = {
  usual: () => ({}),
  'off-centre': (stream) => ({
    size: between(stream, 0.45, 0.55),
    place: { x: stream.below(2), y: between(stream, 0, 1) },
  }),
  thick: (stream) => ({ pen: between(stream, 1.4, 1.9) }),
  thin: (stream) => ({ pen: between(stream, 0.3, 0.6) }),
  small: (stream) => ({ size: between(stream, 0.28, 0.36) }),
  large: (stream) => ({ size: between(stream, 0.92, 1) }),
  tilted: (stream) => ({ tilt: either(stream, 10, 20) }),
  slanted: (stream) => ({ slant: either(stream, 0.15, 0.35) }),
  shaky: () => ({ jitter: 0.025 }),
  'all at once': (stream) => ({
    size: between(stream, 0.35, 0.9),
    tilt: between(stream, -15, 15),
    slant: between(stream, -0.15, 0.15),
    jitter: 0.015,
    pen: between(stream, 0.5, 1.5),
    place: { x: stream.uniform(), y: stream.uniform() },
  }),
};

/** Draws a way of writing with a distortion, as the stream says. */
export function drawDistorted({ strokes }: Way, name: string, stream: Stream): Drawing {
  const distortion: Distortion = { ...usual(stream), ...DISTORTIONS[name]!(stream) };
  const { size, stretch, tilt, slant, jitter, pen, place } = distortion;
  const side = size * PAD_SIZE;
  const turn = (tilt * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  const room = PAD_SIZE - side;
  const [left, top] = [place.x * room, place.y * room];
  const moved = ({ x, y }: Point): Point => {
    const [wobbledX, wobbledY] = [x + jitter * stream.normal(), y + jitter * stream.normal()];
    const downwards = wobbledY - 0.5;
    const across = (wobbledX - 0.5) * stretch - slant * downwards;
    return {
      x: left + side * (0.5 + cosine * across - sine * downwards),
      y: top + side * (0.5 + sine * across + cosine * downwards),
    };
  };
  return {
    strokes: strokes.map((stroke) => pointsOf(stroke).map(moved)),
    penRadius: PEN_RADIUS * pen,
  };
}

/** The points of a trajectory's stroke, in a box of 1×1. */
export function pointsOf(stroke: string): Point[] {
  return stroke.split(' ').map((pair) => {
    const [x, y] = pair.split(',');
    return { x: Number(x) / 100, y: Number(y) / 100 };
  });
}
