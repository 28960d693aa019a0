import { Copyable } from '../../parts/copy.js';
import { encodeShared } from '../../state/share.js';
import { dataChoice, draft, draftProblem, run, trained } from '../../state/store.js';

/** A link that lets another device train to the same digest. */
export function Share() {
  if (draftProblem.value !== null) return null;
  const { value } = run;
  const done =
    trained.value !== null && value !== null && !value.hasOwnDigits && value.twist === null;
  const shared =
    done && run.value
      ? {
          recipe: run.value.recipe,
          data: run.value.data,
          digest: trained.value!.receipt.weightsSha256,
        }
      : { recipe: draft.value, data: dataChoice.value, digest: null };
  const link = new URL(`#/train?${encodeShared(shared)}`, location.href).href;
  return (
    <section class="prove-part" aria-labelledby="share-title">
      <h2 id="share-title">Send it to somebody</h2>
      <p class="large">
        {done
          ? 'This link carries your recipe, its seed and your last digest. Their device trains by itself, and says whether it got the same bits.'
          : 'This link carries the recipe and its seed. Any device that trains by it gets the same weights.'}
      </p>
      <Copyable text={link} label="the link" />
    </section>
  );
}
