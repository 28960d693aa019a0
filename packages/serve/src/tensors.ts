import { refuse } from './errors.js';

/** Lists in lists, as of images; a request of many more would take all of the stack. */
const DEPTH = 8;

/** Element types of the Open Inference Protocol that are taken, and their sizes in bytes. */
const SIZES: Readonly<Record<string, number>> = {
  BOOL: 1,
  UINT8: 1,
  INT8: 1,
  UINT16: 2,
  INT16: 2,
  UINT32: 4,
  INT32: 4,
  UINT64: 8,
  INT64: 8,
  FP32: 4,
  FP64: 8,
  BYTES: 0,
};

type Read = (view: DataView, at: number) => number | boolean;

const READERS: Readonly<Record<string, Read>> = {
  BOOL: (view, at) => view.getUint8(at) !== 0,
  UINT8: (view, at) => view.getUint8(at),
  INT8: (view, at) => view.getInt8(at),
  UINT16: (view, at) => view.getUint16(at, true),
  INT16: (view, at) => view.getInt16(at, true),
  UINT32: (view, at) => view.getUint32(at, true),
  INT32: (view, at) => view.getInt32(at, true),
  UINT64: (view, at) => Number(view.getBigUint64(at, true)),
  INT64: (view, at) => Number(view.getBigInt64(at, true)),
  FP32: (view, at) => view.getFloat32(at, true),
  FP64: (view, at) => view.getFloat64(at, true),
};

/** An element of a tensor in JSON. */
type Element = number | string | boolean | null;

/** A tensor of a request. */
export interface InputTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly datatype: string;
  /** In row-major order; null where a value is missing. */
  readonly data: readonly Element[];
}

/** A tensor of an answer. */
export interface OutputTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly datatype: 'FP32' | 'FP64' | 'INT64' | 'BYTES';
  readonly data: readonly (number | string)[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What elements of a datatype are in JSON. */
const KINDS = { boolean: 'true, false', string: 'texts', number: 'numbers' } as const;

const kindOf = (datatype: string): keyof typeof KINDS =>
  datatype === 'BOOL' ? 'boolean' : datatype === 'BYTES' ? 'string' : 'number';

/** Whether elements in JSON are of a datatype: of a whole number's, in its range. */
function checkOf(datatype: string): (value: unknown) => boolean {
  const kind = kindOf(datatype);
  const [, unsigned, digits] = /^(U?)INT(\d+)$/.exec(datatype) ?? [];
  if (digits === undefined) return (value) => typeof value === kind;
  const half = 2 ** (Number(digits) - 1);
  const [least, most] = unsigned ? [0, 2 * half - 1] : [-half, half - 1];
  return (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** A row's or a tensor's elements without lists in lists. Making flat what is flat would take longer than to read it. */
export function flatOf(list: readonly unknown[]): readonly unknown[] {
  return list.some(Array.isArray) ? list.flat(DEPTH) : list;
}

/**
 * Reads the tensors of a request, whose data stand in its JSON or, one after another, in its binary
 * part.
 *
 * @throws RequestError if they do not fit what they say
 */
export function readTensors(inputs: unknown, binary: Uint8Array): InputTensor[] {
  if (!Array.isArray(inputs) || inputs.length === 0) refuse('a list of inputs', inputs);
  let at = 0;
  const tensors = inputs.map((input: unknown): InputTensor => {
    if (!isObject(input) || typeof input.name !== 'string') refuse('an input with a name', input);
    const { name, shape, datatype, parameters, data } = input;
    const isShape =
      Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
    if (!isShape) refuse(`a shape of ${name}`, shape);
    if (typeof datatype !== 'string' || !Object.hasOwn(SIZES, datatype)) {
      refuse(`a datatype of ${name} among ${Object.keys(SIZES).join(', ')}`, datatype);
    }
    const count = shape.reduce((product: number, size: number) => product * size, 1);
    const size = isObject(parameters) ? parameters.binary_data_size : undefined;
    if (size !== undefined) {
      if (
        !Number.isSafeInteger(size) ||
        (size as number) < 0 ||
        at + (size as number) > binary.length
      ) {
        refuse(`${name} of ${binary.length - at} binary bytes at most`, size);
      }
      const bytes = binary.subarray(at, at + (size as number));
      at += size as number;
      return { name, shape, datatype, data: readBinary(name, datatype, bytes, count) };
    }
    const flat = Array.isArray(data) ? flatOf(data) : [];
    if (!Array.isArray(data) || flat.length !== count) {
      refuse(`${count} elements of ${name}`, Array.isArray(data) ? flat.length : data);
    }
    // null is a missing cell of every datatype.
    const isOf = checkOf(datatype);
    const odd = flat.find((one) => one !== null && !isOf(one));
    if (odd !== undefined)
      refuse(`${KINDS[kindOf(datatype)]} of ${datatype} or null in ${name}`, odd);
    return { name, shape, datatype, data: flat as readonly Element[] };
  });
  if (at !== binary.length) refuse(`${at} binary bytes`, binary.length);
  return tensors;
}

function readBinary(name: string, datatype: string, bytes: Uint8Array, count: number): Element[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (datatype === 'BYTES') return readTexts(name, bytes, view, count);
  const size = SIZES[datatype]!;
  if (bytes.length !== size * count)
    refuse(`${size * count} binary bytes of ${name}`, bytes.length);
  const read = READERS[datatype]!;
  return Array.from({ length: count }, (_, index) => read(view, index * size));
}

/** Texts, each after its length in four bytes. */
function readTexts(name: string, bytes: Uint8Array, view: DataView, count: number): string[] {
  const texts: string[] = [];
  let at = 0;
  while (texts.length < count && at + 4 <= bytes.length) {
    const length = view.getUint32(at, true);
    if (at + 4 + length > bytes.length) break;
    texts.push(Buffer.from(bytes.subarray(at + 4, at + 4 + length)).toString('utf8'));
    at += 4 + length;
  }
  if (texts.length !== count || at !== bytes.length) {
    refuse(`${count} texts of ${name}, each after its length`, `${bytes.length} bytes`);
  }
  return texts;
}

/** A tensor's data as bytes. */
export function binaryOf({ datatype, data }: OutputTensor): Uint8Array {
  if (datatype === 'BYTES') {
    return Buffer.concat(
      data.map((text) => {
        const bytes = Buffer.from(String(text));
        const length = Buffer.alloc(4);
        length.writeUInt32LE(bytes.length);
        return Buffer.concat([length, bytes]);
      }),
    );
  }
  const bytes = Buffer.alloc(data.length * SIZES[datatype]!);
  for (const [index, value] of (data as readonly number[]).entries()) {
    if (datatype === 'FP32') bytes.writeFloatLE(value, 4 * index);
    else if (datatype === 'FP64') bytes.writeDoubleLE(value, 8 * index);
    else bytes.writeBigInt64LE(BigInt(value), 8 * index);
  }
  return bytes;
}
