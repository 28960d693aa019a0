import { BitgradError, show } from '../errors.js';
import { floatsFromLittleEndian, littleEndianBytes } from './digest.js';
import { kindOfFile } from './kind-of-file.js';

/** A named array of binary32 values. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The contents of a safetensors file: tensors in the order of their bytes, and texts. */
export interface Safetensors {
  readonly tensors: readonly Tensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

const LENGTH_BYTES = 8;
/** The limit that the reference implementation sets. */
const LARGEST_HEADER = 100_000_000;

/**
 * Writes a safetensors file: the header's length (u64, little-endian), a JSON header padded with
 * spaces to a multiple of 8, then the tensors' bytes without gaps.
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  // Without a prototype, so that no tensor's name means anything but itself.
  const header: Record<string, unknown> = Object.create(null);
  header.__metadata__ = metadata;
  let end = 0;
  for (const { name, shape, values } of tensors) {
    const begin = end;
    end += values.byteLength;
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(LENGTH_BYTES + headerLength + end).fill(
    0x20,
    0,
    LENGTH_BYTES + headerLength,
  );
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerLength;
  for (const { values } of tensors) {
    file.set(littleEndianBytes(values), at);
    at += values.byteLength;
  }
  return file;
}

/**
 * Reads a safetensors file of F32 tensors, trusting nothing in it.
 *
 * @param fileName for messages
 * @throws BitgradError if any size, offset, type, shape or value is not what the format allows, or
 *   a value is not finite
 */
export function decodeSafetensors(bytes: Uint8Array, fileName: string): Safetensors {
  const { header, data } = splitFile(bytes, fileName);
  const metadata = readMetadata(header, fileName);
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  const tensors = entries.map(([name, entry]) => readEntry(name, entry, fileName));
  tensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const tensor of tensors) {
    if (tensor.begin !== end) {
      throw new BitgradError(
        `${fileName}: expected tensor ${show(tensor.name)} to begin at byte ${end}, received ${tensor.begin}`,
      );
    }
    end = tensor.end;
  }
  if (end !== data.length) {
    throw new BitgradError(
      `${fileName}: expected ${end} bytes of tensors, received ${data.length}`,
    );
  }
  return {
    metadata,
    tensors: tensors.map(({ name, shape, begin, end }) => ({
      name,
      shape,
      values: readFinite(data.subarray(begin, end), name, fileName),
    })),
  };
}

function splitFile(
  bytes: Uint8Array,
  fileName: string,
): { header: Record<string, unknown>; data: Uint8Array } {
  const notSafetensors = (received: string): BitgradError =>
    new BitgradError(
      `${fileName}: expected a safetensors file, received ${received}`,
      'give a file that bitgrad train wrote',
    );
  if (bytes.length < LENGTH_BYTES) throw notSafetensors(`${bytes.length} bytes`);
  // A header is a JSON object: what begins otherwise is another file, of which no number is a length.
  if (bytes[LENGTH_BYTES] !== '{'.charCodeAt(0)) throw notSafetensors(kindOfFile(bytes));
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (headerLength > BigInt(Math.min(LARGEST_HEADER, bytes.length - LENGTH_BYTES))) {
    throw notSafetensors(`a header of ${headerLength} bytes in a file of ${bytes.length}`);
  }
  const data = bytes.subarray(LENGTH_BYTES + Number(headerLength));
  let header: Record<string, unknown>;
  try {
    const text = bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + Number(headerLength));
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch {
    throw notSafetensors('a header that is not JSON');
  }
  return { header, data };
}

function readMetadata(
  header: Readonly<Record<string, unknown>>,
  fileName: string,
): Record<string, string> {
  const metadata = header.__metadata__ ?? {};
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw new BitgradError(
      `${fileName}: expected __metadata__ to hold texts, received ${show(metadata)}`,
    );
  }
  return metadata as Record<string, string>;
}

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readEntry(name: string, entry: unknown, fileName: string): Entry {
  const where = `${fileName}: tensor ${show(name)}`;
  if (!isRecord(entry))
    throw new BitgradError(`${where}: expected an object, received ${show(entry)}`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== 'F32')
    throw new BitgradError(`${where}: expected dtype F32, received ${show(dtype)}`);
  if (!Array.isArray(shape) || !shape.every(isSize)) {
    throw new BitgradError(`${where}: expected a shape of integers, received ${show(shape)}`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    throw new BitgradError(`${where}: expected two offsets, received ${show(offsets)}`);
  }
  const [begin, end] = offsets as [number, number];
  const expected = shape.reduce((product: number, dimension: number) => product * dimension, 4);
  if (end - begin !== expected) {
    throw new BitgradError(
      `${where}: expected ${expected} bytes for shape [${shape}], received offsets ${show(offsets)}`,
    );
  }
  return { name, shape, begin, end };
}

function readFinite(bytes: Uint8Array, name: string, fileName: string): Float32Array {
  const values = floatsFromLittleEndian(bytes);
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    throw new BitgradError(
      `${fileName}: tensor ${show(name)}: expected finite values, received ${values[at]} at index ${at}`,
    );
  }
  return values;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
