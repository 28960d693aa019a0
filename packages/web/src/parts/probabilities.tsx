import { percent } from './format.js';

/** The probability of each digit, as bars; the greatest in colour. */
export function Probabilities({ values }: { readonly values: Float32Array | null }) {
  const best = values ? values.indexOf(values.reduce((a, b) => Math.max(a, b))) : -1;
  return (
    <ol class="probabilities" aria-label="Probability of each digit">
      {Array.from({ length: 10 }, (_, digit) => {
        const value = values?.[digit] ?? 0;
        return (
          <li key={digit} class={digit === best ? 'best' : ''}>
            <b class="digit">{digit}</b>
            <span class="bar-track">
              <span class="bar-fill" style={{ transform: `scaleX(${value})` }} />
            </span>
            <span class="number">{values ? percent(value, 1) : ''}</span>
          </li>
        );
      })}
    </ol>
  );
}
