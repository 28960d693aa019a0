import { useState } from 'preact/hooks';
import { decimal } from '../../../parts/format.js';
import type { HandStep } from '../../../worker/protocol.js';
import { handCurve, handWeight } from './hand-state.js';
import { valueAt } from './loss-curve.js';

const WIDTH = 600;
const HEIGHT = 240;

/** One weight to drag: the loss along it, and its gradient as the tangent. */
export function WeightCurve({ step }: { readonly step: HandStep }) {
  const { weights, weightGradients, outputs } = step.numbers;
  const width = outputs.at(-1)!.length;
  const units = weights.at(-1)!.length / width;
  const place = handWeight.value ?? { from: 0, to: 0 };
  const isNeurons = step.downhill.layers.at(-2)?.units === units;
  const source = weights.length === 1 ? 'pixel' : isNeurons ? 'neuron' : 'place';
  const at = Math.min(units - 1, place.from) * width + place.to;
  const [now, gradient] = [weights.at(-1)![at]!, weightGradients.at(-1)![at]!];
  const [dragged, setDragged] = useState<{ at: number; step: HandStep; value: number } | null>(
    null,
  );
  const value = dragged?.at === at && dragged.step === step ? dragged.value : now;
  const curve = handCurve.value;
  const choose = (next: Partial<typeof place>) => {
    handWeight.value = { ...place, ...next };
  };
  return (
    <section class="hand-weight" aria-labelledby="hand-weight-title">
      <h2 id="hand-weight-title">Take hold of one weight</h2>
      <p class="large">
        From {source} {place.from} to output {place.to}. The gradient is the slope of the loss where
        the weight stands, the dashed line; it says which way is down, and nothing about how far.
      </p>
      <div class="hand-choice">
        <label class="choose">
          <span>{{ pixel: 'Pixel', neuron: 'Neuron', place: 'Place' }[source]}</span>
          <input
            type="range"
            min={0}
            max={units - 1}
            value={place.from}
            onInput={(event) => choose({ from: Number(event.currentTarget.value) })}
          />
          <output>{place.from}</output>
        </label>
        <label class="choose">
          <span>Output</span>
          <input
            type="range"
            min={0}
            max={width - 1}
            value={place.to}
            onInput={(event) => choose({ to: Number(event.currentTarget.value) })}
          />
          <output>{place.to}</output>
        </label>
      </div>
      {curve && <Plot {...curve} now={now} gradient={gradient} value={value} />}
      {curve && (
        <>
          <label class="choose wide">
            <span>Weight</span>
            <input
              type="range"
              min={curve.values[0]}
              max={curve.values.at(-1)}
              step="any"
              value={value}
              aria-valuetext={`${decimal(value, 3)}, loss ${decimal(valueAt(curve, value), 3)}`}
              onInput={(event) =>
                setDragged({ at, step, value: Number(event.currentTarget.value) })
              }
            />
            <output>{decimal(value, 3)}</output>
          </label>
          <p class="equation" role="status">
            loss {decimal(valueAt(curve, now), 4)} → {decimal(valueAt(curve, value), 4)}
          </p>
        </>
      )}
    </section>
  );
}

interface PlotProps {
  readonly values: Float32Array;
  readonly losses: Float32Array;
  readonly now: number;
  readonly gradient: number;
  readonly value: number;
}

function Plot({ values, losses, now, gradient, value }: PlotProps) {
  const [left, right] = [values[0]!, values.at(-1)!];
  const top = losses.reduce((a, b) => Math.max(a, b)) * 1.1 + 1e-3;
  const x = (weight: number) => ((weight - left) / (right - left)) * WIDTH;
  const y = (loss: number) => HEIGHT - (loss / top) * HEIGHT;
  const path = Array.from(values, (weight, at) => {
    const [px, py] = [x(weight), y(losses[at]!)];
    return `${at === 0 ? 'M' : 'L'}${px.toFixed(1)} ${py.toFixed(1)}`;
  }).join('');
  const curve = { values, losses };
  const here = valueAt(curve, now);
  const tangent = (weight: number) => y(here + gradient * (weight - now));
  return (
    <figure class="curve hand-plot">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`The loss along the weight, with slope ${decimal(gradient, 4)} at ${decimal(now, 3)}`}
      >
        <line x1={x(now)} x2={x(now)} y1="0" y2={HEIGHT} class="axis" />
        <line x1="0" x2={WIDTH} y1={tangent(left)} y2={tangent(right)} class="slope" />
        <path d={path} class="value" />
        <circle cx={x(value)} cy={y(valueAt(curve, value))} r="8" class="dot" />
      </svg>
      <figcaption class="hint">
        Slope {decimal(gradient, 4)} where the weight is {decimal(now, 3)}.
      </figcaption>
    </figure>
  );
}
