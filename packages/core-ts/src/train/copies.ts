/** Bytes to copy from one place to another. */
export interface Copy {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

export function copyAll(copies: readonly Copy[]): void {
  for (const { from, to } of copies) to.set(from);
}

/** The bytes of an array, where they lie. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** `[0, 1, …, count − 1]`. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
