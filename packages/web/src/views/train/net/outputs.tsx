import { percent } from '../../../parts/format.js';
import type { Trace } from '../../../worker/protocol.js';
import { isLit, lit } from './lit.js';

/** The ten outputs, each with the probability that it gives the image. */
export function Outputs({
  layer,
  trace,
}: {
  readonly layer: number;
  readonly trace: Trace | null;
}) {
  const probabilities = trace?.probabilities;
  const best = probabilities?.indexOf(probabilities.reduce((a, b) => Math.max(a, b))) ?? -1;
  return (
    <ol class="net-outputs" aria-label="Probability of each digit" data-layer={layer}>
      {Array.from({ length: 10 }, (_, digit) => {
        const probability = probabilities?.[digit] ?? 0;
        const isHere = isLit({ layer, unit: digit });
        return (
          <li
            key={digit}
            class={`${digit === best ? 'best' : ''} ${isHere ? 'lit' : ''}`}
            style={{ '--p': probability }}
            onPointerEnter={() => {
              lit.value = { layer, unit: digit };
            }}
            onPointerLeave={() => {
              lit.value = null;
            }}
          >
            <b>{digit}</b>
            <span class="net-bar" />
            <span class="hidden-visually">{percent(probability, 0)}</span>
          </li>
        );
      })}
    </ol>
  );
}
