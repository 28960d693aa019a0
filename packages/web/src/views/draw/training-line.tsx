import { megabytes, percent } from '../../parts/format.js';
import { epochs, loading, type Run, run, status } from '../../state/store.js';

/** How the training with one's own digits goes, told where it was begun. */
export function TrainingLine() {
  const { value } = run;
  if (!value?.hasOwnDigits) return null;
  const loaded = loading.value && loading.value.receivedBytes / loading.value.totalBytes;
  return (
    <div class="training-line">
      <p>
        {say(value)} <a href="#/train">Watch it</a>
      </p>
      <progress
        class="progress"
        max={1}
        value={loaded ?? value.epochsDone / value.recipe.epochs}
        aria-label={loaded === null ? 'Training done' : 'Data loaded'}
      />
    </div>
  );
}

function say({ recipe, epochsDone }: Run): string {
  if (loading.value) {
    const { receivedBytes, totalBytes } = loading.value;
    return `Loading ${megabytes(receivedBytes)} of ${megabytes(totalBytes)}.`;
  }
  const accuracy = epochs.value.at(-1)?.accuracy;
  const read = accuracy == null ? '' : ` It reads ${percent(accuracy)} of the test images.`;
  if (status.value === 'loading') return 'Preparing.';
  if (status.value === 'done') return `It has learned your digits.${read} Draw one.`;
  const epoch = Math.min(recipe.epochs, Math.floor(epochsDone) + 1);
  return `Learning your digits: epoch ${epoch} of ${recipe.epochs}.${read}`;
}
