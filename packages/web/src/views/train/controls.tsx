import { grouped, megabytes, percent } from '../../parts/format.js';
import {
  makeStep,
  pauseTraining,
  resetTraining,
  resumeTraining,
  startTraining,
} from '../../state/actions.js';
import {
  draftProblem,
  epochs,
  loading,
  lossCurve,
  run,
  status,
  trained,
} from '../../state/store.js';
import { sayFailure } from './outcome.js';
import { Speed } from './speed.js';

/** Train, pause, resume, reset, and how far it is. */
export function Controls() {
  const state = status.value;
  const { epochsDone = 0, recipe } = run.value ?? {};
  const share = recipe ? epochsDone / recipe.epochs : 0;
  return (
    <div class="controls">
      <div class="buttons">
        {state === 'running' ? (
          <button type="button" class="button primary" onClick={pauseTraining}>
            Pause
          </button>
        ) : state === 'paused' ? (
          <button type="button" class="button primary" onClick={resumeTraining}>
            Resume
          </button>
        ) : (
          <button
            type="button"
            class="button primary"
            disabled={draftProblem.value !== null}
            aria-disabled={state === 'loading'}
            onClick={() => void startTraining()}
          >
            {state === 'done' ? 'Train again' : 'Train'}
          </button>
        )}
        {state !== 'idle' && (
          <button
            type="button"
            class="button"
            onClick={({ currentTarget }) => {
              currentTarget.parentElement?.querySelector('button')?.focus();
              void resetTraining();
            }}
          >
            Reset
          </button>
        )}
        {state === 'paused' && (
          <button type="button" class="button" onClick={makeStep}>
            One step
          </button>
        )}
        <p class="state" role="status">
          {sayState(state)}
        </p>
      </div>
      <p class="hidden-visually" role="status">
        {sayEpoch()}
      </p>
      <progress
        class="progress"
        max={1}
        value={loading.value ? loading.value.receivedBytes / loading.value.totalBytes : share}
        aria-label={loading.value ? 'Data loaded' : 'Training done'}
      />
      <Speed />
    </div>
  );
}

function sayState(state: typeof status.value): string {
  if (loading.value) {
    const { receivedBytes, totalBytes } = loading.value;
    return `Loading ${megabytes(receivedBytes)} of ${megabytes(totalBytes)}`;
  }
  switch (state) {
    case 'loading':
      return 'Preparing';
    case 'paused':
      return `Paused after ${grouped(run.value?.stepsDone ?? 0)} steps`;
    case 'done': {
      const accuracy = trained.value?.receipt.testAccuracy ?? null;
      const { learningRate } = run.value!.recipe;
      return sayFailure(lossCurve.value.losses, accuracy, learningRate) ?? 'Done';
    }
    default:
      return '';
  }
}

/** For those who do not see the figures change: about ten times in a training. */
function sayEpoch(): string {
  const total = run.value?.recipe.epochs ?? 1;
  const every = Math.ceil(total / 10);
  const last = epochs.value.filter(({ epoch }) => epoch % every === 0 || epoch === total).at(-1);
  if (last?.accuracy == null) return '';
  return `Epoch ${last.epoch} of ${total}: ${percent(last.accuracy)} of the test images read correctly`;
}
