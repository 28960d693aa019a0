import { useId } from 'preact/hooks';
import { grouped, percent } from '../../parts/format.js';
import { viewMoment } from '../../state/actions.js';
import { moments, viewedStep } from '../../state/store.js';

/** Goes back to the moments whose weights were kept, from before the first step until now. */
export function Timeline() {
  const id = useId();
  const kept = moments.value;
  const step = viewedStep.value;
  const last = Math.max(1, kept.length - 1);
  const found = kept.findIndex((moment) => moment.step === step);
  const at = found < 0 ? last : found;
  const moment = kept[at];
  const view = (next: number) => viewMoment(next >= last ? null : kept[next]!.step);
  return (
    <div class="timeline">
      <label for={id}>Rewind</label>
      <input
        id={id}
        type="range"
        min={0}
        max={last}
        value={at}
        disabled={kept.length < 2}
        aria-valuetext={moment && sayMoment(moment)}
        onInput={(event) => view(Number(event.currentTarget.value))}
      />
      <output for={id}>
        {moment === undefined || kept.length < 2 ? (
          <span class="hint">from the first step to now</span>
        ) : (
          sayMoment(moment)
        )}
      </output>
    </div>
  );
}

function sayMoment({ step, epochs, accuracy }: (typeof moments.value)[number]): string {
  const when = epochs >= 1 ? `epoch ${epochs}` : `step ${grouped(step)}`;
  return `${when} · ${percent(accuracy, 1)}`;
}
