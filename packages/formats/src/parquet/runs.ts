/** A part of a page: values of few bits, packed or as runs of one value. */
export interface PackedPart {
  readonly bytes: Uint8Array;
  readonly offset: number;
  /** Bits of a value. */
  readonly width: number;
  /** How many values there should be. */
  readonly count: number;
}

/** Writers pack whole groups, and up to 63 of them, whatever remains of the values. */
const padding = 8 * 63;

/** Decoders hold a run's head in 32 bits. */
const largestHead = 2 ** 31 - 1;

/**
 * Walks over the levels of a page, which every value has.
 *
 * @throws Error if there are more or fewer than there should be
 */
export function checkLevels(part: PackedPart): void {
  const seen = checkRuns(part);
  if (seen < part.count) throw new Error(`${seen} levels for ${part.count} values`);
}

/**
 * Walks over the runs of a packed part (a varint each: an odd one is a count of packed groups of
 * eight, an even one a count of repetitions) without making the values.
 *
 * @returns how many values there are; values that are missing have none
 * @throws Error if a run says more values than there should be; a few bytes could otherwise fill
 *   the memory
 */
export function checkRuns({ bytes, offset, width, count }: PackedPart): number {
  let at = offset;
  let seen = 0;
  while (seen < count && at < bytes.length) {
    let head = 0;
    let scale = 1;
    let byte = 128;
    while (byte >= 128 && at < bytes.length) {
      byte = bytes[at]!;
      head += (byte % 128) * scale;
      scale *= 128;
      at += 1;
    }
    const isPacked = head % 2 === 1;
    const length = Math.floor(head / 2);
    seen += isPacked ? length * 8 : length;
    at += isPacked ? length * width : Math.ceil(width / 8);
    if (head > largestHead || seen > count + (isPacked ? padding : 0)) {
      throw new Error(`a run that ends at value ${seen} of ${count}`);
    }
  }
  return seen;
}
