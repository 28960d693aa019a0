import type { Memory } from '../program/memory.js';
import type { Conv2d, Conv2dInputGrad, Conv2dWeightGrad, Window } from '../program/ops.js';
import { always, type BoundOp } from './bound-op.js';
import { firstRow } from './shards.js';
import { visitWindow, visitWindows } from './windows.js';

const { fround } = Math;

/** `out[0 … n) += a · b[0 … n)`; a factor of 0 adds nothing. */
function addScaled(
  out: Float32Array,
  to: number,
  a: number,
  b: Float32Array,
  from: number,
  n: number,
): void {
  if (a === 0) return;
  for (let o = 0; o < n; o += 1) out[to + o] = fround(out[to + o]! + fround(a * b[from + o]!));
}

/** See `Conv2d` in ops.ts. */
export function bindConv2d(op: Conv2d, memory: Memory): BoundOp {
  const input = memory.f32(op.input);
  const weight = memory.f32(op.weight);
  const bias = op.bias === null ? null : memory.f32(op.bias);
  const output = memory.f32(op.output);
  const { height, width, channels, kernelWidth, filters } = op;
  return always(({ rows }) => {
    visitWindows(op, rows, (row, y, x, at) => {
      const to = at * filters;
      output.fill(0, to, to + filters);
      visitWindow(op, y, x, (pixel, i, j) => {
        const from = (row * height * width + pixel) * channels;
        const tap = (i * kernelWidth + j) * channels;
        for (let c = 0; c < channels; c += 1) {
          addScaled(output, to, input[from + c]!, weight, (tap + c) * filters, filters);
        }
      });
      if (bias === null) return;
      for (let o = 0; o < filters; o += 1) output[to + o] = fround(output[to + o]! + bias[o]!);
    });
  });
}

/** See `Conv2dInputGrad` in ops.ts. */
export function bindConv2dInputGrad(op: Conv2dInputGrad, memory: Memory): BoundOp {
  const dOutput = memory.f32(op.dOutput);
  const weight = memory.f32(op.weight);
  const dInput = memory.f32(op.dInput);
  const { height, width, channels, kernelHeight, kernelWidth, filters } = op;
  const addWindow = (row: number, y: number, x: number, i: number, j: number, to: number): void => {
    const from = ((row * op.outHeight + y) * op.outWidth + x) * filters;
    const tap = (i * kernelWidth + j) * channels;
    for (let o = 0; o < filters; o += 1) {
      const d = dOutput[from + o]!;
      if (d === 0) continue;
      for (let c = 0; c < channels; c += 1) {
        const product = fround(d * weight[(tap + c) * filters + o]!);
        dInput[to + c] = fround(dInput[to + c]! + product);
      }
    }
  };
  return always(({ rows }) => {
    dInput.fill(0, 0, rows * height * width * channels);
    for (let at = 0; at < rows * height * width; at += 1) {
      const row = Math.floor(at / (height * width));
      const v = Math.floor(at / width) % height;
      const u = at % width;
      for (let i = 0; i < kernelHeight; i += 1) {
        const y = outputPlace(v + op.paddingTop - i, op.strideVertical, op.outHeight);
        if (y < 0) continue;
        for (let j = 0; j < kernelWidth; j += 1) {
          const x = outputPlace(u + op.paddingLeft - j, op.strideHorizontal, op.outWidth);
          if (x >= 0) addWindow(row, y, x, i, j, at * channels);
        }
      }
    }
  });
}

/** `from ÷ stride` where it comes out even and inside, else −1. */
function outputPlace(from: number, stride: number, size: number): number {
  const place = from / stride;
  return Number.isInteger(place) && place >= 0 && place < size ? place : -1;
}

/** See `Conv2dWeightGrad` in ops.ts. */
export function bindConv2dWeightGrad(op: Conv2dWeightGrad, memory: Memory): BoundOp {
  const input = memory.f32(op.input);
  const dOutput = memory.f32(op.dOutput);
  const dWeight = memory.f32(op.dWeight);
  const dBias = op.dBias === null ? null : memory.f32(op.dBias);
  const { filters, shards } = op;
  const length = op.kernelHeight * op.kernelWidth * op.channels * filters;
  return always(({ rows }) => {
    dWeight.fill(0, 0, shards * length);
    dBias?.fill(0, 0, shards * filters);
    for (let shard = 0; shard < shards; shard += 1) {
      const first = firstRow(shard, rows, shards);
      const count = firstRow(shard + 1, rows, shards) - first;
      const images = input.subarray(first * op.height * op.width * op.channels);
      const gradients = dOutput.subarray(first * op.outHeight * op.outWidth * filters);
      addWeightGradients(op, images, gradients, count, dWeight.subarray(shard * length), filters);
      if (dBias === null) continue;
      const ones = count * op.outHeight * op.outWidth;
      for (let at = 0; at < ones; at += 1) {
        addScaled(dBias, shard * filters, 1, gradients, at * filters, filters);
      }
    }
  });
}

function addWeightGradients(
  window: Window,
  input: Float32Array,
  dOutput: Float32Array,
  count: number,
  dWeight: Float32Array,
  filters: number,
): void {
  const { height, width, channels, kernelWidth } = window;
  visitWindows(window, count, (row, y, x, at) => {
    visitWindow(window, y, x, (pixel, i, j) => {
      const from = (row * height * width + pixel) * channels;
      const tap = (i * kernelWidth + j) * channels;
      for (let c = 0; c < channels; c += 1) {
        addScaled(dWeight, (tap + c) * filters, input[from + c]!, dOutput, at * filters, filters);
      }
    });
  });
}
