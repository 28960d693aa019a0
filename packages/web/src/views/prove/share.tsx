import { Send } from '../../parts/send.js';
import { encodeDrawing } from '../../state/drawing-text.js';
import { encodeShared } from '../../state/share.js';
import { dataChoice, draft, draftProblem, picture, run, trained } from '../../state/store.js';
import { tellError } from '../../state/worker.js';
import { strokes } from '../draw/drawing.js';

/** A link that lets another device train to the same digest, and a picture to show. */
export function Share() {
  if (draftProblem.value !== null) return null;
  const { value } = run;
  const done =
    trained.value !== null && value !== null && !value.hasOwnDigits && value.twist === null;
  const shared = done
    ? { recipe: value.recipe, data: value.data, digest: trained.value!.receipt.weightsSha256 }
    : { recipe: draft.value, data: dataChoice.value, digest: null };
  const hasDrawing = strokes.value.length > 0;
  const drawing = hasDrawing ? `&drawing=${encodeDrawing(strokes.value)}` : '';
  const link = new URL(`#/train?${encodeShared(shared)}${drawing}`, location.href).href;
  return (
    <section class="prove-part" aria-labelledby="share-title">
      <h2 id="share-title">Send it to somebody</h2>
      <p class="large">
        {done
          ? 'This link carries your recipe, its seed and your last digest. Pressing Train there makes every step anew, and says whether the same bits came out.'
          : 'This link carries the recipe and its seed. Any device that trains by it gets the same weights.'}
        {hasDrawing && ' Your drawing goes along: can their network read it?'}
      </p>
      <Send link={link} label="the link" title="Train this network to the same bits" />
      {trained.value && (
        <div class="buttons">
          <button type="button" class="button" onClick={() => void savePicture()}>
            Save a picture of it
          </button>
          <p class="hint">Its tiles, how much it reads, and its digest as a pattern.</p>
        </div>
      )}
    </section>
  );
}

/** What draws the picture is only fetched by those who want one. */
async function savePicture(): Promise<void> {
  try {
    const { receipt } = trained.value!;
    const { saveTilesPicture } = await import('./tiles-picture.js');
    await saveTilesPicture(picture.value!, receipt);
  } catch (error) {
    tellError(error);
  }
}
