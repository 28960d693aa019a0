import { DropZone } from '../../parts/drop-zone.js';
import { decimal, grouped, percent } from '../../parts/format.js';
import { openModel, verifyOpened } from '../../state/actions.js';
import { isBusy, loading, opened } from '../../state/store.js';
import { verification } from '../../state/verification.js';
import { tellError, worker } from '../../state/worker.js';
import { sayRecipe } from '../train/say-recipe.js';
import { DigestTable } from './digest-table.js';

/** A model from a file: its receipt, and whether it tells the truth. */
export function OpenedModel() {
  return (
    <section class="prove-part" aria-labelledby="model-title">
      <h2 id="model-title">Check somebody’s model</h2>
      <p class="large">
        A model file holds a receipt: how the network was trained, and the digest after each epoch.
        This page can train it again and compare.
      </p>
      <DropZone accept=".safetensors" onChoose={([file]) => void openModel(file!)}>
        <b>Drop a model file here</b>, or choose one. It stays on this device.
      </DropZone>
      {opened.value && <ReceiptShown />}
      {verification.value && <VerificationShown />}
    </section>
  );
}

function ReceiptShown() {
  const { fileName, receipt, run } = opened.value!;
  const { recipe, dataset } = receipt;
  const isUnderWay = verification.value !== null && verification.value.result === null;
  return (
    <div class="receipt">
      <h3>{fileName}</h3>
      <p>{sayRecipe(recipe, dataset.train)}</p>
      <dl>
        <dt>Data</dt>
        <dd>
          {dataset.name}, {grouped(dataset.train)} to train, {grouped(dataset.test)} to test
        </dd>
        <dt>Test accuracy</dt>
        <dd>{receipt.testAccuracy === null ? 'none' : percent(receipt.testAccuracy)}</dd>
        <dt>Test loss</dt>
        <dd>{receipt.testLoss === null ? 'none' : decimal(receipt.testLoss)}</dd>
        <dt>Made by</dt>
        <dd>
          {String(run.backend)} ({String(run.isa)})
        </dd>
        <dt>Weights</dt>
        <dd class="digest">{receipt.weightsSha256}</dd>
        <dt>Contract</dt>
        <dd>version {receipt.contract}</dd>
      </dl>
      <div class="buttons">
        {isUnderWay ? (
          <button
            type="button"
            class="button"
            onClick={() => worker.request('stop').catch(tellError)}
          >
            Stop
          </button>
        ) : (
          <button
            type="button"
            class="button primary"
            disabled={isBusy.value}
            onClick={() => void verifyOpened()}
          >
            Verify
          </button>
        )}
        <a class="button" href="#/draw">
          Draw with it
        </a>
        <a class="button" href="#/understand">
          See its mistakes
        </a>
      </div>
    </div>
  );
}

function VerificationShown() {
  const { epochs, result } = verification.value!;
  const total = opened.value?.receipt.epochs.length ?? 1;
  return (
    <div class="verification">
      {result === null && (
        <progress
          class="progress"
          max={1}
          value={loading.value ? 0 : epochs.length / total}
          aria-label="Epochs verified"
        />
      )}
      <p class={`verdict ${result?.isVerified ? 'same' : ''}`} role="status">
        {result === null
          ? `Training it again: ${epochs.length} of ${total} epochs compared.`
          : result.isVerified
            ? `Verified. ${total === 1 ? 'Its only epoch' : `All ${total} epochs`} gave the receipt’s bits on this device.`
            : `${result.isVerified === null ? 'It cannot be checked here.' : 'Not verified.'} ${result.difference}`}
      </p>
      {(result === null || epochs.length > 0) && (
        <DigestTable
          label="The model’s digests by epoch"
          rows={epochs.map(({ epoch, expected, received }) => ({
            epoch,
            digest: received,
            isSame: expected === received,
          }))}
        />
      )}
    </div>
  );
}
