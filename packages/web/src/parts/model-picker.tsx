import { startTraining } from '../state/actions.js';
import { hasModel, isBusy, opened, run, source, trained } from '../state/store.js';
import { focusContent } from './focus.js';
import { Segmented } from './segmented.js';

/** Which network is asked, and a way to get one where there is none. */
export function ModelPicker() {
  const isHere = trained.value !== null || run.value !== null;
  if (opened.value !== null && isHere) {
    return (
      <Segmented
        legend="Which network"
        choices={[
          { value: 'trained', label: 'Trained here' },
          { value: 'file', label: 'From a file' },
        ]}
        value={source.value}
        onChange={(value) => {
          source.value = value;
        }}
      />
    );
  }
  if (hasModel.value) {
    const learning = isBusy.value && source.value === 'trained';
    return (
      <p class="hint" role="status">
        {source.value === 'file'
          ? `The network from ${opened.value?.fileName}.`
          : learning
            ? 'The network is learning right now.'
            : 'The network that you trained here.'}
      </p>
    );
  }
  return (
    <div class="buttons">
      <button
        type="button"
        class="button primary"
        aria-disabled={isBusy.value}
        onClick={() => {
          focusContent();
          void startTraining();
        }}
      >
        {isBusy.value ? 'Preparing' : 'Train it now'}
      </button>
      <p class="hint">A few seconds are enough for a start.</p>
    </div>
  );
}
