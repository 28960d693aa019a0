import { describe, expect, it } from 'vitest';
import { completeClassWeights } from '../src/train/class-weights.js';
import { betterOf, isOutOfPatience } from '../src/train/early-stopping.js';
import { smallDataset } from './synthetic.js';

describe('class weights', () => {
  const named = smallDataset({ classNames: ['rose', 'tulip', 'lily'] });

  it('come in the order of the classes, and are 1 where none is given', () => {
    expect(completeClassWeights({ lily: 3, rose: 0.5 }, named)).toEqual([0.5, 1, 3]);
    expect(completeClassWeights({ 2: 5 }, smallDataset())).toEqual([1, 1, 5]);
    expect(completeClassWeights({}, named)).toEqual([1, 1, 1]);
  });

  it('stay as they are where they are a word or a list', () => {
    for (const weights of ['balanced', [1, 2, 3]] as const) {
      expect(completeClassWeights(weights as never, named)).toBe(weights);
    }
  });

  it('find a class as its cells are read: in any case of yes, as a number', () => {
    const answers = smallDataset({ classes: 2, classNames: ['no', 'yes'] });
    expect(completeClassWeights({ YES: 2 }, answers)).toEqual([1, 2]);
    const numbers = smallDataset({ classes: 2, classNames: ['1', '1.5'] });
    expect(completeClassWeights({ '1.50': 4 }, numbers)).toEqual([1, 4]);
    const encoding = { columns: [], label: 'y', decimal: ',' } as const;
    expect(completeClassWeights({ '1,5': 4 }, { ...numbers, encoding })).toEqual([1, 4]);
    expect(() => completeClassWeights({ '1,5': 4 }, numbers)).toThrow('classWeights: expected');
  });

  it('are refused for classes that there are not, of which six are named', () => {
    expect(() => completeClassWeights({ daisy: 2 }, named)).toThrow(
      'classWeights: expected classes of small ("rose", "tulip", "lily"), received "daisy"',
    );
    const six = smallDataset({ classes: 6, classNames: [...'abcdef'] });
    expect(() => completeClassWeights({ z: 2 }, six)).toThrow('"e", "f"), received "z"');
    const seven = smallDataset({ classes: 7, classNames: [...'abcdefg'] });
    expect(() => completeClassWeights({ z: 2 }, seven)).toThrow('"e", "f", …), received "z"');
    expect(() => completeClassWeights({ a: 1 }, smallDataset({ classes: 0 }))).toThrow(
      'classWeights: expected none, because small has no classes',
    );
  });
});

describe('the best epoch', () => {
  const parameters = Float32Array.of(1);
  const best = { epoch: 4, validationLoss: 0.5, parameters };

  it('is another only where its loss is lower', () => {
    const later = Float32Array.of(2);
    expect(betterOf(null, 1, 9, later)).toEqual({
      epoch: 1,
      validationLoss: 9,
      parameters: later,
    });
    expect(betterOf(best, 5, 0.5, later)).toBe(best);
    expect(betterOf(best, 5, 0.75, later)).toBe(best);
    expect(betterOf(best, 5, 0.25, later)).toEqual({
      epoch: 5,
      validationLoss: 0.25,
      parameters: later,
    });
  });

  it('ends a training once it is as long ago as the patience', () => {
    expect([5, 6, 7, 8].map((epoch) => isOutOfPatience(3, best, epoch))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(isOutOfPatience(null, best, 99)).toBe(false);
    expect(isOutOfPatience(0, null, 99)).toBe(false);
  });
});
