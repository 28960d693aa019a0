import type { Curve } from './curves.js';

const WIDTH = 280;
const HEIGHT = 180;
/** The plot goes from −REACH to REACH. */
const REACH = 5;
const STEPS = 200;

/** A function and, dashed, its derivative. */
export function CurvePlot({ curve }: { readonly curve: Curve }) {
  const { name, value, slope, range } = curve;
  const [bottom, top] = range;
  const x = (v: number) => ((v + REACH) / (2 * REACH)) * WIDTH;
  const y = (v: number) => HEIGHT - ((v - bottom) / (top - bottom)) * HEIGHT;
  const path = (of: (v: number) => number) =>
    Array.from({ length: STEPS + 1 }, (_, step) => {
      const v = -REACH + (2 * REACH * step) / STEPS;
      const place = Math.min(HEIGHT + 20, Math.max(-20, y(of(v))));
      return `${step === 0 ? 'M' : 'L'}${x(v).toFixed(1)} ${place.toFixed(1)}`;
    }).join('');
  return (
    <figure class="curve">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${name} from minus 5 to 5, with its derivative dashed`}
      >
        <line x1="0" x2={WIDTH} y1={y(0)} y2={y(0)} class="axis" />
        <line x1={x(0)} x2={x(0)} y1="0" y2={HEIGHT} class="axis" />
        <path d={path(slope)} class="slope" />
        <path d={path(value)} class="value" />
      </svg>
    </figure>
  );
}
