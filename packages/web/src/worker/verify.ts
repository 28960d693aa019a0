import { type Backend, type Dataset, type SavedModel, verify } from '@bitgrad/core';
import type { Events, Verification } from './protocol.js';
import { OPEN_GATE } from './step-gate.js';

/**
 * Trains again as a model's receipt says, as the command does, and says in words what differs first.
 *
 * @param dataset the receipt's
 */
export async function verifyModel(
  { receipt }: SavedModel,
  dataset: Dataset,
  backend: Backend,
  signal: AbortSignal,
  onEpoch: (epoch: Events['verified']) => void,
): Promise<Verification> {
  const { firstMismatch } = await verify({
    receipt,
    dataset,
    backend,
    gate: OPEN_GATE,
    signal,
    onEpoch: (epoch, digest) => onEpoch({ epoch, expected: digest, received: digest }),
  });
  if (firstMismatch === null) return { isVerified: true, difference: null };
  const { epoch, field, expected, received } = firstMismatch;
  if (epoch === null) {
    return differs(`The weights are right, but the receipt's “${field}” is not.`);
  }
  onEpoch({ epoch, expected: String(expected), received: String(received) });
  return differs(
    field === 'states'
      ? `Epoch ${epoch} gives the receipt's weights, but the optimiser remembers something else.`
      : `Epoch ${epoch} gives other weights than the receipt says.`,
  );
}

function differs(difference: string): Verification {
  return { isVerified: false, difference };
}
