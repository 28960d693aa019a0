import { batch } from '@preact/signals';
import { megabytes } from '../../parts/format.js';
import { Segmented } from '../../parts/segmented.js';
import { opened, prefersShipped, run, source, trained } from '../../state/store.js';
import { loadShipped, type Reader, reader, shipped, shippedProgress } from './reader.js';

/** Which network reads, where there is more than the one that comes along. */
export function ReaderPicker() {
  const isHere = trained.value !== null || run.value !== null;
  if (!isHere && opened.value === null) return <ShippedHint />;
  const choices: { value: Reader; label: string }[] = [{ value: 'shipped', label: 'Ready-made' }];
  if (isHere) choices.push({ value: 'trained', label: 'Trained here' });
  if (opened.value !== null) choices.push({ value: 'file', label: 'From a file' });
  return (
    <Segmented legend="Which network" choices={choices} value={reader.value} onChange={choose} />
  );
}

function choose(chosen: Reader): void {
  batch(() => {
    prefersShipped.value = chosen === 'shipped';
    if (chosen !== 'shipped') source.value = chosen;
  });
}

/** Says where the shipped model is, and offers to fetch it again where that failed. */
function ShippedHint() {
  if (shipped.value === 'failed') {
    return (
      <div class="buttons">
        <button type="button" class="button primary" onClick={() => void loadShipped()}>
          Load it again
        </button>
      </div>
    );
  }
  if (shipped.value === 'ready') {
    return (
      <p class="hint" role="status">
        A network that comes with the page. Train your own, and it can read too.
      </p>
    );
  }
  const progress = shippedProgress.value;
  return (
    <div>
      <p class="hint" role="status">
        Loading the network that comes with the page.
      </p>
      {progress && (
        <>
          <p class="hint">
            {megabytes(progress.receivedBytes)} of {megabytes(progress.totalBytes)}
          </p>
          <progress
            class="progress"
            max={progress.totalBytes}
            value={progress.receivedBytes}
            aria-label="Network loaded"
          />
        </>
      )}
    </div>
  );
}
