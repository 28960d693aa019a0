import { describe, expect, it } from 'vitest';
import { splitDataset } from '../src/train/split.js';
import { smallDataset } from './synthetic.js';

const dataset = smallDataset();
const sizes = (options: Parameters<typeof splitDataset>[1]): number[] => {
  const { train, validation, test } = splitDataset(dataset, options);
  return [train.length, validation.length, test.length];
};

describe('splitDataset', () => {
  it("keeps the data set's own parts where nothing is asked", () => {
    const parts = splitDataset(dataset, { subset: null, split: null, seed: 1 });
    expect([...parts.train]).toEqual(Array.from({ length: 70 }, (_, i) => i));
    expect(parts.validation).toHaveLength(0);
    expect([...parts.test]).toEqual(Array.from({ length: 20 }, (_, i) => 70 + i));
  });

  it('takes a subset of the training samples alone', () => {
    const { train, test } = splitDataset(dataset, { subset: 9, split: null, seed: 1 });
    expect(train).toHaveLength(9);
    expect(new Set(train).size).toBe(9);
    expect(Math.max(...train)).toBeLessThan(70);
    expect(test).toHaveLength(20);
  });

  it('rounds sizes down, and the test part takes the rest', () => {
    expect(sizes({ subset: null, split: [0.7, 0.15, 0.15], seed: 1 })).toEqual([62, 13, 15]);
    expect(sizes({ subset: 11, split: [0.5, 0.25, 0.25], seed: 1 })).toEqual([5, 2, 4]);
    expect(sizes({ subset: 10, split: [1, 0, 0], seed: 1 })).toEqual([10, 0, 0]);
  });

  it('makes parts that share no sample and leave none out', () => {
    for (const seed of [0, 1, 2, 3]) {
      const { train, validation, test } = splitDataset(dataset, {
        subset: null,
        split: [0.6, 0.2, 0.2],
        seed,
      });
      expect(new Set([...train, ...validation, ...test]).size).toBe(90);
      expect(train.length + validation.length + test.length).toBe(90);
    }
  });

  it('depends on the seed and on nothing else', () => {
    const draw = (seed: number) =>
      splitDataset(dataset, { subset: 30, split: [0.6, 0.2, 0.2], seed });
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });

  it('refuses more samples than there are, and a training part without any', () => {
    expect(() => sizes({ subset: 71, split: null, seed: 1 })).toThrow(
      'subset: expected at most 70 samples, which is what small has, received 71',
    );
    expect(() => sizes({ subset: 91, split: [1, 0, 0], seed: 1 })).toThrow('at most 90');
    expect(() => sizes({ subset: 1, split: [0.5, 0.25, 0.25], seed: 1 })).toThrow(
      'split: expected at least 1 training sample',
    );
  });
});
