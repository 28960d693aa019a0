import { resolve } from '@bitgrad/core';
import type { ModelToExport } from './exportable.js';

/** The largest integer of a byte that has its negative. */
const LARGEST = 127;

/** The weights of a dense layer or a convolution in bytes. */
export interface QuantizedWeight {
  /** `[in, out]`, or `[i, j, channels, filters]`. */
  readonly values: Int8Array;
  /** `[out]`: a weight is `value · scale` of its column, rounded once. */
  readonly scales: Float32Array;
}

/**
 * Brings weights to bytes, symmetrically, a scale for each output: `scale = largest ÷ 127`, in binary32,
 * and the nearest multiple of it (of two as near, the even one).
 *
 * @param weight `[in, out]`, or `[i, j, channels, filters]`, whose outputs are the filters
 */
export function quantizeWeight(weight: Float32Array, outWidth: number): QuantizedWeight {
  const scales = new Float32Array(outWidth);
  for (let at = 0; at < weight.length; at += 1) {
    const column = at % outWidth;
    scales[column] = Math.max(scales[column]!, Math.abs(weight[at]!));
  }
  for (let column = 0; column < outWidth; column += 1) {
    scales[column] = Math.fround(scales[column]! / LARGEST) || 1;
  }
  const values = Int8Array.from(weight, (value, at) => {
    const nearest = nearestInteger(value / scales[at % outWidth]!);
    return Math.max(-LARGEST, Math.min(LARGEST, nearest));
  });
  return { values, scales };
}

/** The weights that the bytes stand for. */
export function dequantize({ values, scales }: QuantizedWeight): Float32Array {
  return Float32Array.from(values, (value, at) => value * scales[at % scales.length]!);
}

/**
 * The model that a quantised export is: its weights are those that bytes stand for, so that it can be
 * judged by data like any other, to the bit.
 */
export function quantizedModel<Given extends ModelToExport>(model: Given): Given {
  const parameters = model.parameters.slice();
  for (const { spec, parameters: own } of resolve(model.recipe).nodes) {
    if (spec.type !== 'dense' && spec.type !== 'conv2d') continue;
    const outWidth = spec.type === 'dense' ? spec.units : spec.filters;
    const { start, length } = own.find(({ role }) => role === 'weight')!;
    const weight = parameters.subarray(start, start + length);
    weight.set(dequantize(quantizeWeight(weight, outWidth)));
  }
  return { ...model, parameters };
}

function nearestInteger(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
