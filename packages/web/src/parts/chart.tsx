import { useEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import { tellError } from '../state/worker.js';
import { paintInterval } from './pace.js';
import { paint } from './theme.js';

interface ChartProps {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  /** A curve from before, to compare with. */
  readonly ghost?: { readonly xs: readonly number[]; readonly ys: readonly number[] } | null;
  /** The right end of the x axis. */
  readonly xMax: number;
  readonly yRange: (low: number, high: number) => [number, number];
  readonly format: (value: number) => string;
  /** In words, for those who do not see it. */
  readonly label: string;
  /** Distances between lines that may be taken. */
  readonly steps: readonly number[];
  readonly hasPoints?: boolean;
}

const HEIGHT = 220;
/** A curve that grows need not be drawn more often than this. */
const DRAW_MILLISECONDS = 200;
/** Nor is it ever further behind, however long painting takes: the end of a training is to be seen. */
const LATEST_MILLISECONDS = 1000;
/** Distances between marks on the x axis: whole epochs. */
const EPOCH_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];

/** A curve over epochs. */
export function Chart(props: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const { xs, ys, xMax, ghost, label } = props;
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const painted = paint.value;

  const [plotter, setPlotter] = useState<typeof uPlot | null>(null);
  const isWanted = xs.length > 0 || (ghost ?? null) !== null;

  useEffect(() => {
    // What draws curves is only fetched once there is one.
    if (isWanted) import('uplot').then((module) => setPlotter(() => module.default), tellError);
  }, [isWanted]);

  useEffect(() => {
    if (plotter === null) return;
    const element = box.current!;
    const data = dataOf(latest.current, plotter);
    const made = new plotter(options(element.clientWidth, latest), data, element);
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [painted, plotter]);

  useEffect(() => {
    waiting.current ??= setTimeout(
      () => {
        waiting.current = undefined;
        if (plotter) plot.current?.setData(dataOf(latest.current, plotter));
      },
      Math.min(LATEST_MILLISECONDS, Math.max(DRAW_MILLISECONDS, 2 * paintInterval())),
    );
  }, [xs, ys, xMax, ghost, plotter]);
  useEffect(() => () => clearTimeout(waiting.current), []);

  return <div ref={box} class="chart" role="img" aria-label={label} />;
}

/** Both curves on the places of either. */
function dataOf({ xs, ys, ghost, xMax }: ChartProps, plotter: typeof uPlot): uPlot.AlignedData {
  const own: uPlot.AlignedData = [xs as number[], ys as number[]];
  const places = ghost?.xs.filter((x) => x <= xMax) ?? [];
  const other: uPlot.AlignedData = [places, ghost?.ys.slice(0, places.length) ?? []];
  return plotter.join([own, other]);
}

function options(width: number, latest: { readonly current: ChartProps }): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colour('quiet'),
    font: '12px "Geist Mono Variable", ui-monospace, monospace',
    ticks: { show: false },
    gap: 6,
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    // Half of the last mark's width stands beyond the curve's end.
    padding: [12, 16, 0, 0],
    scales: {
      x: { time: false, range: () => [0, latest.current.xMax] },
      y: {
        range: (_, low, high) =>
          Number.isFinite(low) && low !== null ? latest.current.yRange(low, high) : [0, 1],
      },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 34,
        gap: 10,
        space: 70,
        incrs: EPOCH_STEPS,
        values: (_, splits) => splits.map((epoch) => (epoch === 0 ? 'epoch 0' : String(epoch))),
      },
      {
        ...axis,
        grid: { stroke: colour('line'), width: 1 },
        size: 58,
        space: 40,
        incrs: latest.current.steps as number[],
        values: (_, splits) => splits.map((split) => latest.current.format(split)),
      },
    ],
    series: [
      {},
      {
        stroke: colour('accent'),
        width: 2,
        points: {
          show: latest.current.hasPoints ?? false,
          size: 5,
          fill: colour('accent'),
        },
        spanGaps: true,
      },
      { stroke: colour('edge'), width: 1.5, dash: [4, 4], points: { show: false }, spanGaps: true },
    ],
  };
}
