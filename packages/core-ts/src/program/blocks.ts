import type { Placed } from './operand.js';
import type { Op } from './ops.js';

/** Ops that follow each other and treat each row for itself. */
export interface Block {
  /** How many ops. */
  readonly length: number;
  /** How many rows at a time: what they make of so many stays in a core's own cache. */
  readonly rows: number;
}

/** Ops that make large rows, each of its own row alone, and meet with no error. */
const ROW_OPS: ReadonlySet<Op['op']> = new Set([
  'activation',
  'activationGrad',
  'averagePool2d',
  'averagePool2dGrad',
  'batchNormUse',
  'biasAdd',
  'conv2d',
  'conv2dInputGrad',
  'dropout',
  'maxPool2d',
  'maxPool2dGrad',
]);

/** What a block's rows may take: half of the smallest second caches. */
const BLOCK_BYTES = 256 * 1024;

/**
 * Finds ops whose rows can go through all of them before the next rows do, so that what one writes is
 * still near when the next reads it: images are large, and a batch of them is larger than a cache.
 *
 * @param meetings the places of ops before which members of a team meet: until then they look at
 *   their own rows alone
 */
export function findBlocks(
  ops: readonly Placed[],
  meetings: ReadonlySet<number>,
  batchSize: number,
): ReadonlyMap<number, Block> {
  const blocks = new Map<number, Block>();
  for (let start = 0; start < ops.length; start += 1) {
    let end = start;
    while (isRowOp(ops[end]) && (end === start || !meetings.has(end))) end += 1;
    if (end - start < 2) continue;
    const rows = Math.max(1, Math.floor(BLOCK_BYTES / rowBytes(ops.slice(start, end))));
    if (rows < batchSize) blocks.set(start, { length: end - start, rows });
    start = end - 1;
  }
  return blocks;
}

function isRowOp(placed: Placed | undefined): boolean {
  return placed !== undefined && ROW_OPS.has(placed.op.op);
}

/** What a row takes in all slices that the ops look at, each counted once. */
function rowBytes(ops: readonly Placed[]): number {
  const widths = new Map<number, number>();
  for (const { operands } of ops) {
    for (const { offset, rows, width } of operands) {
      if (rows === 'step') widths.set(offset, Math.max(width, widths.get(offset) ?? 0));
    }
  }
  return [...widths.values()].reduce((sum, width) => sum + 4 * width, 0);
}
