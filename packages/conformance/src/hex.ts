/** Typed arrays whose elements the suite compares and writes as hexadecimal digits. */
export type Numbers = Float32Array | Float64Array | Uint32Array | Int32Array | Uint8Array;

/** The unsigned integers that an array's elements are made of; of binary64 numbers, two each. */
export function bitsOf(values: Numbers): Uint32Array | Uint8Array {
  return values instanceof Uint8Array
    ? values
    : new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
}

/** One element as its value and its bits, as in `0.1 (3dcccccd)`. */
export function showElement(values: Numbers, index: number): string {
  const value = Object.is(values[index], -0) ? '-0' : String(values[index]);
  const words = values.BYTES_PER_ELEMENT === 8 ? [2 * index + 1, 2 * index] : [index];
  const digits = values instanceof Uint8Array ? 2 : 8;
  const bits = words.map((at) => bitsOf(values)[at]!.toString(16).padStart(digits, '0'));
  return `${value} (${bits.join('')})`;
}

/** Fills `values` with what goldens hold: 8 digits for an element, 2 for a byte. */
export function writeHex(hex: string, values: Numbers): void {
  const digits = 2 * values.BYTES_PER_ELEMENT;
  if (hex.length !== values.length * digits) {
    throw new Error(`golden: expected ${values.length} elements, received ${hex.length / digits}`);
  }
  const bits = bitsOf(values);
  for (let i = 0; i < values.length; i += 1) {
    const element = hex.slice(i * digits, (i + 1) * digits);
    if (digits < 16) bits[i] = Number.parseInt(element, 16);
    else {
      bits[2 * i] = Number.parseInt(element.slice(8), 16);
      bits[2 * i + 1] = Number.parseInt(element.slice(0, 8), 16);
    }
  }
}

/** The binary32 values that `hex` holds. */
export function floatsFromHex(hex: string): Float32Array<ArrayBuffer> {
  const values = new Float32Array(hex.length / 8);
  writeHex(hex, values);
  return values;
}
