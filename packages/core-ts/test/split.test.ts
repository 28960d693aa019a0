import { describe, expect, it } from 'vitest';
import { range } from '../src/random/stream.js';
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

  it("keeps the samples' order after time:", () => {
    const split = 'time:0.6,0.2,0.2';
    const { train, validation, test } = splitDataset(dataset, { subset: null, split, seed: 7 });
    expect([...train, ...validation, ...test]).toEqual(Array.from({ length: 90 }, (_, i) => i));
    expect(sizes({ subset: null, split, seed: 1 })).toEqual([54, 18, 18]);
    const some = splitDataset(dataset, { subset: 20, split, seed: 7 });
    const taken = [...some.train, ...some.validation, ...some.test];
    expect(taken).toEqual([...taken].sort((a, b) => a - b));
  });

  it('keeps a share of the training samples for validation, and the test samples', () => {
    const options = { subset: null, split: null, validation: 0.2, seed: 1 };
    const { train, validation, test } = splitDataset(dataset, options);
    expect([train.length, validation.length]).toEqual([56, 14]);
    expect(new Set([...train, ...validation]).size).toBe(70);
    expect(Math.max(...train, ...validation)).toBeLessThan(70);
    expect([...test]).toEqual(Array.from({ length: 20 }, (_, i) => 70 + i));
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

describe('a stratified split', () => {
  const counts = [60, 20, 10, 5, 1, 1, 1];
  const labels = Uint32Array.from(counts.flatMap((count, label) => Array(count).fill(label)));
  const uneven = {
    ...dataset,
    inputs: new Uint8Array(16 * labels.length),
    labels,
    classes: counts.length,
    trainCount: labels.length,
    testCount: 0,
  };
  const split = (seed: number, more: object = {}) =>
    splitDataset(uneven, { subset: null, split: [0.6, 0.2, 0.2], stratify: true, seed, ...more });
  const classesIn = (part: Uint32Array) =>
    counts.map((_, label) => part.filter((sample) => labels[sample] === label).length);

  it('gives each part its share of each class', () => {
    const { train, validation, test } = split(1);
    expect(classesIn(train).slice(0, 4)).toEqual([36, 12, 6, 3]);
    expect(classesIn(validation).slice(0, 4)).toEqual([12, 4, 2, 1]);
    expect(classesIn(test).slice(0, 4)).toEqual([12, 4, 2, 1]);
    expect(new Set([...train, ...validation, ...test]).size).toBe(98);
  });

  it('is at random, by the seed', () => {
    expect(split(1)).toEqual(split(1));
    expect([...split(1).test].sort()).not.toEqual([...split(2).test].sort());
  });

  it('leaves samples for each part where every class has one', () => {
    const alone = { ...uneven, labels: range(0, 98), classes: 98 };
    const options = { subset: null, split: [0.6, 0.2, 0.2], stratify: true, seed: 1 } as const;
    const { train, validation, test } = splitDataset(alone, options);
    expect([train.length, validation.length, test.length]).toEqual([58, 20, 20]);
  });

  it.each([true, false])('tests each sample once in all folds (stratified: %s)', (stratify) => {
    const parts = [1, 2, 3, 4, 5].map((k) => split(3, { fold: `${k}/5`, stratify }));
    expect(parts.flatMap(({ test }) => [...test]).sort((a, b) => a - b)).toEqual([...range(0, 98)]);
    for (const { train, validation, test } of parts) {
      expect(train.length + validation.length + test.length).toBe(98);
      expect(Math.abs(test.length - 98 / 5)).toBeLessThan(1);
      expect(validation.length / (train.length + validation.length)).toBeCloseTo(0.25, 1);
      if (stratify) expect(classesIn(test).slice(0, 4)).toEqual([12, 4, 2, 1]);
    }
  });

  it('refuses more folds than samples', () => {
    expect(() => split(1, { fold: '1/99', subset: 98 })).toThrow('fold: expected at most 98 folds');
  });
});
