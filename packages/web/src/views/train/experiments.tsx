import { signal } from '@preact/signals';
import { startTraining } from '../../state/actions.js';
import { draft, draftProblem, isBusy, run } from '../../state/store.js';
import { EXPERIMENTS, type Experiment } from './experiments-list.js';

/** The experiment that was last begun, with the recipe that it made. */
const begun = signal<{ experiment: Experiment; recipe: unknown } | null>(null);

function begin(experiment: Experiment): void {
  const recipe = { ...draft.value, ...experiment.change };
  begun.value = { experiment, recipe };
  document.querySelector('.stage')?.scrollIntoView({ block: 'start' });
  void startTraining(recipe, experiment.twist);
}

/** Things to try with one press; the curve before stays as a ghost. */
export function Experiments() {
  const current = begun.value?.recipe === run.value?.recipe ? begun.value?.experiment : undefined;
  const isOff = isBusy.value || draftProblem.value !== null;
  return (
    <section class="experiments" aria-labelledby="experiments-title">
      <h2 id="experiments-title">What if?</h2>
      <p class="large">
        One press changes one thing of your recipe and trains. The curve before stays, dashed.
      </p>
      <div class="buttons">
        {EXPERIMENTS.map((experiment) => (
          <button
            key={experiment.name}
            type="button"
            class="button"
            aria-disabled={isOff}
            aria-pressed={experiment === current}
            onClick={() => {
              if (!isOff) begin(experiment);
            }}
          >
            {experiment.name}
          </button>
        ))}
      </div>
      <p class="why" role="status">
        {current?.why}
      </p>
    </section>
  );
}
