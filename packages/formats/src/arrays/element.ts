import { BitgradError } from '@bitgrad/core';

/** Reads the element at a byte. */
export type ReadElement = (view: DataView, at: number, isLittleEndian: boolean) => number;

/** How elements of a type are stored. */
export interface ElementType {
  readonly bytes: number;
  readonly read: ReadElement;
}

const TYPES: Readonly<Record<string, ElementType>> = {
  b1: { bytes: 1, read: (view, at) => Number(view.getUint8(at) !== 0) },
  u1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  i1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  u2: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  i2: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  u4: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  i4: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  u8: { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  i8: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  f2: { bytes: 2, read: (view, at, little) => halfNumber(view.getUint16(at, little)) },
  f4: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
};

/** The number of binary16 (IEEE 754) bits. */
function halfNumber(bits: number): number {
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent < 0x1f
        ? (fraction + 0x400) * 2 ** (exponent - 25)
        : fraction === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN;
  return bits < 0x8000 ? size : -size;
}

/** @throws BitgradError if elements of this type are not numbers that are read */
export function elementType(type: string, place: string): ElementType {
  const found = TYPES[type];
  if (found !== undefined) return found;
  if (type.startsWith('O')) {
    throw new BitgradError(
      `${place}: expected an array of numbers, received Python objects`,
      'Objects are stored as a pickle, which is a program: it is never loaded. Save plain arrays.',
    );
  }
  throw new BitgradError(
    `${place}: expected ${Object.keys(TYPES).join(', ')}, received the type ${type}`,
    /^[US]/.test(type)
      ? 'Number the texts before saving, as in numpy.unique(array, return_inverse=True)[1].'
      : 'Convert it before saving, as in array.astype("float32").',
  );
}
