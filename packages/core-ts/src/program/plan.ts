import { type Block, findBlocks } from './blocks.js';
import { type FirstLayer, findFirstLayers } from './first-layer.js';
import { conflicts, looksAt, type Operand, offsetOf, type Placed, placeOps } from './operand.js';
import type { Dimension, Gemm, Op } from './ops.js';
import type { Entry, Program } from './program.js';

/** Which part of a product's result a member of a team computes. */
export type Split = 'rows' | 'columns';

/** What a backend that fuses ops and shares them among threads need not find out itself. */
export interface PlannedOp {
  /** How members share a product. */
  readonly split: Split;
  /** Whether members must meet before it. */
  readonly meets: boolean;
  /** The place of the update that a product makes of its gradient on the way, or null. */
  readonly update: number | null;
  /** Whether it is such an update, and made already. */
  readonly isMade: boolean;
  /** What it is to a gather whose samples may be listed, if anything. */
  readonly first: FirstLayer | null;
  /** The ops from here on that may be run together for a few rows at a time, or null. */
  readonly block: Block | null;
}

/**
 * Ops that members run for their rows and meet inside, so that all of them must come: before it they tell
 * each other of errors.
 */
const MEETS_INSIDE: ReadonlySet<Op['op']> = new Set(['batchNorm', 'batchNormGrad']);

/** A step's rows or columns that are kept together when members share them. */
const ROWS_TOGETHER = 8;

/**
 * Plans an entry for a team of at most `members` threads: nothing of it moves a bit.
 *
 * @param program a valid one
 */
export function planEntry(program: Program, entry: Entry, members: number): PlannedOp[] {
  const ops = placeOps(program, entry);
  const splits = ops.map((placed) => splitOf(placed, ops, entry.batchSize, members));
  const updates = ops.map((_, at) => findUpdate(ops, at));
  const made = new Set(updates);
  const meetings = findMeetings(ops, splits, updates, made);
  const first = findFirstLayers(ops, updates, entry.batchSize, members);
  const blocks = findBlocks(ops, meetings, entry.batchSize);
  return ops.map((_, at) => ({
    split: splits[at]!,
    meets: meetings.has(at),
    update: updates[at]!,
    isMade: made.has(at),
    first: first.get(at) ?? null,
    block: blocks.get(at) ?? null,
  }));
}

/**
 * Members that share a step's rows need not wait for what others make of theirs; but weights that
 * change are better kept where they are changed, and few rows leave some members without any. A
 * member's columns must be wide enough for its tiles.
 */
function splitOf(
  placed: Placed,
  ops: readonly Placed[],
  batchSize: number,
  members: number,
): Split {
  const { op } = placed;
  if (op.op !== 'gemm') return 'rows';
  const isWide = op.n !== 'rows' && op.n >= 128;
  if (op.m !== 'rows') return isWide ? 'columns' : 'rows';
  const isLarge = op.n !== 'rows' && op.n * (op.k === 'rows' ? batchSize : op.k) >= 32768;
  const isWritten = (offset: number): boolean =>
    ops.some(({ operands }) => operands.some((one) => one.offset === offset && one.isWritten));
  const areRowsEnough =
    batchSize >= 4 * ROWS_TOGETHER * members && !isWritten(offsetOf(placed, 'b'));
  return isWide && isLarge && !areRowsEnough ? 'columns' : 'rows';
}

/**
 * The place of the update that alone reads what the product at `index` makes, and that might as well
 * be there; or null. The gradient need not be stored then.
 */
function findUpdate(ops: readonly Placed[], index: number): number | null {
  const product = ops[index]!;
  const { op } = product;
  if (op.op !== 'gemm' || op.k !== 'rows' || op.m === 'rows' || op.n === 'rows') return null;
  const gradient = offsetOf(product, 'c');
  const readers = ops.flatMap((other, at) =>
    at !== index && looksAt(other, gradient) ? [at] : [],
  );
  const [found] = readers;
  if (found === undefined || readers.length > 1 || found < index) return null;
  const update = ops[found]!;
  if (!isUpdateBy(update, gradient, op)) return null;
  const isInTheWay = ops
    .slice(index, found)
    .some((other) => conflicts(other, update).some(([, { offset }]) => offset !== gradient));
  return isInTheWay ? null : found;
}

/** Whether it updates as many parameters by this gradient, and looks at it in no other way. */
function isUpdateBy(update: Placed, gradient: number, { m, n }: Gemm): boolean {
  const { op } = update;
  if (op.op !== 'sgd' && op.op !== 'momentum' && op.op !== 'adam') return false;
  return !looksAt(update, gradient, 'gradient') && op.length === (m as number) * (n as number);
}

/**
 * Where members must wait for each other: before an op that needs what others have made since they
 * last met, or would change what they may still be reading. Most ops treat each row of a batch for
 * itself, and members share the rows in the same way in all of them, so that one may follow the other
 * without a meeting; what is made of all rows may not.
 */
function findMeetings(
  ops: readonly Placed[],
  splits: readonly Split[],
  updates: readonly (number | null)[],
  made: ReadonlySet<number | null>,
): ReadonlySet<number> {
  const meetings = new Set<number>();
  // An op and the update that it makes on the way are one.
  const partsOf = (at: number): number[] => [at, updates[at] ?? at];
  const mayOverlap = (earlier: number, later: number): boolean =>
    partsOf(earlier).every((before) =>
      partsOf(later).every((after) =>
        conflicts(ops[before]!, ops[after]!).every(([mine, theirs]) => {
          const one = ownRows(mine, ops[before]!, splits[before]!);
          const other = ownRows(theirs, ops[after]!, splits[after]!);
          return (
            one !== null && other !== null && one.rows === other.rows && one.width === other.width
          );
        }),
      ),
    );
  let lastMeeting = 0;
  for (let later = 0; later < ops.length; later += 1) {
    if (made.has(later)) continue;
    if (MEETS_INSIDE.has(ops[later]!.op.op)) {
      meetings.add(later);
      lastMeeting = later;
      continue;
    }
    for (let earlier = lastMeeting; earlier < later; earlier += 1) {
      if (made.has(earlier) || mayOverlap(earlier, later)) continue;
      meetings.add(later);
      lastMeeting = later;
      break;
    }
  }
  return meetings;
}

/** The operand where a member needs but its own rows of it, else null. */
function ownRows(operand: Operand, { op }: Placed, split: Split): Operand | null {
  if (operand.rows === 'none' || operand.width === 0) return null;
  if (op.op !== 'gemm') return operand;
  const isColumn = operand.field === 'a' && op.transposeA;
  return split === 'rows' && op.m === 'rows' && !isColumn ? operand : null;
}

/** Multiplications of an op in a full step, where they are many: whether threads pay hangs on them. */
export function multiplicationsOf(op: Op, batchSize: number): number {
  const size = (dimension: Dimension): number => (dimension === 'rows' ? batchSize : dimension);
  switch (op.op) {
    case 'gemm':
      return size(op.m) * size(op.n) * size(op.k);
    case 'shardedGemm':
      return op.m * op.n * batchSize;
    case 'conv2d':
    case 'conv2dInputGrad':
    case 'conv2dWeightGrad':
      return (
        batchSize *
        op.outHeight *
        op.outWidth *
        op.kernelHeight *
        op.kernelWidth *
        op.channels *
        op.filters
      );
    default:
      return 0;
  }
}
