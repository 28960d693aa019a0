import type { Trace } from '../worker/protocol.js';

/** A layer's result as units see it: of a filter, the map of what it said at each place of an image. */
export interface UnitMap {
  readonly values: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** A filter's map, or null where the layer's units are neurons. Layer 0 is the input. */
export function mapOf(trace: Trace, layer: number, unit: number): UnitMap | null {
  const shape = trace.shapes[layer];
  if (shape?.length !== 3) return null;
  const [height, width, channels] = shape;
  const all = trace.activations[layer]!;
  const values = new Float32Array(height * width);
  for (let at = 0; at < values.length; at += 1) values[at] = all[at * channels + unit]!;
  return { values, height, width };
}

/** What each unit of a layer says: a filter, the most of what it says at any place. */
export function saidBy(trace: Trace, layer: number): Float32Array {
  const all = trace.activations[layer]!;
  const units = trace.shapes[layer]!.at(-1)!;
  if (all.length === units) return all;
  const said = new Float32Array(units).fill(Number.NEGATIVE_INFINITY);
  for (const [at, value] of all.entries()) said[at % units] = Math.max(said[at % units]!, value);
  return said;
}
