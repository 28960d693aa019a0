import { Copyable } from '../../parts/copy.js';
import { grouped } from '../../parts/format.js';
import { Glyph } from '../../parts/glyph.js';
import { saveModel } from '../../state/actions.js';
import { trainCommand } from '../../state/settings.js';
import { epochs, type Run, run, trained } from '../../state/store.js';
import { Comparison } from './comparison.js';
import { DigestTable } from './digest-table.js';

/** The digest after each epoch, and the command that gives the same ones. */
export function Digests() {
  const { value } = run;
  const done = epochs.value;
  return (
    <section class="prove-part" aria-labelledby="digests-title">
      <h2 id="digests-title">Digest of every epoch</h2>
      {value === null ? (
        <p class="large">
          Train a network, and the digest of its weights after each epoch appears here.{' '}
          <a href="#/train">To the training</a>
        </p>
      ) : (
        <>
          <p class="large">{sayReproduction(value)}</p>
          {isReproducible(value) && (
            <Copyable text={trainCommand(value.recipe)} label="the command" />
          )}
          <Comparison />
          <DigestTable
            label="Your digests by epoch"
            rows={done.map(({ epoch, weightsSha256, accuracy }) => ({
              epoch,
              digest: weightsSha256,
              accuracy,
            }))}
          />
          {trained.value && (
            <figure class="digest-glyph">
              <Glyph digest={trained.value.receipt.weightsSha256} />
              <figcaption class="hint">
                The last digest as a pattern: quicker to compare.
              </figcaption>
            </figure>
          )}
          {trained.value && (
            <div class="buttons">
              <button type="button" class="button" onClick={() => void saveModel('trained')}>
                Save the model
              </button>
              <p class="hint">
                A safetensors file with its receipt. Drop it below on another device, or give it to{' '}
                <code>bitgrad verify</code>.
              </p>
            </div>
          )}
        </>
      )}
    </section>
  );
}

function isReproducible({ data, hasOwnDigits, twist }: Run): boolean {
  return data === 'all' && !hasOwnDigits && twist === null;
}

function sayReproduction(value: Run): string {
  if (value.twist !== null)
    return 'This was an experiment of the page: press its button again, on any device, and the same digests appear.';
  if (value.hasOwnDigits) return 'Your own digits took part, so only you can repeat this training.';
  if (value.data === 'first')
    return `This used only the first ${grouped(7000)} images. Any browser repeats it by the link below; for the command line, train on all of them.`;
  return 'On the command line this gives the same digests, with any of its backends:';
}
