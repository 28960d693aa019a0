import { decimal } from '../../parts/format.js';
import { largest } from '../../parts/pixels.js';

/** Values that may be below 0, as bars to the left and right of a middle line. */
export function SignedBars({ values, label }: { values: Float32Array; label: string }) {
  const scale = largest(values);
  return (
    <ol class="signed-bars" aria-label={label}>
      {Array.from(values, (value, at) => (
        <li key={at}>
          <b>{at}</b>
          <span class={value < 0 ? 'track below' : 'track'}>
            <span class="track-fill" style={{ transform: `scaleX(${Math.abs(value) / scale})` }} />
          </span>
          <span class="number">{decimal(value, 5)}</span>
        </li>
      ))}
    </ol>
  );
}
