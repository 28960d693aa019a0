import { draft, expectedDigest, run, trained } from '../../state/store.js';

/** Whether what came out is what a link's sender got. */
export function Comparison() {
  const expected = expectedDigest.value;
  const got = trained.value?.receipt.weightsSha256;
  const recipe = run.value?.recipe ?? draft.value;
  // The promise was for this recipe, and only its last epoch was told.
  if (expected === null || recipe !== draft.value) return null;
  if (got === undefined)
    return <p class="verdict">The link’s sender got {expected.slice(0, 16)}… in the end.</p>;
  return got === expected ? (
    <p class="verdict same" role="status">
      The same bits. This device and the sender’s made equal weights.
    </p>
  ) : (
    <p class="verdict" role="status">
      Other bits: the sender got {expected.slice(0, 16)}…, this device {got.slice(0, 16)}…
    </p>
  );
}
