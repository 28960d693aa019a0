import { philox4x32 } from '../random/philox.js';
import { PURPOSE } from '../random/stream.js';

/**
 * Drops or scales each element by its own random word; see `Dropout` in ops.ts.
 *
 * @param before elements of the whole step that come before these
 * @param step the step of the whole run, counted from 0
 */
export function dropout(
  input: Float32Array,
  output: Float32Array,
  length: number,
  before: number,
  key: Uint32Array,
  layer: number,
  step: number,
  threshold: number,
  scale: number,
): void {
  const counter = Uint32Array.of(0, layer, step, PURPOSE.dropout);
  const words = new Uint32Array(4);
  for (let i = 0; i < length; i += 1) {
    const element = before + i;
    if (i === 0 || element % 4 === 0) {
      counter[0] = Math.floor(element / 4);
      philox4x32(counter, key, words);
    }
    output[i] = words[element % 4]! >= threshold ? input[i]! * scale : 0;
  }
}
