import { describe, expect, test } from 'vitest';
import { higherBandwidths, higherPeaks } from '../driver/roofline.mjs';
import { agree, median, pairedRatio, summarize } from '../statistics.mjs';
import { figureOf, GEMMS, INFERENCES, TRAININGS } from '../workloads.mjs';

describe('statistics', () => {
  test('the median is in the middle, in any order', () => {
    expect(median([3])).toBe(3);
    expect(median([10, 1, 2])).toBe(2);
    expect(median([10, 1, 2, 4])).toBe(3);
    const values = [2, 1];
    median(values);
    expect(values).toEqual([2, 1]);
  });

  test('a summary has the extremes', () => {
    expect(summarize([4, 1, 2])).toEqual({ median: 2, min: 1, max: 4 });
  });

  test('ratios are taken round by round', () => {
    // A neighbour who doubles every time of the second round changes no ratio.
    expect(pairedRatio([6, 12, 6], [2, 4, 2])).toEqual({ median: 3, min: 3, max: 3 });
    expect(pairedRatio([1, 4, 6], [1, 2, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(() => pairedRatio([1], [1, 2])).toThrow('1 and 2');
  });

  test('numbers agree within rounding, and not beyond', () => {
    expect(agree([1.00001, 2], [1, 2])).toBe(true);
    expect(agree([1.001, 2], [1, 2])).toBe(false);
    expect(agree([Number.NaN, 2], [1, 2])).toBe(false);
    expect(agree([1], [1, 2])).toBe(false);
    // Beside a large number, a small one's rounding is the large one's.
    expect(agree([1e-3, 100], [0, 100])).toBe(true);
  });

  test('of two measurements of the peaks, the higher ones count', () => {
    const one = { avx2: { separate: 90, fused: 100 }, sse2: { separate: 45 } };
    const other = { avx2: { separate: 95, fused: 99 }, sse2: { separate: 40 } };
    expect(higherPeaks(one, other)).toEqual({
      avx2: { separate: 95, fused: 100 },
      sse2: { separate: 45 },
    });
    expect(higherPeaks(null, other)).toBe(other);
    expect(higherPeaks(null, null)).toBeNull();
    const rates = higherBandwidths(
      [
        [8, 90],
        [16, 40],
      ],
      [
        [8, 95],
        [16, 30],
      ],
    );
    expect(rates).toEqual([
      [8, 95],
      [16, 40],
    ]);
  });
});

describe('figures', () => {
  test.each([
    [TRAININGS[0]!, 2e-6, 2],
    [TRAININGS[2]!, 128e-6, 1],
    [INFERENCES[0]!, 3e-6, 3],
    [INFERENCES[1]!, 1e-3, 1],
    [GEMMS.find(({ name }) => name === 'gemm-512-512-512')!, 2 * 512 ** 3 * 1e-11, 100],
  ])('$name', (task, seconds, figure) => {
    expect(figureOf(task, seconds)).toBeCloseTo(figure, 9);
  });
});
