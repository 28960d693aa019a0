import type { Memory } from '../program/memory.js';
import type { BatchNorm, BatchNormGrad, BatchNormUse, RunningStatistics } from '../program/ops.js';
import { always, type BoundOp } from './bound-op.js';
import { firstRow } from './shards.js';

const { fround, sqrt } = Math;

/** The rows of a shard. */
interface Shard {
  readonly index: number;
  readonly first: number;
  readonly end: number;
}

/** The shards that have rows. */
function shardsOf(rows: number, shards: number): Shard[] {
  return Array.from({ length: shards }, (_, index) => ({
    index,
    first: firstRow(index, rows, shards),
    end: firstRow(index + 1, rows, shards),
  })).filter(({ first, end }) => end > first);
}

/** A binary64 sum over one channel: each row's pixels in order, then the rows' sums in order. */
function sumChannel(
  { first, end }: Shard,
  pixels: number,
  channels: number,
  channel: number,
  term: (at: number) => number,
): number {
  let sum = 0;
  for (let row = first; row < end; row += 1) {
    let ofRow = 0;
    for (let pixel = 0; pixel < pixels; pixel += 1) {
      ofRow += term((row * pixels + pixel) * channels + channel);
    }
    sum += ofRow;
  }
  return sum;
}

/** `fround(1 ÷ √(variance + epsilon))`, binary64 inside. */
const inverseDeviation = (variance: number, epsilon: number): number =>
  fround(1 / sqrt(variance + epsilon));

/** See `BatchNorm` in ops.ts. */
export function bindBatchNorm(op: BatchNorm, memory: Memory): BoundOp {
  const input = memory.f32(op.input);
  const output = memory.f32(op.output);
  const [scale, shift, mean] = [op.scale, op.shift, op.mean].map((name) => memory.f32(name));
  const variance = memory.f64(op.variance);
  const { pixels, channels, epsilon, shards } = op;
  return always(({ rows }) => {
    for (const shard of shardsOf(rows, shards)) {
      const count = (shard.end - shard.first) * pixels;
      for (let c = 0; c < channels; c += 1) {
        const at = shard.index * channels + c;
        const mu = fround(sumChannel(shard, pixels, channels, c, (i) => input[i]!) / count);
        const square = (i: number): number => (input[i]! - mu) * (input[i]! - mu);
        mean![at] = mu;
        variance[at] = sumChannel(shard, pixels, channels, c, square) / count;
        const q = inverseDeviation(variance[at]!, epsilon);
        normalize(shard, op, c, input, output, mu, q, scale![c]!, shift![c]!);
      }
    }
  });
}

/** `((x − mean) · q) · scale + shift` for one channel. */
function normalize(
  { first, end }: Shard,
  { pixels, channels }: Pick<BatchNorm, 'pixels' | 'channels'>,
  channel: number,
  input: Float32Array,
  output: Float32Array,
  mean: number,
  q: number,
  scale: number,
  shift: number,
): void {
  for (let pixel = first * pixels; pixel < end * pixels; pixel += 1) {
    const at = pixel * channels + channel;
    const normalized = fround(fround(input[at]! - mean) * q);
    output[at] = fround(fround(normalized * scale) + shift);
  }
}

/** See `BatchNormGrad` in ops.ts. */
export function bindBatchNormGrad(op: BatchNormGrad, memory: Memory): BoundOp {
  const input = memory.f32(op.input);
  const dOutput = memory.f32(op.dOutput);
  const dInput = op.dInput === null ? null : memory.f32(op.dInput);
  const [scale, mean] = [op.scale, op.mean].map((name) => memory.f32(name));
  const [dScale, dShift] = [op.dScale, op.dShift].map((name) => memory.f32(name));
  const variance = memory.f64(op.variance);
  const { pixels, channels, epsilon, shards } = op;
  return always(({ rows }) => {
    dScale!.fill(0, 0, shards * channels);
    dShift!.fill(0, 0, shards * channels);
    for (const shard of shardsOf(rows, shards)) {
      const count = (shard.end - shard.first) * pixels;
      for (let c = 0; c < channels; c += 1) {
        const at = shard.index * channels + c;
        const q = inverseDeviation(variance[at]!, epsilon);
        const normalized = (i: number): number => fround(fround(input[i]! - mean![at]!) * q);
        const d = sumChannel(shard, pixels, channels, c, (i) => dOutput[i]!);
        const e = sumChannel(shard, pixels, channels, c, (i) => dOutput[i]! * normalized(i));
        dShift![at] = d;
        dScale![at] = e;
        if (dInput === null) continue;
        const factor = fround(scale![c]! * q);
        const [meanD, meanE] = [fround(d / count), fround(e / count)];
        for (let pixel = shard.first * pixels; pixel < shard.end * pixels; pixel += 1) {
          const i = pixel * channels + c;
          const centred = fround(dOutput[i]! - meanD);
          const along = fround(normalized(i) * meanE);
          dInput[i] = fround(factor * fround(centred - along));
        }
      }
    }
  });
}

/** See `BatchNormUse` in ops.ts. */
export function bindBatchNormUse(op: BatchNormUse, memory: Memory): BoundOp {
  const input = memory.f32(op.input);
  const output = memory.f32(op.output);
  const [scale, shift] = [op.scale, op.shift].map((name) => memory.f32(name));
  const [mean, variance] = [op.mean, op.variance].map((name) => memory.f32(name));
  return always(({ rows }) => {
    const all = { index: 0, first: 0, end: rows };
    for (let c = 0; c < op.channels; c += 1) {
      const q = inverseDeviation(variance![c]!, op.epsilon);
      normalize(all, op, c, input, output, mean![c]!, q, scale![c]!, shift![c]!);
    }
  });
}

/** See `RunningStatistics` in ops.ts. */
export function bindRunningStatistics(op: RunningStatistics, memory: Memory): BoundOp {
  const mean = memory.f32(op.mean);
  const variance = memory.f64(op.variance);
  const [runningMean, runningVariance] = [op.runningMean, op.runningVariance].map((name) =>
    memory.f32(name),
  );
  const { pixels, channels, momentum, complement, shards } = op;
  const take = (running: Float32Array, c: number, value: number): void => {
    running[c] = fround(fround(running[c]! * momentum) + fround(fround(value) * complement));
  };
  return always(({ rows }) => {
    const filled = shardsOf(rows, shards);
    for (let c = 0; c < channels; c += 1) {
      let means = 0;
      let variances = 0;
      for (const { index, first, end } of filled) {
        const at = index * channels + c;
        const count = (end - first) * pixels;
        means += mean[at]!;
        variances += count === 1 ? variance[at]! : (variance[at]! * count) / (count - 1);
      }
      take(runningMean!, c, means / filled.length);
      take(runningVariance!, c, variances / filled.length);
    }
  });
}
