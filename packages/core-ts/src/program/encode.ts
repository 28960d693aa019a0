import { CHOICES, type Field, OP_NAMES, OPERANDS } from './operands.js';
import type { Op } from './ops.js';
import type { Entry, Program } from './program.js';

/** How an absent slice is written. */
const ABSENT = 0xffffffff;
/** How the dimension `rows` is written. */
const ROWS = 0xffffffff;

/**
 * Writes an entry as 32-bit words, for backends that are not JavaScript:
 *
 * `[batchSize, number of ops]`, then for each op its length in words (itself included), its code
 * (its place in `OP_NAMES`) and its fields in the order of `OPERANDS`: a slice as its offset in
 * bytes (0xffffffff where absent), a number as an integer (`rows` as 0xffffffff), a float as its
 * binary32 bits, a flag as 0 or 1, a choice as its place in `CHOICES`.
 *
 * @param program a valid program
 */
export function encodeEntry(program: Program, entry: Entry): Uint32Array {
  const offsets = new Map(program.slices.map((slice) => [slice.name, slice.offset]));
  const words: number[] = [entry.batchSize, entry.ops.length];
  for (const op of entry.ops) {
    const fields = Object.entries(OPERANDS[op.op]) as [keyof Op, Field][];
    words.push(fields.length + 2, OP_NAMES.indexOf(op.op));
    for (const [name, field] of fields) words.push(encodeField(field, op[name], offsets));
  }
  return Uint32Array.from(words);
}

function encodeField(field: Field, value: unknown, offsets: ReadonlyMap<string, number>): number {
  switch (field.kind) {
    case 'slice':
    case 'samples':
      return value === null ? ABSENT : offsets.get(value as string)!;
    case 'count':
    case 'word':
      return value as number;
    case 'dimension':
      return value === 'rows' ? ROWS : (value as number);
    case 'float':
      return new Uint32Array(Float32Array.of(value as number).buffer)[0]!;
    case 'flag':
      return value === true ? 1 : 0;
    case 'choice':
      return (CHOICES[field.type] as readonly string[]).indexOf(value as string);
  }
}
