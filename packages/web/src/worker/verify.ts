import type { Receipt, SavedModel } from '@bitgrad/core';
import type { Events, Verification } from './protocol.js';
import type { Training } from './trainer.js';

/**
 * Trains again as a model's receipt says, and compares each epoch's digest with the receipt's. It
 * ends at the first difference.
 *
 * @param training by the receipt's recipe, on the receipt's data, not yet begun
 */
export async function verifyModel(
  { receipt }: SavedModel,
  training: Training,
  onEpoch: (epoch: Events['verified']) => void,
): Promise<Verification> {
  let difference: string | null = null;
  const repeated = await training
    .run({
      onEpoch: ({ epoch, weightsSha256: received }) => {
        const expected = receipt.epochs[epoch - 1] ?? 'nothing';
        onEpoch({ epoch, expected, received });
        if (received === expected || difference !== null) return;
        difference = `Epoch ${epoch} gives other weights than the receipt says.`;
        training.stop();
      },
    })
    .catch((error: unknown) => {
      if (difference === null) throw error;
      return null;
    });
  if (repeated === null) return differs(difference ?? '');
  const [ours, theirs] = [comparable(repeated.receipt), comparable(receipt)];
  const field = Object.keys(ours).find(
    (name) => JSON.stringify(ours[name]) !== JSON.stringify(theirs[name]),
  );
  if (field === undefined) return { isVerified: true, difference: null };
  return differs(`The weights are right, but the receipt's “${field}” is not.`);
}

/** What of a receipt must be equal: what the data are called, and their bytes before preprocessing, may differ. */
function comparable(receipt: Receipt): Record<string, unknown> {
  return { ...receipt, dataset: { ...receipt.dataset, name: '', sha256: '' } };
}

function differs(difference: string): Verification {
  return { isVerified: false, difference };
}
