import type { Dataset } from '../dataset.js';
import type { Model } from '../network/model.js';
import type { Preprocess } from '../program/ops.js';
import { BYTES_A_PIECE, stretches } from '../turns.js';
import { sha256OfParts, sha256OfPieces } from './sha256.js';

/** Whether this machine stores the low byte first, as files and digests do. */
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The bytes of 32-bit values in little-endian order; a view of the same memory where it can be one. */
export function littleEndianBytes(values: Float32Array | Uint32Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return isLittleEndian ? bytes : swapped(bytes);
}

/** The binary32 values in little-endian `bytes`, copied. */
export function floatsFromLittleEndian(bytes: Uint8Array): Float32Array {
  // Not bytes.slice(), which copies nothing where the bytes are a Node.js Buffer.
  const copy = isLittleEndian ? new Uint8Array(bytes) : swapped(bytes);
  return new Float32Array(copy.buffer, 0, copy.length / 4);
}

function swapped(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  for (let i = 0; i < copy.length; i += 4) copy.subarray(i, i + 4).reverse();
  return copy;
}

/**
 * `weightsSha256`: SHA-256 of all parameters as little-endian binary32 in model order (layer 0
 * weight `[in, out]`, layer 0 bias, layer 1 weight, …), without padding.
 */
export function weightsSha256(parameters: Float32Array): Promise<string> {
  return sha256OfParts([littleEndianBytes(parameters)]);
}

/** What a model needs beside its parameters to be given samples and to name what it gives. */
export type Preparation = Pick<
  Model,
  'classNames' | 'encoding' | 'standardization' | 'targetStandardization'
>;

/**
 * SHA-256 of all that a model needs beside its parameters to be given samples and to name classes:
 * the JSON text of `classNames` and `encoding`, then the means and the deviations as little-endian
 * binary32, then those of the targets if they were standardised. Null where a model has none of them.
 */
export async function preparationSha256({
  classNames,
  encoding,
  standardization,
  targetStandardization,
}: Preparation): Promise<string | null> {
  const scales = [standardization, targetStandardization].filter((one) => one != null);
  if (classNames === null && encoding === null && scales.length === 0) return null;
  const names = new TextEncoder().encode(JSON.stringify({ classNames, encoding }));
  const numbers = scales.flatMap(({ mean, deviation }) => [mean, deviation]);
  return sha256OfParts([names, ...numbers.map(littleEndianBytes)]);
}

/**
 * SHA-256 of a data set: its inputs (bytes, or little-endian binary32), then its labels (u32) or
 * values (binary32).
 */
export function datasetSha256(dataset: Dataset): Promise<string> {
  const { inputs } = dataset;
  return sha256OfData(inputs instanceof Uint8Array ? inputs : littleEndianBytes(inputs), dataset);
}

/**
 * SHA-256 of what the network is given: as `datasetSha256`, but of 0 and 1 bytes under `binarize`.
 * A copy of the data that is already binarised has the same digest.
 */
export function inputSha256(dataset: Dataset, preprocess: Preprocess): Promise<string> {
  if (preprocess !== 'binarize' || !(dataset.inputs instanceof Uint8Array))
    return datasetSha256(dataset);
  const { inputs } = dataset;
  const targets = targetBytes(dataset);
  return sha256OfPieces(inputs.length + targets.length, binarizedPieces(inputs, targets));
}

/** Bytes as 0 and 1, then targets. */
function* binarizedPieces(inputs: Uint8Array, targets: Uint8Array): Generator<Uint8Array> {
  const bits = new Uint8Array(Math.min(BYTES_A_PIECE, inputs.length));
  for (const [begin, end] of stretches(inputs.length, BYTES_A_PIECE)) {
    for (let i = begin; i < end; i += 1) bits[i - begin] = Number(inputs[i]! > 0);
    yield bits.subarray(0, end - begin);
  }
  for (const [begin, end] of stretches(targets.length, BYTES_A_PIECE)) {
    yield targets.subarray(begin, end);
  }
}

function targetBytes({ labels, values }: Dataset): Uint8Array {
  return littleEndianBytes(values ?? labels);
}

function sha256OfData(inputs: Uint8Array, dataset: Dataset): Promise<string> {
  return sha256OfParts([inputs, targetBytes(dataset)]);
}
