import { percent, rough } from '../../parts/format.js';
import { draft, epochs, moments, run, speed, trained } from '../../state/store.js';

/** What guessing among ten digits comes to. */
const CHANCE = 0.1;

/** How good, how far and how fast. All of it stands there from the beginning, so that nothing jumps. */
export function Figures() {
  const { value } = run;
  const total = (value?.recipe ?? draft.value).epochs;
  const accuracy =
    trained.value?.receipt.testAccuracy ??
    epochs.value.at(-1)?.accuracy ??
    moments.value.at(-1)?.accuracy ??
    value?.initialAccuracy;
  const epoch = value === null ? 0 : Math.min(total, Math.floor(value.epochsDone) + 1);
  const fastest = trained.value?.run.samplesPerSecond ?? value?.samplesPerSecond ?? 0;
  const { batchSize } = value?.recipe ?? draft.value;
  // Waiting between slowed steps is no computing, and yet it is what one sees.
  const slowed = trained.value === null ? speed.value : null;
  const samples = slowed === null ? fastest : Math.min(fastest, slowed * batchSize);
  return (
    <dl class="figures">
      <div class="chief">
        <dt>Test images read correctly</dt>
        <dd data-testid="accuracy">
          {typeof accuracy === 'number' ? (
            percent(accuracy)
          ) : (
            <>
              <span class="waiting">{percent(CHANCE, 0)}</span> <small>by chance</small>
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>Epoch</dt>
        <dd>
          {epoch}
          <small> of {total}</small>
        </dd>
      </div>
      <div>
        <dt>Samples a second</dt>
        <dd>{samples > 0 ? rough(samples) : <span class="waiting">–</span>}</dd>
      </div>
    </dl>
  );
}
