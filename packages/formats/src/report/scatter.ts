import { scale } from './line-chart.js';
import { clipped, coordinate, type Figure, label } from './markup.js';
import type { NumberResult } from './number-results.js';
import { ticksFor } from './ticks.js';

const WIDTH = 520;
const HEIGHT = 380;
const MARGIN = { left: 84, right: 36, top: 14, bottom: 46 };
/** More dots hide each other, and make the file large. */
const MOST_DOTS = 1000;
const LONGEST_NAME = 24;

interface Axes {
  readonly title: string;
  readonly across: string;
  readonly up: string;
  /** A line to compare the dots with: both coordinates alike, or nothing up. */
  readonly line: 'equal' | 'zero';
}

/** Each sample's prediction over its true number; on the line they are equal. */
export function predictedFigure({ name, truth, predicted }: NumberResult): Figure {
  return scatter(truth, predicted, {
    title: `Predicted against true ${clipped(name, LONGEST_NAME)}`,
    across: `true ${clipped(name, LONGEST_NAME)}`,
    up: 'predicted',
    line: 'equal',
  });
}

/** What each prediction lacks of the true number: what is left where the model is right is noise around 0. */
export function residualsFigure({ name, truth, predicted }: NumberResult): Figure {
  const residuals = truth.map((value, at) => value - predicted[at]!);
  return scatter(predicted, residuals, {
    title: `Residuals of ${clipped(name, LONGEST_NAME)}`,
    across: `predicted ${clipped(name, LONGEST_NAME)}`,
    up: 'true − predicted',
    line: 'zero',
  });
}

function scatter(across: Float64Array, up: Float64Array, axes: Axes): Figure {
  const step = Math.max(1, Math.ceil(across.length / MOST_DOTS));
  const isShown = (_: number, at: number): boolean => at % step === 0;
  const [xs, ys] = [across.filter(isShown), up.filter(isShown)];
  const isEqual = axes.line === 'equal';
  const xTicks = isEqual ? ticksOf([...xs, ...ys]) : ticksOf(xs);
  const yTicks = isEqual ? xTicks : ticksOf([...ys, 0]);
  const x = scale(xTicks[0]!, xTicks.at(-1)!, MARGIN.left, WIDTH - MARGIN.right);
  const y = scale(yTicks[0]!, yTicks.at(-1)!, HEIGHT - MARGIN.bottom, MARGIN.top);
  const line = isEqual
    ? `M${coordinate(x(xTicks[0]!))} ${coordinate(y(yTicks[0]!))}L${coordinate(x(xTicks.at(-1)!))} ${coordinate(y(yTicks.at(-1)!))}`
    : `M${MARGIN.left} ${coordinate(y(0))}H${WIDTH - MARGIN.right}`;
  const dots = Array.from(
    xs,
    (value, at) => `<circle cx="${coordinate(x(value))}" cy="${coordinate(y(ys[at]!))}" r="3"/>`,
  );
  const body = [
    ...yTicks.map((tick) => {
      const grid = `<path class="grid" d="M${MARGIN.left} ${coordinate(y(tick))}H${WIDTH - MARGIN.right}"/>`;
      return grid + label(String(tick), MARGIN.left - 8, y(tick) + 4, { kind: 'q', anchor: 'end' });
    }),
    ...xTicks.map((tick) =>
      label(String(tick), x(tick), HEIGHT - 26, { kind: 'q', anchor: 'middle' }),
    ),
    label(axes.across, WIDTH - MARGIN.right, HEIGHT - 8, { kind: 'q', anchor: 'end' }),
    label(`↑ ${axes.up}`, MARGIN.left + 6, MARGIN.top + 12, { kind: 'q' }),
    `<path class="line second" d="${line}"/>`,
    `<g class="dots">${dots.join('')}</g>`,
  ];
  return { width: WIDTH, height: HEIGHT, title: axes.title, body: body.join('') };
}

function ticksOf(values: ArrayLike<number>): number[] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < values.length; at += 1) {
    low = Math.min(low, values[at]!);
    high = Math.max(high, values[at]!);
  }
  return ticksFor(low, high, 6);
}
