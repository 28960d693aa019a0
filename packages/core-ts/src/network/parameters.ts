import { BitgradError, show } from '../errors.js';
import type { Parameter } from '../layers/layer.js';
import type { Memory } from '../program/memory.js';
import { Stream } from '../random/stream.js';
import { resolve } from './graph.js';
import type { Network } from './network.js';

/** All parameters in model order: layer 0 weight, layer 0 bias, layer 1 weight, … */
export function parameterShapes(network: Network): readonly Parameter[] {
  return resolve(network).parameters;
}

/** The number of parameters. */
export function parameterCount(network: Network): number {
  return parameterShapes(network).reduce((sum, { length }) => sum + length, 0);
}

/** Copies a session's parameters out, in model order without padding. */
export function readParameters(memory: Memory, network: Network): Float32Array {
  const parameters = new Float32Array(parameterCount(network));
  for (const { name, start } of parameterShapes(network)) parameters.set(memory.f32(name), start);
  return parameters;
}

/** Copies parameters in model order into a session. */
export function writeParameters(memory: Memory, network: Network, parameters: Float32Array): void {
  for (const { name, start, length } of parameterShapes(network)) {
    memory.f32(name).set(parameters.subarray(start, start + length));
  }
}

/**
 * Draws initial weights; biases and shifts are 0, scales 1. A weight is `deviation · normal`, where the deviation is
 * computed in binary64 and rounded once to binary32, and each layer has its own random stream.
 *
 * @param initializer `xavier`: √(2 ÷ (in + out)) (after Glorot and Bengio 2010); `he`: √(2 ÷ in)
 *   (He et al. 2015); `normal:D`: D
 * @throws BitgradError on any other initializer
 */
export function initialParameters(
  network: Network,
  initializer: string,
  seed: number,
): Float32Array {
  const parameters = new Float32Array(parameterCount(network));
  for (const { initial, start, length, name } of parameterShapes(network)) {
    if (typeof initial === 'number') {
      parameters.fill(initial, start, start + length);
      continue;
    }
    const { fanIn, fanOut } = initial;
    const deviation = Math.fround(initialDeviation(initializer, fanIn, fanOut));
    const stream = new Stream(seed, 'weights', Number(name.split('.')[1]));
    for (let i = start; i < start + length; i += 1) {
      parameters[i] = Math.fround(deviation * stream.normal());
    }
  }
  return parameters;
}

/** The standard deviation of a layer's initial weights. See `initialParameters`. */
export function initialDeviation(initializer: string, inWidth: number, outWidth: number): number {
  if (initializer === 'xavier') return Math.sqrt(2 / (inWidth + outWidth));
  if (initializer === 'he') return Math.sqrt(2 / inWidth);
  const [name, text, ...rest] = initializer.split(':');
  const deviation = Number(text);
  if (
    name === 'normal' &&
    text &&
    rest.length === 0 &&
    deviation > 0 &&
    Number.isFinite(deviation)
  ) {
    return deviation;
  }
  throw new BitgradError(
    `initializer: expected xavier, he or normal:DEVIATION (as in normal:0.1), received ${show(initializer)}`,
  );
}
