import { resolve } from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { shortestDecimal } from '../../src/export/decimal.js';
import { exportModel } from '../../src/export/export-model.js';
import { kinds, randomNumbers } from './models.js';

/** A layer's parameters: rows of weights and biases in version 1, flat with their shapes in version 2. */
function numbersOf(layer: Readonly<Record<string, unknown>>): number[] {
  if (Array.isArray(layer.weight)) return [...layer.weight.flat(), ...(layer.bias as number[])];
  return Object.values(layer).flatMap((member) =>
    typeof member === 'object' && member !== null && Object.hasOwn(member, 'values')
      ? (member as { values: number[] }).values
      : [],
  );
}

const FUNCTIONS = {
  'cross-entropy': 'softmax',
  'squared-error': 'none',
  'binary-cross-entropy': 'sigmoid',
};

describe.each(Object.entries(kinds))('%s', (_, model) => {
  test('JSON holds every bit', () => {
    const parsed = JSON.parse(new TextDecoder().decode(exportModel(model, 'json')));
    const numbers = parsed.layers.flatMap(numbersOf);
    expect(new Uint32Array(Float32Array.from(numbers).buffer)).toEqual(
      new Uint32Array(model.parameters.slice().buffer),
    );
    const { preprocess, loss } = model.recipe;
    const { features, outputs } = resolve(model.recipe);
    expect(parsed.input).toMatchObject({ features, preprocess });
    expect(parsed.input.encoding).toEqual(model.encoding);
    expect(parsed.output).toMatchObject({
      outputs,
      function: FUNCTIONS[loss],
      classNames: model.classNames,
    });
    const targets = model.targetStandardization;
    expect(parsed.output.mean && Float32Array.from(parsed.output.mean)).toEqual(
      targets?.mean ?? null,
    );
    expect(parsed.output.deviation && Float32Array.from(parsed.output.deviation)).toEqual(
      targets?.deviation ?? null,
    );
    if (model.standardization) {
      const { mean, deviation } = model.standardization;
      expect(Float32Array.from(parsed.input.mean)).toEqual(mean);
      expect(Float32Array.from(parsed.input.deviation)).toEqual(deviation);
    }
  });
});

test('decimals are the shortest that round to the number', () => {
  const shown = [0.1, -0, 0, 1 / 3, 16777216, 1e-45, 3.4028234663852886e38, -1.5e-40].map((value) =>
    shortestDecimal(Math.fround(value)),
  );
  expect(shown).toEqual([
    '0.1',
    '-0',
    '0',
    '0.33333334',
    '16777216',
    '1e-45',
    '3.4028235e+38',
    '-1.5e-40',
  ]);
});

test('no decimal could be shorter', () => {
  for (const value of randomNumbers(2000)) {
    const decimal = shortestDecimal(value);
    expect(Math.fround(Number(decimal))).toBe(value);
    for (let digits = 1; digits <= 9; digits += 1) {
      const other = Number(value.toPrecision(digits));
      if (Math.fround(other) !== value) continue;
      expect(decimal).toBe(String(other));
      break;
    }
  }
});
