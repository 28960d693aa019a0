import type { Memory } from '../program/memory.js';
import type { FoldShards } from '../program/ops.js';
import { biasGrad } from './bias.js';
import { always, type BoundOp } from './bound-op.js';
import { gemm } from './gemm.js';

const { fround } = Math;

/** See `FoldShards` in ops.ts. */
export function bindFoldShards(op: FoldShards, memory: Memory): BoundOp {
  const sums = memory.f32(op.sums);
  const gradient = memory.f32(op.gradient);
  const { length, shards } = op;
  return always(() => {
    gradient.set(sums.subarray(0, length));
    for (let shard = 1; shard < shards; shard += 1) {
      for (let i = 0; i < length; i += 1) {
        gradient[i] = fround(gradient[i]! + sums[shard * length + i]!);
      }
    }
  });
}

/** The first row of a shard: `⌊shard · rows ÷ shards⌋`. */
export function firstRow(shard: number, rows: number, shards: number): number {
  return Math.floor((shard * rows) / shards);
}

/**
 * Adds the shards' sums in their order.
 *
 * @param sum writes the sum over rows `first` to `end` (exclusive) into `out`
 */
function addShards(
  sum: (first: number, end: number, out: Float32Array) => void,
  total: Float32Array,
  partial: Float32Array,
  length: number,
  rows: number,
  shards: number,
): void {
  sum(0, firstRow(1, rows, shards), total);
  for (let shard = 1; shard < shards; shard += 1) {
    sum(firstRow(shard, rows, shards), firstRow(shard + 1, rows, shards), partial);
    for (let i = 0; i < length; i += 1) total[i] = fround(total[i]! + partial[i]!);
  }
}

/** `c = Σ_shards aᵀ · b`; see `ShardedGemm` in ops.ts. */
export function shardedGemm(
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
  partial: Float32Array,
  m: number,
  n: number,
  rows: number,
  shards: number,
): void {
  const product = (first: number, end: number, out: Float32Array): void =>
    gemm(
      true,
      false,
      m,
      n,
      end - first,
      1,
      a.subarray(first * m),
      m,
      b.subarray(first * n),
      n,
      0,
      out,
      n,
    );
  addShards(product, c, partial, m * n, rows, shards);
}

/** `dBias = Σ_shards Σ_r dOutput[r]`; see `ShardedBiasGrad` in ops.ts. */
export function shardedBiasGrad(
  dOutput: Float32Array,
  dBias: Float32Array,
  partial: Float32Array,
  width: number,
  rows: number,
  shards: number,
): void {
  const sum = (first: number, end: number, out: Float32Array): void =>
    biasGrad(dOutput.subarray(first * width), out, end - first, width);
  addShards(sum, dBias, partial, width, rows, shards);
}
