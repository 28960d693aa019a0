import { isEncoding } from '../data/check-encoding.js';
import { BitgradError, show } from '../errors.js';
import { resolve } from '../network/graph.js';
import { parameterShapes } from '../network/parameters.js';
import type { Checkpoint } from '../train/checkpoint.js';
import type { Best } from '../train/early-stopping.js';
import { stateSha256, stateSlices } from '../train/state.js';
import { checkCheckpointText, checkDatasetFits } from './check-receipt.js';
import { littleEndianBytes } from './digest.js';
import { checkRecipeOf, findTensor, joinTensors } from './model-file.js';
import { decodeSafetensors, encodeSafetensors, type Tensor } from './safetensors.js';
import { sha256OfParts } from './sha256.js';

const BEST = 'best.';

/**
 * The bytes of a checkpoint: safetensors with a training's state (parameters, what the optimiser
 * remembers, the best parameters so far under `best.…`) and, as metadata, a JSON text `checkpoint`,
 * and the SHA-256 of it all.
 */
export async function encodeCheckpoint(checkpoint: Checkpoint): Promise<Uint8Array> {
  const { state, best, ...rest } = checkpoint;
  const tensors: Tensor[] = stateSlices(checkpoint.recipe).map(({ name, shape }) => ({
    name,
    shape,
    values: state.get(name)!,
  }));
  if (best) {
    for (const { name, shape, start, length } of parameterShapes(checkpoint.recipe)) {
      const values = best.parameters.subarray(start, start + length);
      tensors.push({ name: `${BEST}${name}`, shape, values });
    }
  }
  const summary = best && { epoch: best.epoch, validationLoss: best.validationLoss };
  const text = JSON.stringify({ ...rest, best: summary });
  const sha256 = await contentSha256(text, checkpoint);
  return encodeSafetensors({ tensors, metadata: { checkpoint: text, sha256 } });
}

/** SHA-256 of a checkpoint's text, then its state and best parameters, slice by slice. */
function contentSha256(text: string, { state, best }: Pick<Checkpoint, 'state' | 'best'>) {
  const numbers = [...state.values(), ...(best ? [best.parameters] : [])];
  return sha256OfParts([new TextEncoder().encode(text), ...numbers.map(littleEndianBytes)]);
}

/**
 * Reads a checkpoint, checking everything in it: one flipped bit, in what the optimiser remembers
 * too, would give other weights than those of an uninterrupted training.
 *
 * @param fileName for messages
 * @throws BitgradError if the file is not a whole, honest checkpoint
 */
export async function decodeCheckpoint(bytes: Uint8Array, fileName: string): Promise<Checkpoint> {
  const { tensors, metadata } = decodeSafetensors(bytes, fileName);
  const rest = parse(metadata.checkpoint, fileName);
  const recipe = checkRecipeOf(rest, fileName);
  const graph = resolve(recipe);
  checkDatasetFits(rest.dataset, graph, fileName);
  const { encoding = null } = rest;
  if (encoding !== null && !isEncoding(encoding, graph.features, graph.outputs)) {
    throw new BitgradError(
      `${fileName}: checkpoint: encoding: expected columns that fit the network, received ${show(encoding)}`,
    );
  }
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const state = new Map(
    stateSlices(recipe).map(({ name, shape }) => [name, findTensor(byName, name, shape, fileName)]),
  );
  const best = rest.best && readBest(rest.best, recipe);
  const expected = state.size + (best ? parameterShapes(recipe).length : 0);
  if (tensors.length !== expected) {
    throw new BitgradError(`${fileName}: expected ${expected} tensors, received ${tensors.length}`);
  }
  const digest = await contentSha256(metadata.checkpoint!, { state, best });
  if (digest !== metadata.sha256) {
    throw new BitgradError(
      `${fileName}: expected content with SHA-256 ${show(metadata.sha256)}, received ${digest}`,
      'the checkpoint was changed after it was written',
    );
  }
  const checkpoint = { ...rest, recipe, state, best };
  await checkDigests(checkpoint, fileName);
  return checkpoint;

  function readBest(best: Best, { layers }: typeof recipe): Best {
    const shapes = parameterShapes({ ...recipe, layers });
    const names = shapes.map(({ name, shape }) => ({ name: `${BEST}${name}`, shape }));
    return { ...best, parameters: joinTensors(tensors, names, fileName) };
  }
}

/** Checks that the parameters and the whole state are those that the last digests speak of. */
async function checkDigests(checkpoint: Checkpoint, fileName: string): Promise<void> {
  const { recipe, state, best, epochs, states = [] } = checkpoint;
  const parameters = parameterShapes(recipe).map(({ name }) => state.get(name)!);
  const pairs: [what: string, expected: string | undefined, received: string][] = [
    ['parameters', epochs.at(-1), await sha256OfParts(parameters.map(littleEndianBytes))],
    ['a state', states.at(-1), await stateSha256(state, best)],
  ];
  for (const [what, expected, received] of pairs) {
    if (expected === undefined || expected === received) continue;
    throw new BitgradError(
      `${fileName}: expected ${what} with SHA-256 ${show(expected)}, received ${received}`,
      'the checkpoint was changed after it was written',
    );
  }
}

function parse(text: string | undefined, fileName: string): Checkpoint {
  let value: unknown = null;
  try {
    value = JSON.parse(text ?? 'null');
  } catch {
    // The check below tells.
  }
  if (typeof value !== 'object' || value === null) {
    throw new BitgradError(
      `${fileName}: expected a checkpoint, received ${text === undefined ? 'a file without one' : show(text)}`,
      'give a file that bitgrad train --checkpoint wrote',
    );
  }
  checkCheckpointText(value as Record<string, unknown>, fileName);
  return value as Checkpoint;
}
