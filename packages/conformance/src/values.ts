import { Stream } from '@bitgrad/core';

/**
 * Kinds of binary32 values that find mistakes:
 *
 * - `ordinary`: the standard normal distribution.
 * - `sparse`: four in five are zeros, some of them −0.
 * - `ones`: 0 and 1, as binarised images are.
 * - `tiny`: subnormal and barely normal, so that products vanish and flushing to zero shows.
 * - `huge`: up to 2^50, so that sums of products stay finite.
 * - `cancelling`: each value is followed by its negative, so that sums come back to zero.
 * - `wild`: all magnitudes from 2^−149 to 2^50, both signs, both zeros.
 * - `negativeZeros`: nothing but −0.
 */
export const VALUE_KINDS = [
  'ordinary',
  'sparse',
  'ones',
  'tiny',
  'huge',
  'cancelling',
  'wild',
  'negativeZeros',
] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

/** A stream for making a case's values. Equal seeds make equal values on every machine. */
export function caseStream(seed: number): Stream {
  return new Stream(seed, 'weights', 0xc0f);
}

/** Fills `values`, all of them finite. */
export function fillValues(values: Float32Array, kind: ValueKind, stream: Stream): void {
  for (let i = 0; i < values.length; i += 1) values[i] = draw(kind, values, i, stream);
}

/** As `fillValues`, in an array of its own. */
export function someValues(
  length: number,
  kind: ValueKind,
  stream: Stream,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(length);
  fillValues(values, kind, stream);
  return values;
}

function draw(kind: ValueKind, values: Float32Array, index: number, stream: Stream): number {
  switch (kind) {
    case 'ordinary':
      return stream.normal();
    case 'sparse': {
      const choice = stream.below(10);
      if (choice < 7) return 0;
      return choice === 7 ? -0 : stream.normal();
    }
    case 'ones':
      return stream.below(2);
    case 'tiny':
      return withExponent(stream, -149, -120);
    case 'huge':
      return withExponent(stream, 20, 50);
    case 'cancelling':
      return index % 2 === 0 ? withExponent(stream, -30, 30) : -values[index - 1]!;
    case 'wild': {
      const choice = stream.below(12);
      if (choice === 0) return 0;
      if (choice === 1) return -0;
      if (choice < 6) return stream.normal();
      return withExponent(stream, -149, 50);
    }
    case 'negativeZeros':
      return -0;
  }
}

/** A value of either sign, with a random significand, of about 2^lowest to 2^highest. */
function withExponent(stream: Stream, lowest: number, highest: number): number {
  const exponent = lowest + stream.below(highest - lowest + 1);
  const significand = 1 + stream.uniform();
  const sign = stream.below(2) === 0 ? 1 : -1;
  return Math.fround(sign * significand * powerOfTwo(exponent));
}

/** Exact on every engine, which `**` need not be. */
function powerOfTwo(exponent: number): number {
  const factor = exponent < 0 ? 0.5 : 2;
  let power = 1;
  for (let i = Math.abs(exponent); i > 0; i -= 1) power *= factor;
  return power;
}
