import { describe, expect, it } from 'vitest';
import { lossUnit, measure, restore, standardize } from '../src/train/standardize.js';

/** The second row is no training sample. */
const inputs = Float32Array.of(
  ...[1, 10, 0, 7],
  ...[9, 9, 9, 9],
  ...[3, 10, 1, 7],
  ...[5, 16, 1, 7],
  ...[9, 12, 0, 7],
);
const train = Uint32Array.of(4, 0, 2, 3);
/** Of Python's `statistics.fmean` and `statistics.pstdev`. */
const mean = [4.5, 12, 0.5, 7];
const deviation = [2.958039891549808, 2.449489742783178, 0.5, 1].map(Math.fround);

describe('standardising', () => {
  it('measures the training samples; what never changes gets a deviation of 1', () => {
    const found = measure(inputs, 4, train);
    expect([...found.mean]).toEqual(mean);
    expect([...found.deviation]).toEqual(deviation);
  });

  it('leaves features of 0 and 1 as they are, if asked, and no others', () => {
    const found = measure(inputs, 4, train, true);
    expect([...found.mean]).toEqual([4.5, 12, 0, 7]);
    expect([...found.deviation]).toEqual([deviation[0], deviation[1], 1, 1]);
    const constant = measure(Float32Array.of(0, 1, 2, 0, 1, 2), 3, Uint32Array.of(0, 1), true);
    expect([...constant.mean]).toEqual([0, 0, 2]);
    expect([...constant.deviation]).toEqual([1, 1, 1]);
  });

  it('rounds the difference and the quotient, and the product and the sum on the way back', () => {
    const scale = { mean: Float32Array.of(0.1, 12), deviation: Float32Array.of(0.3, 3) };
    const rows = Float32Array.of(1, 18, -2, 9, 1e8, 12);
    const out = new Float32Array(6);
    standardize(rows, scale, out);
    const [m, d] = [Math.fround(0.1), Math.fround(0.3)];
    const expected = [1, -2, 1e8].map((x) => Math.fround(Math.fround(x - m) / d));
    expect([...out]).toEqual([expected[0], 2, expected[1], -1, expected[2], 0]);
    restore(out, scale);
    const back = expected.map((x) => Math.fround(Math.fround(x * d) + m));
    expect([...out]).toEqual([back[0], 18, back[1], 9, back[2], 12]);
    standardize(rows, scale, rows);
    expect(rows[1]).toBe(2);
  });

  it('has a unit for losses of one target alone', () => {
    const of = (...values: number[]) => ({
      mean: new Float32Array(values.length),
      deviation: Float32Array.from(values),
    });
    expect(lossUnit(of(3))).toBe(9);
    expect(lossUnit(of(3, 3))).toBe(1);
    expect([null, undefined].map(lossUnit)).toEqual([1, 1]);
  });
});
