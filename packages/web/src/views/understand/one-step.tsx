import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { draft, isBusy, run, status } from '../../state/store.js';
import { tellError, worker } from '../../state/worker.js';
import type { StepNumbers } from '../../worker/protocol.js';
import { Chain } from './chain.js';

const step = signal<StepNumbers | null>(null);
const isAsking = signal(false);

async function makeStep(): Promise<void> {
  if (isAsking.value) return;
  isAsking.value = true;
  try {
    const data = run.value?.data ?? 'first';
    step.value = await worker.request('step', { data, recipe: draft.value });
  } catch (error) {
    tellError(error);
  } finally {
    isAsking.value = false;
  }
}

/** Back-propagation, with the numbers of one step. */
export function OneStep() {
  const isPaused = status.value === 'paused';
  const isRunning = status.value === 'running';
  // Where it changes nothing, there need not be a press first.
  useEffect(() => {
    if (step.value === null && !isBusy.value) void makeStep();
  }, []);
  return (
    <>
      <section class="lead">
        <h1>
          How a mistake <em>teaches</em>
        </h1>
        <p class="large">
          Learning is one small step, repeated. Back-propagation asks of every weight: had you been
          a little larger, how much more wrong would the answer have been? Then each gives way.
        </p>
        <div class="buttons">
          <button
            type="button"
            class="button primary"
            aria-disabled={isAsking.value}
            onClick={() => void makeStep()}
          >
            {isRunning ? 'Catch a step' : 'Make a step'}
          </button>
          <p class="hint">
            {isPaused
              ? 'The training is paused; this makes its next step and no more.'
              : isRunning
                ? 'The training goes on; this takes the numbers of its next step.'
                : 'No training is under way: this computes a step and leaves the weights alone.'}
          </p>
        </div>
      </section>
      {step.value && <Chain step={step.value} />}
    </>
  );
}
