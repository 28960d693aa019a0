import { BitgradError, show } from '@bitgrad/core';

/** What an NPY file says of its array. */
export interface NpyHeader {
  /** One letter for the kind and the bytes of an element, as in `f4`. */
  readonly type: string;
  readonly isLittleEndian: boolean;
  /** Whether the first dimension runs fastest, not the last. */
  readonly isFortran: boolean;
  /** At least one size, each at least 1. */
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly offset: number;
}

/** Bytes of the longest header that is read. */
const longestHeader = 2 ** 16;

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const ENTRY =
  /^\s*'(descr|fortran_order|shape)'\s*:\s*('[^']*'|True|False|\(\s*(?:\d+\s*,\s*)*(?:\d+\s*)?\))\s*(?:,|$)/;

/** Whether bytes start as NPY does. */
export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => bytes[index] === byte);
}

/** Where a header ends, or undefined while more bytes are needed to say so. */
export function npyHeaderEnd(bytes: Uint8Array, place: string): number | undefined {
  if (bytes.length >= MAGIC.length && !isNpy(bytes)) {
    throw new BitgradError(
      `${place}: expected an NPY array (first bytes 93 4e 55), received ${Buffer.from(bytes.subarray(0, 3)).toString('hex')}`,
    );
  }
  // Nothing yet where there are fewer bytes, which then are too few below.
  const version = bytes[6]!;
  if (version < 1 || version > 3) {
    throw new BitgradError(`${place}: expected NPY version 1, 2 or 3, received ${version}`);
  }
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > longestHeader) {
    throw new BitgradError(
      `${place}: expected a header of at most ${longestHeader} bytes, received one that says ${length}`,
    );
  }
  return start + length;
}

/**
 * Reads a whole header: a Python dictionary of exactly `descr`, `fortran_order` and `shape`. It is
 * matched, never executed.
 *
 * @throws BitgradError if it is anything else
 */
export function readNpyHeader(bytes: Uint8Array, end: number, place: string): NpyHeader {
  const start = bytes[6] === 1 ? 10 : 12;
  const text = Buffer.from(bytes.subarray(start, end)).toString('latin1').trim();
  const entries = readEntries(text, place);
  const [, order, type] = /^'([<>|=])([a-zA-Z]\d*)'$/.exec(entries.get('descr')!) ?? [];
  if (order === undefined || type === undefined) {
    throw new BitgradError(
      `${place}: expected an array of numbers, received the type ${entries.get('descr')}`,
    );
  }
  const shape = [...entries.get('shape')!.matchAll(/\d+/g)].map(([size]) => Number(size));
  if (shape.length === 0 || shape.includes(0)) {
    throw new BitgradError(
      `${place}: expected sizes of at least 1, received the shape ${entries.get('shape')}`,
    );
  }
  const isFortran = entries.get('fortran_order') === 'True' && shape.length > 1;
  return { type, isLittleEndian: order !== '>', isFortran, shape, offset: end };
}

function readEntries(text: string, place: string): Map<string, string> {
  if (/^\{\s*'descr'\s*:\s*\[/.test(text)) {
    throw new BitgradError(
      `${place}: expected an array of numbers, received one of records`,
      'Save its fields as a table, as pandas.DataFrame(array).to_csv does.',
    );
  }
  const entries = new Map<string, string>();
  let rest = /^\{(.*)\}$/s.exec(text)?.[1]?.trim() ?? '';
  for (let found = ENTRY.exec(rest); found !== null; found = ENTRY.exec(rest)) {
    entries.set(found[1]!, found[2]!);
    rest = rest.slice(found[0].length).trim();
  }
  const isWhole =
    rest === '' &&
    entries.size === 3 &&
    entries.get('descr')!.startsWith("'") &&
    /^(?:True|False)$/.test(entries.get('fortran_order')!) &&
    entries.get('shape')!.startsWith('(');
  if (isWhole) return entries;
  throw new BitgradError(
    `${place}: expected a header with descr, fortran_order and shape, received ${show(text)}`,
  );
}
