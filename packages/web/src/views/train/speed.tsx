import { useId } from 'preact/hooks';
import { chooseSpeed } from '../../state/actions.js';
import { speed } from '../../state/store.js';

/** Steps a second that may be chosen, the last being as many as there can be. */
const SPEEDS: readonly (number | null)[] = [1, 2, 5, 10, 25, 60, 200, 600, null];

/** How fast the training goes: slow enough to follow each step, or as fast as it can. */
export function Speed() {
  const id = useId();
  const at = SPEEDS.indexOf(speed.value);
  return (
    <div class="timeline">
      <label for={id}>Speed</label>
      <input
        id={id}
        type="range"
        min={0}
        max={SPEEDS.length - 1}
        value={at}
        aria-valuetext={say(speed.value)}
        onInput={(event) => chooseSpeed(SPEEDS[Number(event.currentTarget.value)] ?? null)}
      />
      <output for={id}>{say(speed.value)}</output>
    </div>
  );
}

function say(stepsPerSecond: number | null): string {
  if (stepsPerSecond === null) return 'full speed';
  return stepsPerSecond === 1 ? 'a step a second' : `${stepsPerSecond} steps a second`;
}
