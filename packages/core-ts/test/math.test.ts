import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exp } from '../src/math/exp.js';
import { log } from '../src/math/log.js';
import { sigmoid } from '../src/math/sigmoid.js';
import { tanh } from '../src/math/tanh.js';
import { assertGradualUnderflow, hasGradualUnderflow } from '../src/math/underflow.js';

/** Pairs of bits, input and correctly rounded result, made by goldens/elementary.py. */
type Goldens = Record<'exp' | 'log' | 'tanh', Record<'hardest' | 'edges' | 'spread', string[][]>>;

const goldens = JSON.parse(
  readFileSync(new URL('goldens/elementary.json', import.meta.url), 'utf8'),
) as Goldens;

const view = new DataView(new ArrayBuffer(4));

function number(hex: string): number {
  view.setUint32(0, Number.parseInt(hex, 16));
  return view.getFloat32(0);
}

function hex(x: number): string {
  view.setFloat32(0, x);
  return view.getUint32(0).toString(16).padStart(8, '0');
}

/** Some 2^16 binary32 numbers of every sign and exponent, with infinities and NaN among them. */
function* sample(): Generator<number> {
  for (let bits = 0; bits < 2 ** 32; bits += 65_537) {
    view.setUint32(0, bits);
    yield view.getFloat32(0);
  }
}

for (const [name, evaluate] of Object.entries({ exp, log, tanh })) {
  describe(name, () => {
    for (const [kind, pairs] of Object.entries(goldens[name as keyof Goldens])) {
      it(`is correctly rounded (${kind})`, () => {
        expect(pairs.length).toBeGreaterThan(9);
        const results = pairs.map(([x = '']) => [x, hex(evaluate(number(x)))]);
        expect(results).toEqual(pairs);
      });
    }

    it('keeps NaN and returns nothing but binary32 numbers', () => {
      expect(evaluate(Number.NaN)).toBeNaN();
      for (const x of sample()) {
        const y = evaluate(x);
        if (!Object.is(y, Math.fround(y))) expect.fail(`${name}(0x${hex(x)}) has too many digits`);
        if (Number.isNaN(y) && !Number.isNaN(x) && !(name === 'log' && x < 0)) {
          expect.fail(`${name}(0x${hex(x)}) is NaN`);
        }
      }
    });

    it('never falls', () => {
      // Correctly rounded values of a rising function rise, or stay.
      const inputs = [...sample()].filter((x) => !Number.isNaN(evaluate(x))).sort((a, b) => a - b);
      inputs.forEach((x, i) => {
        const before = inputs[i - 1] ?? x;
        if (evaluate(x) < evaluate(before)) expect.fail(`between 0x${hex(before)} and 0x${hex(x)}`);
      });
    });
  });
}

describe('special values', () => {
  it('of exp', () => {
    expect([0, -0, Infinity, -Infinity].map(exp)).toEqual([1, 1, Infinity, 0]);
    expect(hex(exp(1))).toBe('402df854');
  });

  it('of exp where its smallest coefficient decides', () => {
    // Rounded by Python: Decimal(x).exp() of 60 digits.
    for (const [x, y] of [
      ['be67b559', '3f4c28bc'],
      ['3e777fec', '3fa2ff20'],
      ['be8517e8', '3f456643'],
    ] as const) {
      expect(hex(exp(number(x)))).toBe(y);
    }
  });

  it('of exp at overflow and underflow', () => {
    expect(hex(exp(number('42b17217')))).toBe('7f7fff84');
    expect(exp(number('42b17218'))).toBe(Infinity);
    expect(hex(exp(number('c2cff1b4')))).toBe('00000001');
    expect(exp(number('c2cff1b5'))).toBe(0);
    expect([89, 90, 1e38].map((x) => exp(Math.fround(x)))).toEqual([Infinity, Infinity, Infinity]);
    expect([-104, -105, -1e38].map((x) => hex(exp(Math.fround(x))))).toEqual(
      Array(3).fill('00000000'),
    );
  });

  it('of log', () => {
    expect([0, -0, 1, Infinity].map(log)).toEqual([-Infinity, -Infinity, 0, Infinity]);
    for (const x of ['80000001', 'bf800000', 'ff800000']) expect(log(number(x))).toBeNaN();
    // The smallest and the largest number.
    expect(hex(log(number('00000001')))).toBe('c2ce8ed0');
    expect(hex(log(number('7f7fffff')))).toBe('42b17218');
  });

  it('of tanh', () => {
    expect([0, -0, Infinity, -Infinity].map(tanh)).toEqual([0, -0, 1, -1]);
    // The last value below 1 and the first that rounds to it.
    expect(hex(tanh(number('41102cb3')))).toBe('3f7fffff');
    expect(tanh(number('41102cb4'))).toBe(1);
  });

  it('of tanh, which is odd', () => {
    for (const x of sample()) {
      if (!Object.is(tanh(-x), -tanh(x))) expect.fail(`tanh of 0x${hex(x)} and of its negative`);
    }
  });
});

describe('sigmoid', () => {
  it('rounds the exponential, the sum and the quotient', () => {
    for (const x of sample()) {
      const y = Math.fround(1 / Math.fround(1 + exp(-x)));
      if (!Object.is(sigmoid(x), y)) expect.fail(`sigmoid(0x${hex(x)})`);
    }
    expect(hex(sigmoid(1))).toBe('3f3b26a8');
    expect(hex(sigmoid(number('c2b00000')))).toBe('0041edc4');
  });

  it('allows an infinite exponential', () => {
    expect([0, -0, Infinity, -Infinity, -89].map(sigmoid)).toEqual([0.5, 0.5, 1, 0, 0]);
    expect(sigmoid(Number.NaN)).toBeNaN();
  });
});

it('arithmetic keeps subnormal numbers here', () => {
  expect(hasGradualUnderflow()).toBe(true);
  expect(assertGradualUnderflow).not.toThrow();
});
