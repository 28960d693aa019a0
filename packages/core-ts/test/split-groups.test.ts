import { describe, expect, it } from 'vitest';
import { range } from '../src/random/stream.js';
import { splitDataset } from '../src/train/split.js';
import { classGroups, cutGroups, foldGroups } from '../src/train/split-groups.js';
import { smallDataset } from './synthetic.js';

const byNumber = (part: Uint32Array): number[] => [...part].sort((a, b) => a - b);

describe('groups of classes', () => {
  const labels = Uint32Array.of(0, 0, 0, 1, 1, 2, 3, 3, 3, 3);
  const dataset = smallDataset({ labels, classes: 5 });

  it('are the classes of three samples and more, and one of all others', () => {
    const { groups, counts } = classGroups(dataset, Uint32Array.of(9, 5, 3, 0, 8, 1, 4, 2, 7, 6));
    expect([...groups]).toEqual([3, 5, 5, 0, 3, 0, 5, 0, 3, 3]);
    expect(counts).toEqual([3, 0, 0, 4, 0, 3]);
    const some = classGroups(dataset, Uint32Array.of(0, 6, 7, 8));
    expect([...some.groups]).toEqual([5, 3, 3, 3]);
    expect(some.counts).toEqual([0, 0, 0, 3, 0, 1]);
  });

  it('are cut where totals are rounded, the test part first, in the order of the samples', () => {
    const order = Uint32Array.of(7, 5, 3, 1, 6, 4, 2, 0);
    const groups = Uint32Array.of(1, 1, 1, 1, 0, 0, 0, 0);
    const parts = cutGroups(order, { groups, counts: [4, 4] }, [0.5, 0.25, 0.25]);
    expect(parts).toEqual({
      test: Uint32Array.of(7, 6),
      validation: Uint32Array.of(5, 4),
      train: Uint32Array.of(3, 1, 2, 0),
    });
    // Of 3 + 3 + 3, a fifth: round(0.6), round(1.2) and round(1.8) in all.
    const thrice = { groups: Uint32Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2), counts: [3, 3, 3] };
    const fifths = cutGroups(range(0, 9), thrice, [0.6, 0.2, 0.2]);
    expect([...fifths.test]).toEqual([0, 6]);
    expect([...fifths.validation]).toEqual([1, 7]);
  });

  it('keep a sample for training', () => {
    const counts = { groups: Uint32Array.of(0, 0, 0), counts: [3] };
    const sizesOf = (...fractions: [number, number, number]) => {
      const { train, validation, test } = cutGroups(range(0, 3), counts, fractions);
      return [train.length, validation.length, test.length];
    };
    expect(sizesOf(0, 0, 1)).toEqual([1, 0, 2]);
    expect(sizesOf(0, 1, 0)).toEqual([1, 2, 0]);
    expect(sizesOf(0, 0.5, 0.5)).toEqual([1, 0, 2]);
    const none = cutGroups(
      new Uint32Array(),
      { groups: new Uint32Array(), counts: [0] },
      [0, 0, 1],
    );
    expect(none.train).toHaveLength(0);
  });

  it('are dealt out to folds in turn, one after the other', () => {
    const order = Uint32Array.of(8, 7, 6, 5, 4);
    const dealt = [1, 2].map((fold) => foldGroups(order, null, { fold, folds: 2 }));
    expect(dealt[0]).toEqual({ test: Uint32Array.of(8, 6, 4), rest: Uint32Array.of(7, 5) });
    expect(dealt[1]).toEqual({ test: Uint32Array.of(7, 5), rest: Uint32Array.of(8, 6, 4) });
    const grouped = { groups: Uint32Array.of(1, 0, 1, 0, 0), counts: [3, 2] };
    // Of group 0 samples 7, 5, 4 have the places 0, 1, 2; of group 1, 8 and 6 have 3 and 4.
    expect(foldGroups(order, grouped, { fold: 1, folds: 3 })).toEqual({
      test: Uint32Array.of(8, 7),
      rest: Uint32Array.of(6, 5, 4),
    });
  });
});

describe('a split', () => {
  it("keeps the data set's own validation part", () => {
    const dataset = smallDataset({ validationCount: 10 });
    const whole = splitDataset(dataset, { subset: null, split: null, validation: 0.5, seed: 1 });
    expect(whole.train).toEqual(range(0, 60));
    expect(whole.validation).toEqual(range(60, 10));
    expect(whole.test).toEqual(range(70, 20));
    const some = splitDataset(dataset, { subset: 60, split: null, seed: 1 });
    expect([...some.train]).not.toEqual([...range(0, 60)]);
    expect(byNumber(some.train)).toEqual([...range(0, 60)]);
    expect(some.validation).toEqual(range(60, 10));
    expect(() => splitDataset(dataset, { subset: 61, split: null, seed: 1 })).toThrow(
      'subset: expected at most 60 samples',
    );
  });

  it('takes all of a subset, and shuffles what it cuts', () => {
    const dataset = smallDataset();
    const all = { subset: 90, split: [1, 0, 0] as const, seed: 1 };
    expect(byNumber(splitDataset(dataset, all).train)).toEqual([...range(0, 90)]);
    const cut = splitDataset(dataset, { subset: null, split: null, validation: 0.5, seed: 1 });
    expect(byNumber(cut.train)).not.toEqual([...range(0, 35)]);
    const shuffled = splitDataset(dataset, { subset: 70, split: null, seed: 1 });
    expect([...shuffled.train]).not.toEqual([...range(0, 70)]);
  });

  it('cuts validation samples off each class, and off numbers without regard to any', () => {
    const labels = Uint32Array.from(range(0, 90), (at) => Number(at >= 40) + Number(at >= 60));
    const dataset = smallDataset({ labels });
    const options = { subset: null, split: null, validation: 0.2, stratify: true, seed: 1 };
    const { train, validation } = splitDataset(dataset, options);
    const classesIn = (part: Uint32Array) =>
      [0, 1, 2].map((label) => part.filter((sample) => labels[sample] === label).length);
    expect(classesIn(validation)).toEqual([8, 4, 2]);
    expect(classesIn(train)).toEqual([32, 16, 8]);
    const values = Float32Array.from(labels);
    const numbers = splitDataset({ ...dataset, values }, options);
    expect(numbers).toEqual(splitDataset(dataset, { ...options, stratify: false }));
  });

  it('has as many folds as samples at most, and cuts the rest as it says', () => {
    const dataset = smallDataset();
    const folds = (fold: string, subset: number | null = null) =>
      splitDataset(dataset, { subset, split: [0.6, 0.2, 0.2], fold, seed: 1 });
    const { train, validation, test } = folds('2/4');
    expect([train.length, validation.length, test.length]).toEqual([51, 16, 23]);
    expect(folds('10/10', 10).test).toHaveLength(1);
    expect(() => folds('1/11', 10)).toThrow('fold: expected at most 10 folds, the samples');
  });
});
