import type { Memory } from '../program/memory.js';
import type { Gather, Gemm, Op, Sgd } from '../program/ops.js';
import { RUN_STATUS } from '../program/pass.js';
import type { Entry } from '../program/program.js';
import type { BoundOp } from './bound-op.js';
import { mentions } from './fuse.js';
import { byteTable } from './gather.js';
import { multiplyRow, sparseRow } from './gemm.js';
import { listSample, sampleTableOf } from './sample-table.js';
import { sgdFromRow } from './sgd.js';

const { done, badIndex } = RUN_STATUS;

/**
 * Binds the gather and the products of the first layer where steps take one sample and samples do not
 * change: what is not 0 in them is listed once, and no step looks for it. As only these products would
 * read the gathered sample, it is not written. Binds nothing where that would not do or not pay.
 *
 * @param fused the products whose update is done with them
 */
export function bindFirstLayer(
  { batchSize, ops }: Entry,
  fused: ReadonlyMap<Gemm, Sgd>,
  memory: Memory,
): ReadonlyMap<Op, BoundOp> {
  const bound = new Map<Op, BoundOp>();
  const gather = ops.find((op) => op.op === 'gather');
  if (batchSize !== 1 || gather?.op !== 'gather') return bound;
  if (gather.shifts !== null || gather.preprocess === 'none') return bound;
  const products = productsOf(gather, ops, fused);
  const width = products[0]?.n;
  if (typeof width !== 'number') return bound;
  const samples = memory.u8(gather.samples);
  const table = sampleTableOf(samples, gather.sampleCount, gather.features);
  if (table === null) return bound;

  const order = memory.u32(gather.order);
  const values = gather.preprocess === 'binarize' ? null : byteTable(gather.preprocess);
  const row = sparseRow(gather.features);
  row.values.fill(1);
  row.allOnes = values === null;
  bound.set(gather, ({ position }) => {
    const sample = order[position]!;
    if (sample >= gather.sampleCount) return badIndex;
    listSample(table, sample, values, width, row);
    return done;
  });
  for (const product of products) {
    const b = memory.f32(product.b);
    const update = fused.get(product);
    if (update === undefined) {
      const c = memory.f32(product.c);
      bound.set(product, () => {
        multiplyRow(row, b, 1, width, c, 0);
        return done;
      });
    } else {
      const weight = memory.f32(update.parameter);
      const rates = memory.f32(update.rates);
      const change = new Float32Array(width);
      bound.set(product, ({ step }) => {
        sgdFromRow(weight, row, b, width, rates[step]!, change);
        return done;
      });
    }
  }
  return bound;
}

/** The products that read what `gather` writes; none if other ops do too, or in another way. */
function productsOf(gather: Gather, ops: readonly Op[], fused: ReadonlyMap<Gemm, Sgd>): Gemm[] {
  const { input, features } = gather;
  const others = ops.filter((op) => op !== gather && mentions(op, input));
  const products = others.filter(
    (op): op is Gemm =>
      op.op === 'gemm' &&
      op.b !== input &&
      op.c !== input &&
      !op.transposeB &&
      (fused.has(op)
        ? op.m === features
        : !op.transposeA && op.m === 'rows' && op.k === features) &&
      op.n === (others[0] as Gemm).n,
  );
  const areAfter = ops.indexOf(gather) < ops.indexOf(others[0]!);
  return areAfter && products.length === others.length ? products : [];
}
