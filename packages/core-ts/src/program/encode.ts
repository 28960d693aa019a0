import { CHOICES, type Field, OP_NAMES, OPERANDS } from './operands.js';
import type { Op } from './ops.js';
import { multiplicationsOf, type PlannedOp, planEntry } from './plan.js';
import {
  ALIGNMENT,
  type Entry,
  type Program,
  placedSlices,
  SAMPLES_PLACE,
  type Slice,
} from './program.js';

/** How an absent slice is written. */
const ABSENT = 0xffffffff;
/** How the dimension `rows` is written. */
const ROWS = 0xffffffff;
/** Added to the place of what lies among the samples apart. */
const APART = 0x80000000;

/** The bits of an op's first word of its plan; its role at the first layer stands above them. */
const FLAGS = { columns: 1, meets: 2, isMade: 4, isTrained: 8, role: 16 };
const ROLES = ['none', 'gather', 'forward', 'gradient', 'shardedGradient'] as const;

/**
 * Writes an entry and a plan for it (`plan.ts`) as 32-bit words, for backends that are not JavaScript:
 *
 * `[batchSize, number of ops, multiplications of a full step (two words, the low one first), elements
 * of control]`, then for each op its length in words (itself included), its code (its place in `OP_NAMES`), its plan
 * (flags and role; the places of its update, its gather and its panels' product, 0xffffffff where
 * there is none; the ops of the block that begins with it, or 0, and its rows), and its fields in the order of `OPERANDS`: a slice as its offset in bytes
 * (0xffffffff where absent), one to gather from as its offset in units of 64 bytes, plus 0x80000000 where
 * it lies among the samples apart, a number as an integer (`rows` as 0xffffffff), a float as its binary32
 * bits, a double as its binary64 bits in two words, the low one first, a flag as 0 or 1, a choice as
 * its place in `CHOICES`.
 *
 * @param program a valid program
 * @param members how many threads may run it together
 */
export function encodeEntry(program: Program, entry: Entry, members: number): Uint32Array {
  const slices = placedSlices(program);
  const multiplications = entry.ops.reduce(
    (sum, op) => sum + multiplicationsOf(op, entry.batchSize),
    0,
  );
  const high = Math.min(0xffffffff, Math.floor(multiplications / 0x100000000));
  const control = program.slices.find(({ name }) => name === 'control')!;
  const words: number[] = [
    ...[entry.batchSize, entry.ops.length, multiplications >>> 0, high],
    control.length,
  ];
  const plan = planEntry(program, entry, members);
  for (const [at, op] of entry.ops.entries()) {
    const fields = Object.entries(OPERANDS[op.op]) as [keyof Op, Field][];
    const encoded = fields.flatMap(([name, field]) => encodeField(field, op[name], slices));
    const planned = encodePlan(plan[at]!);
    words.push(encoded.length + planned.length + 2, OP_NAMES.indexOf(op.op));
    words.push(...planned, ...encoded);
  }
  return Uint32Array.from(words);
}

function encodePlan({ split, meets, isMade, update, first, block }: PlannedOp): number[] {
  const flags =
    (split === 'columns' ? FLAGS.columns : 0) +
    (meets ? FLAGS.meets : 0) +
    (isMade ? FLAGS.isMade : 0) +
    (first?.isTrained ? FLAGS.isTrained : 0) +
    FLAGS.role * ROLES.indexOf(first?.role ?? 'none');
  const places = [update, first?.gather, first?.panels].map((place) => place ?? ABSENT);
  return [flags, ...places, block?.length ?? 0, block?.rows ?? 0];
}

function encodeField(
  field: Field,
  value: unknown,
  slices: ReadonlyMap<string, Slice>,
): number | number[] {
  switch (field.kind) {
    case 'slice':
      return value === null ? ABSENT : slices.get(value as string)!.offset;
    case 'samples': {
      const { offset } = slices.get(value as string)!;
      return offset < SAMPLES_PLACE
        ? offset / ALIGNMENT
        : APART + (offset - SAMPLES_PLACE) / ALIGNMENT;
    }
    case 'count':
    case 'word':
    case 'dimension':
      return value === 'rows' ? ROWS : (value as number);
    case 'float':
      return new Uint32Array(Float32Array.of(value as number).buffer)[0]!;
    case 'double': {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, value as number, true);
      return [view.getUint32(0, true), view.getUint32(4, true)];
    }
    case 'flag':
      return value === true ? 1 : 0;
    case 'choice':
      return (CHOICES[field.type] as readonly string[]).indexOf(value as string);
  }
}
