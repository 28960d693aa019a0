import { percent, rough } from '../../parts/format.js';
import { epochs, run, trained } from '../../state/store.js';

/** How good, how far and how fast. */
export function Figures() {
  const { value } = run;
  if (value === null) return null;
  const accuracy =
    trained.value?.receipt.testAccuracy ?? epochs.value.at(-1)?.accuracy ?? value.initialAccuracy;
  const epoch = Math.min(value.recipe.epochs, Math.floor(value.epochsDone) + 1);
  const speed = trained.value?.run.samplesPerSecond ?? value.samplesPerSecond;
  return (
    <dl class="figures">
      <div class="chief">
        <dt>Test images read correctly</dt>
        <dd data-testid="accuracy">
          {accuracy === null ? <span class="waiting">…</span> : percent(accuracy)}
        </dd>
      </div>
      <div>
        <dt>Epoch</dt>
        <dd>
          {epoch}
          <small> of {value.recipe.epochs}</small>
        </dd>
      </div>
      <div>
        <dt>Samples a second</dt>
        <dd>{speed > 0 ? rough(speed) : <span class="waiting">…</span>}</dd>
      </div>
    </dl>
  );
}
