import { coordinate, type Figure, label } from './markup.js';
import { ticksFor } from './ticks.js';

/** A line: its values by epoch, with null where there is none. */
export interface Series {
  readonly name: string;
  /** Chooses the colour. */
  readonly kind: 'accent' | 'second';
  readonly points: readonly { readonly epoch: number; readonly value: number | null }[];
}

const WIDTH = 520;
const HEIGHT = 280;
const MARGIN = { left: 52, right: 14, top: 34, bottom: 34 };

/**
 * Draws lines over epochs.
 *
 * @param format of a value on the axis
 * @param bounds what the axis shows at least and at most, where that is fixed
 */
export function lineChart(
  title: string,
  series: readonly Series[],
  format: (value: number) => string,
  bounds: { readonly lowest?: number; readonly highest?: number } = {},
): Figure {
  const lines = series
    .map((one) => ({ ...one, points: one.points.filter(isShown) }))
    .filter(({ points }) => points.length > 0);
  const values = lines.flatMap(({ points }) => points.map(({ value }) => value));
  const epochs = lines.flatMap(({ points }) => points.map(({ epoch }) => epoch));
  const { lowest = Math.min(...values), highest = Math.max(...values) } = bounds;
  const ticks = ticksFor(lowest, highest, 6).filter((tick) => tick <= (bounds.highest ?? tick));
  const [firstEpoch, lastEpoch] = [Math.min(...epochs), Math.max(...epochs)];
  const x = scale(firstEpoch, lastEpoch, MARGIN.left, WIDTH - MARGIN.right);
  const y = scale(ticks[0]!, Math.max(ticks.at(-1)!, highest), HEIGHT - MARGIN.bottom, MARGIN.top);
  const body = [
    ...ticks.map((tick) => gridLine(y(tick), format(tick))),
    ...ticksFor(firstEpoch, lastEpoch, 8)
      .filter((tick) => Number.isInteger(tick) && tick >= firstEpoch && tick <= lastEpoch)
      .map((tick) => label(String(tick), x(tick), HEIGHT - 12, { kind: 'q', anchor: 'middle' })),
    label('epoch', MARGIN.left - 8, HEIGHT - 12, { kind: 'q', anchor: 'end' }),
    ...lines.map((line) => drawLine(line, x, y)),
    legend(lines),
  ];
  return { width: WIDTH, height: HEIGHT, title, body: body.join('') };
}

export type Scale = (value: number) => number;

/** A value of an axis as a coordinate; values that are all one stand in the middle. */
export function scale(low: number, high: number, from: number, to: number): Scale {
  if (high === low) return () => (from + to) / 2;
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

function isShown(point: Series['points'][number]): point is { epoch: number; value: number } {
  return point.value !== null && Number.isFinite(point.value);
}

function gridLine(y: number, text: string): string {
  const line = `<path class="grid" d="M${MARGIN.left} ${coordinate(y)}H${WIDTH - MARGIN.right}"/>`;
  return line + label(text, MARGIN.left - 8, y + 4, { kind: 'q', anchor: 'end' });
}

function drawLine(
  { kind, points }: { kind: string; points: { epoch: number; value: number }[] },
  x: Scale,
  y: Scale,
): string {
  const places = points.map(
    ({ epoch, value }) => `${coordinate(x(epoch))} ${coordinate(y(value))}`,
  );
  const last = places.at(-1)!.split(' ');
  const dot = `<circle class="dot ${kind}" cx="${last[0]}" cy="${last[1]}" r="3.5"/>`;
  return `<path class="line ${kind}" d="M${places.join('L')}"/>${dot}`;
}

function legend(lines: readonly Series[]): string {
  let x = MARGIN.left;
  const parts = lines.map(({ name, kind }) => {
    const part = `<path class="line ${kind}" d="M${x} 14h18"/>${label(name, x + 24, 18)}`;
    x += 24 + 7 * name.length + 24;
    return part;
  });
  return parts.join('');
}
