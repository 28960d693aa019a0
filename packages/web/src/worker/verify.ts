import { inputSha256, type SavedModel } from '@bitgrad/core';
import type { Events, Verification } from './protocol.js';
import type { Training } from './trainer.js';

/**
 * Trains again as a model's receipt says, and compares each epoch's digest with the receipt's. It
 * ends at the first difference.
 *
 * @param training by the receipt's recipe, not yet begun
 */
export async function verifyModel(
  { receipt, recipe }: SavedModel,
  training: Training,
  onEpoch: (epoch: Events['verified']) => void,
): Promise<Verification> {
  const input = await inputSha256(training.dataset, recipe.preprocess);
  if (input !== receipt.dataset.inputSha256) {
    return differs(
      `The receipt speaks of other data (“${receipt.dataset.name}”) than MNIST, which is all that this page has.`,
    );
  }
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
  const theirs = JSON.stringify(receipt);
  if (JSON.stringify(repeated.receipt) === theirs) return { isVerified: true, difference: null };
  const field = Object.keys(repeated.receipt).find(
    (name) =>
      JSON.stringify(repeated.receipt[name as keyof typeof receipt]) !==
      JSON.stringify(receipt[name as keyof typeof receipt]),
  );
  return differs(`The weights are right, but the receipt's “${field}” is not.`);
}

function differs(difference: string): Verification {
  return { isVerified: false, difference };
}
