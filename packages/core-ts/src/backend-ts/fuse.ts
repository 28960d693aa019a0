import type { Gemm, Op, Sgd } from '../program/ops.js';
import type { Entry } from '../program/program.js';

/**
 * Finds the weight gradients that need not be stored: a product `inputᵀ · dOutput` of the gathered
 * samples, or of one row, whose only reader is a plain SGD update. Done in one pass, the update can
 * leave out the weights of inputs that are 0, most of them for a digit; that moves no rounding.
 */
export function fusibleUpdates({ batchSize, ops }: Entry): ReadonlyMap<Gemm, Sgd> {
  const updates = new Map<Gemm, Sgd>();
  const inputs = new Set(ops.flatMap((op) => (op.op === 'gather' ? [op.input] : [])));
  for (const [at, op] of ops.entries()) {
    if (op.op !== 'gemm' || !op.transposeA || op.transposeB) continue;
    if (batchSize > 1 && !inputs.has(op.a)) continue;
    if (op.k !== 'rows' || typeof op.m !== 'number' || typeof op.n !== 'number') continue;
    const until = ops.findIndex((other) => other.op === 'sgd' && other.gradient === op.c);
    const update = ops[until];
    if (update?.op !== 'sgd' || until < at || update.l2 !== 0) continue;
    if (update.length !== op.m * op.n) continue;
    const isGradientReadElsewhere = ops.some(
      (other) => other !== op && other !== update && mentions(other, op.c),
    );
    const isWeightReadBetween = ops
      .slice(at, until)
      .some((other) => mentions(other, update.parameter));
    if (!isGradientReadElsewhere && !isWeightReadBetween) updates.set(op, update);
  }
  return updates;
}

/** Whether an op reads or writes the slice. */
export function mentions(op: Op, slice: string): boolean {
  return Object.values(op).includes(slice);
}
