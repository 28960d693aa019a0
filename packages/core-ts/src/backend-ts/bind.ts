import type { Memory } from '../program/memory.js';
import type {
  Adam,
  BinaryCrossEntropy,
  Dimension,
  Gather,
  GatherAffine,
  Gemm,
  Momentum,
  Op,
  Sgd,
  SoftmaxCrossEntropy,
  SquaredError,
} from '../program/ops.js';
import { RUN_STATUS } from '../program/pass.js';
import type { Entry } from '../program/program.js';
import { activate, activateGrad } from './activation.js';
import { prepareAffine } from './affine.js';
import {
  bindBatchNorm,
  bindBatchNormGrad,
  bindBatchNormUse,
  bindRunningStatistics,
} from './batch-norm.js';
import { biasAdd, biasGrad } from './bias.js';
import { binaryCrossEntropyRow } from './binary-cross-entropy.js';
import { always, type BoundOp } from './bound-op.js';
import { bindConv2d, bindConv2dInputGrad, bindConv2dWeightGrad } from './conv2d.js';
import { dropout } from './dropout.js';
import { bindFirstLayer } from './first-layer.js';
import { fusibleUpdates } from './fuse.js';
import { byteTable, prepareBytes, prepareFloats, prepareShifted } from './gather.js';
import { gemm, sparseRow } from './gemm.js';
import { adamUpdate, momentumUpdate, type Update } from './optimizers.js';
import {
  bindAveragePool2d,
  bindAveragePool2dGrad,
  bindMaxPool2d,
  bindMaxPool2dGrad,
} from './pool2d.js';
import { sgd, sgdFromProduct } from './sgd.js';
import { bindFoldShards, shardedBiasGrad, shardedGemm } from './shards.js';
import { argmaxRow, crossEntropyRow, softmaxRow } from './softmax.js';
import { squaredErrorRow, weighClasses } from './squared-error.js';

const { done, badIndex, badTarget, nonFiniteLoss } = RUN_STATUS;

/**
 * Binds an entry's ops to memory, once for all steps.
 *
 * @param isFrozen whether samples will not change any more
 */
export function bindEntry(entry: Entry, memory: Memory, isFrozen: boolean): BoundOp[] {
  const fused = fusibleUpdates(entry);
  const firstLayer = isFrozen ? bindFirstLayer(entry, fused, memory) : null;
  const fusedUpdates = new Set<Op>(fused.values());
  return entry.ops
    .filter((op) => !fusedUpdates.has(op))
    .map((op) => {
      const listed = firstLayer?.get(op);
      if (listed) return listed;
      const update = op.op === 'gemm' ? fused.get(op) : undefined;
      return op.op === 'gemm' && update ? bindFused(op, update, memory) : bindOp(op, memory);
    });
}

function bindOp(op: Op, memory: Memory): BoundOp {
  switch (op.op) {
    case 'gather':
      return bindGather(op, memory);
    case 'gatherTargets': {
      const labels = memory.u32(op.labels);
      const order = memory.u32(op.order);
      const targets = memory.u32(op.targets);
      return ({ rows, position }) => {
        for (let row = 0; row < rows; row += 1) {
          const sample = order[position + row]!;
          if (sample >= op.sampleCount) return badIndex;
          targets[row] = labels[sample]!;
        }
        return done;
      };
    }
    case 'gemm':
      return bindGemm(op, memory);
    case 'biasAdd': {
      const output = memory.f32(op.output);
      const bias = memory.f32(op.bias);
      return always(({ rows }) => biasAdd(output, bias, rows, op.width));
    }
    case 'biasGrad': {
      const dOutput = memory.f32(op.dOutput);
      const dBias = memory.f32(op.dBias);
      return always(({ rows }) => biasGrad(dOutput, dBias, rows, op.width));
    }
    case 'activation': {
      const output = memory.f32(op.output);
      return always(({ rows }) => activate(op.activation, output, rows * op.width));
    }
    case 'activationGrad': {
      const output = memory.f32(op.output);
      const dOutput = memory.f32(op.dOutput);
      return always(({ rows }) => activateGrad(op.activation, output, dOutput, rows * op.width));
    }
    case 'softmaxCrossEntropy':
      return bindSoftmaxCrossEntropy(op, memory);
    case 'softmax': {
      const logits = memory.f32(op.logits);
      const probabilities = memory.f32(op.probabilities);
      const { classes } = op;
      return always(({ rows, position }) => {
        for (let row = 0; row < rows; row += 1) {
          softmaxRow(logits, row * classes, classes, probabilities, (position + row) * classes);
        }
      });
    }
    case 'argmax': {
      const logits = memory.f32(op.logits);
      const predicted = memory.u32(op.predicted);
      return always(({ rows, position }) => {
        for (let row = 0; row < rows; row += 1) {
          predicted[position + row] = argmaxRow(logits, row * op.classes, op.classes);
        }
      });
    }
    case 'gatherAffine':
      return bindGatherAffine(op, memory);
    case 'dropout': {
      const input = memory.f32(op.input);
      const output = memory.f32(op.output);
      const place = memory.u32(op.place);
      const { width, layer, threshold, scale } = op;
      return always(({ rows, step, before }) => {
        const size = rows * width;
        const of = place[2]! + step;
        dropout(input, output, size, before * width, place, layer, of, threshold, scale);
      });
    }
    case 'classWeights': {
      const dLogits = memory.f32(op.dLogits);
      const targets = memory.u32(op.targets);
      const weights = memory.f32(op.weights);
      return ({ rows }) =>
        weighClasses(dLogits, targets, weights, rows, op.classes) ? done : badTarget;
    }
    case 'squaredError':
      return bindOutputLoss(op, squaredErrorRow, memory);
    case 'binaryCrossEntropy':
      return bindOutputLoss(op, binaryCrossEntropyRow, memory);
    case 'emit': {
      const logits = memory.f32(op.logits);
      const outputs = memory.f32(op.outputs);
      return always(({ rows, position }) => {
        outputs.set(logits.subarray(0, rows * op.width), position * op.width);
      });
    }
    case 'shardedGemm': {
      const [a, b, c, partial] = [op.a, op.b, op.c, op.partial].map((name) => memory.f32(name));
      return always(({ rows }) => shardedGemm(a!, b!, c!, partial!, op.m, op.n, rows, op.shards));
    }
    case 'shardedBiasGrad': {
      const dOutput = memory.f32(op.dOutput);
      const dBias = memory.f32(op.dBias);
      const partial = memory.f32(op.partial);
      return always(({ rows }) => {
        shardedBiasGrad(dOutput, dBias, partial, op.width, rows, op.shards);
      });
    }
    case 'momentum': {
      const update = bindUpdate(op, memory);
      const velocity = memory.f32(op.velocity);
      const rates = memory.f32(op.rates);
      return always(({ step }) => {
        momentumUpdate(update, velocity, rates[step]!, op.momentum, op.nesterov);
      });
    }
    case 'adam': {
      const update = bindUpdate(op, memory);
      const first = memory.f32(op.firstMoment);
      const second = memory.f32(op.secondMoment);
      const scalars = memory.f32(op.scalars);
      return always(({ step }) => {
        const [rate, correction, decay] = scalars.subarray(3 * step, 3 * step + 3);
        adamUpdate(update, first, second, op, rate!, correction!, decay!);
      });
    }
    case 'sgd': {
      const parameter = memory.f32(op.parameter);
      const gradient = memory.f32(op.gradient);
      const rates = memory.f32(op.rates);
      return always(({ step }) => sgd(parameter, gradient, op.length, rates[step]!, op.l2));
    }
    case 'conv2d':
      return bindConv2d(op, memory);
    case 'conv2dInputGrad':
      return bindConv2dInputGrad(op, memory);
    case 'conv2dWeightGrad':
      return bindConv2dWeightGrad(op, memory);
    case 'maxPool2d':
      return bindMaxPool2d(op, memory);
    case 'maxPool2dGrad':
      return bindMaxPool2dGrad(op, memory);
    case 'averagePool2d':
      return bindAveragePool2d(op, memory);
    case 'averagePool2dGrad':
      return bindAveragePool2dGrad(op, memory);
    case 'batchNorm':
      return bindBatchNorm(op, memory);
    case 'batchNormGrad':
      return bindBatchNormGrad(op, memory);
    case 'batchNormUse':
      return bindBatchNormUse(op, memory);
    case 'runningStatistics':
      return bindRunningStatistics(op, memory);
    case 'foldShards':
      return bindFoldShards(op, memory);
  }
}

function bindGather(op: Gather, memory: Memory): BoundOp {
  const order = memory.u32(op.order);
  const shifts = op.shifts === null ? null : memory.i32(op.shifts);
  const input = memory.f32(op.input);
  const { features, height, width } = op;
  const prepare = bindPrepare(op, memory);
  return ({ rows, position }) => {
    for (let row = 0; row < rows; row += 1) {
      const sample = order[position + row]!;
      if (sample >= op.sampleCount) return badIndex;
      const dx = shifts === null ? 0 : shifts[2 * (position + row)]!;
      const dy = shifts === null ? 0 : shifts[2 * (position + row) + 1]!;
      prepare(sample * features, row * features, dx, dy);
    }
    return done;
  };

  function bindPrepare(
    op: Gather,
    memory: Memory,
  ): (from: number, to: number, dx: number, dy: number) => void {
    if (op.preprocess === 'none') {
      const samples = memory.f32(op.samples);
      return (from, to) => prepareFloats(samples, from, features, input, to);
    }
    const samples = memory.u8(op.samples);
    const table = byteTable(op.preprocess);
    return (from, to, dx, dy) => {
      if (dx === 0 && dy === 0) prepareBytes(samples, from, features, table, input, to);
      else prepareShifted(samples, from, height, width, dx, dy, table, input, to);
    };
  }
}

function bindGemm(op: Gemm, memory: Memory): BoundOp {
  const a = memory.f32(op.a);
  const b = memory.f32(op.b);
  const c = memory.f32(op.c);
  const { transposeA, transposeB } = op;
  return always(({ rows }) => {
    const m = size(op.m, rows);
    const n = size(op.n, rows);
    const k = size(op.k, rows);
    gemm(transposeA, transposeB, m, n, k, 1, a, transposeA ? m : k, b, transposeB ? k : n, 0, c, n);
  });
}

function size(dimension: Dimension, rows: number): number {
  return dimension === 'rows' ? rows : dimension;
}

function bindSoftmaxCrossEntropy(op: SoftmaxCrossEntropy, memory: Memory): BoundOp {
  const logits = memory.f32(op.logits);
  const targets = memory.u32(op.targets);
  const losses = memory.f32(op.losses);
  const dLogits = memory.f32(op.dLogits);
  const { classes } = op;
  return ({ rows, position, whole }) => {
    let allFinite = true;
    const divisor = Math.fround(whole);
    for (let row = 0; row < rows; row += 1) {
      const target = targets[row]!;
      if (target >= classes) return badTarget;
      const loss = crossEntropyRow(logits, row * classes, classes, target, divisor, dLogits);
      losses[position + row] = loss;
      allFinite &&= Number.isFinite(loss);
    }
    return allFinite ? done : nonFiniteLoss;
  };
}

function bindUpdate(op: Momentum | Adam, memory: Memory): Update {
  const { length, l2 } = op;
  return { parameter: memory.f32(op.parameter), gradient: memory.f32(op.gradient), length, l2 };
}

function bindGatherAffine(op: GatherAffine, memory: Memory): BoundOp {
  const samples = memory.u8(op.samples);
  const order = memory.u32(op.order);
  const maps = memory.i32(op.maps);
  const input = memory.f32(op.input);
  const { features, height, width } = op;
  const channels = features / (height * width);
  const table = byteTable(op.preprocess);
  return ({ rows, position }) => {
    for (let row = 0; row < rows; row += 1) {
      const sample = order[position + row]!;
      if (sample >= op.sampleCount) return badIndex;
      const map = 6 * (position + row);
      prepareAffine(
        samples,
        sample * features,
        height,
        width,
        channels,
        maps,
        map,
        table,
        input,
        row * features,
      );
    }
    return done;
  };
}

/** A loss of each output for itself, of which a row's is the mean. */
function bindOutputLoss(
  op: SquaredError | BinaryCrossEntropy,
  lossRow: typeof squaredErrorRow,
  memory: Memory,
): BoundOp {
  const logits = memory.f32(op.logits);
  const targets = memory.f32(op.targets);
  const losses = memory.f32(op.losses);
  const dLogits = memory.f32(op.dLogits);
  const { outputs } = op;
  return ({ rows, position, whole }) => {
    let allFinite = true;
    const divisor = Math.fround(whole * outputs);
    for (let row = 0; row < rows; row += 1) {
      const loss = lossRow(logits, targets, row * outputs, outputs, divisor, dLogits);
      losses[position + row] = loss;
      allFinite &&= Number.isFinite(loss);
    }
    return allFinite ? done : nonFiniteLoss;
  };
}

function bindFused(product: Gemm, update: Sgd, memory: Memory): BoundOp {
  const weight = memory.f32(update.parameter);
  const input = memory.f32(product.a);
  const dOutput = memory.f32(product.b);
  const rates = memory.f32(update.rates);
  const inWidth = product.m as number;
  const outWidth = product.n as number;
  const scratch = { line: sparseRow(inWidth), gradient: new Float32Array(outWidth) };
  return always(({ rows, step }) => {
    if (scratch.line.values.length < rows) scratch.line = sparseRow(rows);
    sgdFromProduct(weight, input, dOutput, rows, inWidth, outWidth, rates[step]!, scratch);
  });
}
