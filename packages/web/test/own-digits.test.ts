import type { Dataset } from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { OWN_DIGIT_COPIES, withOwnDigits } from '../src/data/own-digits.js';
import { decodeDigits, encodeDigits } from '../src/state/own-text.js';

const pixels = Uint8Array.from({ length: 784 }, (_, at) => (at * 7) % 256);

describe('own digits', () => {
  const dataset: Dataset = {
    name: 'mnist',
    inputs: Uint8Array.from({ length: 3 * 784 }, (_, at) => at % 2),
    features: 784,
    image: { height: 28, width: 28 },
    labels: Uint32Array.of(1, 2, 3),
    classes: 10,
    trainCount: 2,
    testCount: 1,
    sha256: 'known',
  };

  test('stand between the training and the test samples, and change the name', () => {
    const joined = withOwnDigits(dataset, [{ pixels, label: 7 }]);
    expect(joined).toMatchObject({
      name: 'mnist+own',
      trainCount: 2 + OWN_DIGIT_COPIES,
      testCount: 1,
      sha256: undefined,
    });
    expect([...joined.labels]).toEqual([1, 2, ...new Array(OWN_DIGIT_COPIES).fill(7), 3]);
    const own = joined.inputs.subarray(2 * 784, 3 * 784);
    expect([...own]).toEqual([...pixels].map((value) => Number(value > 0)));
    expect(joined.inputs.subarray(-784)).toEqual(dataset.inputs.subarray(-784));
  });

  test('none of them leave the data set as it is', () => {
    expect(withOwnDigits(dataset, [])).toBe(dataset);
  });

  test('are kept as text, and what is no digit is left out', () => {
    const digits = [
      { pixels, label: 7 },
      { pixels: new Uint8Array(784), label: 0 },
    ];
    const text = encodeDigits(digits);
    expect(decodeDigits(text)).toEqual(digits);
    expect(decodeDigits(`${text}\nx AAAA\n3 AAAA\n3 ====\n`)).toEqual(digits);
  });
});
