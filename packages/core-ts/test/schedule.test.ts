import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cosineOfPi } from '../src/math/cosine.js';
import { adamScalars, epochRates, parseSchedule } from '../src/train/schedule.js';

/** Pairs of bits, x and cos(πx) correctly rounded, made by goldens/cosine.py. */
const goldens = JSON.parse(
  readFileSync(new URL('goldens/cosine.json', import.meta.url), 'utf8'),
) as [string, string][];

const view = new DataView(new ArrayBuffer(8));

function number(hex: string): number {
  view.setBigUint64(0, BigInt(`0x${hex}`));
  return view.getFloat64(0);
}

/** Bits as an integer in which neighbouring numbers of one sign differ by 1. */
function place(value: number): bigint {
  view.setFloat64(0, value);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}

describe('cosineOfPi', () => {
  it('is within 2 units in the last place of the true value', () => {
    expect(goldens.length).toBeGreaterThan(100);
    for (const [x, expected] of goldens) {
      const actual = cosineOfPi(number(x));
      const distance = place(actual) - place(number(expected));
      expect(distance <= 2n && distance >= -2n, `cos(π·${number(x)}) = ${actual}`).toBe(true);
    }
  });

  it('keeps its bits', () => {
    const values = Float64Array.from({ length: 10_001 }, (_, i) => cosineOfPi(i / 10_000));
    const bytes = new Uint8Array(values.buffer);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      '1a3a463b52917ed2a10913b37c3920d0375a3497c73b4423920645561448d432',
    );
  });

  it('is exact where the cosine is', () => {
    expect(cosineOfPi(0)).toBe(1);
    expect(cosineOfPi(0.5)).toBe(0);
    expect(cosineOfPi(1)).toBe(-1);
  });
});

describe('epochRates', () => {
  const rates = (text: string, rate: number, epoch: number, epochs: number, steps: number) => [
    ...Float32Array.from(
      epochRates({ learningRate: rate, schedule: text, warmup: 0, epochs }, epoch, steps),
    ),
  ];

  it('is constant', () => {
    expect(rates('constant', 0.1, 3, 5, 2)).toEqual([Math.fround(0.1), Math.fround(0.1)]);
  });

  it('falls in steps, by repeated multiplication in binary64', () => {
    const at = (epoch: number) => rates('step:2,0.7', 0.1, epoch, 9, 1)[0];
    expect(at(0)).toBe(Math.fround(0.1));
    expect(at(1)).toBe(Math.fround(0.1));
    expect(at(2)).toBe(Math.fround(0.1 * 0.7));
    expect(at(3)).toBe(Math.fround(0.1 * 0.7));
    expect(at(6)).toBe(Math.fround(0.1 * 0.7 * 0.7 * 0.7));
  });

  it('multiplies the rate itself each time, not by a power of the factor', () => {
    const plan = { learningRate: 0.1, schedule: 'step:1,0.7', warmup: 0, epochs: 9 };
    expect(0.1 * 0.7 * 0.7 * 0.7).not.toBe(0.1 * (0.7 * 0.7 * 0.7));
    expect(epochRates(plan, 3, 1)[0]).toBe(0.1 * 0.7 * 0.7 * 0.7);
  });

  it('follows a cosine over the whole run, step by step', () => {
    const [epochs, steps] = [3, 4];
    const all = [0, 1, 2].flatMap((epoch) => rates('cosine', 0.2, epoch, epochs, steps));
    expect(all).toHaveLength(12);
    expect(all[0]).toBe(Math.fround(0.2));
    expect(all[6]).toBe(Math.fround(0.1));
    for (const [t, rate] of all.entries()) {
      expect(rate).toBeCloseTo(0.1 * (1 + Math.cos((Math.PI * t) / 12)), 7);
      if (t > 0) expect(rate).toBeLessThan(all[t - 1]!);
    }
    expect(all[11]).toBeGreaterThan(0);
  });
});

describe('a warmup', () => {
  it('raises the rate over its steps, whatever the schedule has it at', () => {
    const plan = { learningRate: 8, schedule: 'constant', warmup: 4, epochs: 2 };
    expect([0, 1].map((epoch) => [...epochRates(plan, epoch, 3)])).toEqual([
      [2, 4, 6],
      [8, 8, 8],
    ]);
    const falling = { ...plan, schedule: 'step:1,0.5' };
    expect([...epochRates(falling, 1, 3)]).toEqual([4, 4, 4]);
    expect([...epochRates({ ...falling, warmup: 8 }, 1, 3)]).toEqual([2, 2.5, 3]);
    const cosine = { ...plan, schedule: 'cosine' };
    expect([...epochRates(cosine, 0, 3)][0]).toBe(2);
    expect([...epochRates(cosine, 1, 3)][0]).toBe(4);
  });
});

describe('adamScalars', () => {
  it('has one row a step, from the first on', () => {
    const scalars = adamScalars(Float64Array.of(0.5, 0.25), 0, 0.5);
    // β₁ 0.9 and β₂ 0.999, their squares by multiplication.
    const [square1, square2] = [0.9 * 0.9, 0.999 * 0.999];
    expect([...scalars]).toEqual([
      ...[0.5 / (1 - 0.9), Math.sqrt(1 - 0.999), 1 - 0.5 * 0.5],
      ...[0.25 / (1 - square1), Math.sqrt(1 - square2), 1 - 0.25 * 0.5],
    ]);
  });

  it('has powers by repeated multiplication, over the whole run', () => {
    // At step 11, V8's Math.pow gives other bits for both powers.
    let [power1, power2] = [1, 1];
    for (let step = 0; step < 11; step += 1) {
      power1 *= 0.9;
      power2 *= 0.999;
    }
    const scalars = adamScalars(Float64Array.of(0.1, 0.1, 0.1), 8, 0.5);
    expect([...scalars.subarray(6)]).toEqual([
      0.1 / (1 - power1),
      Math.sqrt(1 - power2),
      1 - 0.1 * 0.5,
    ]);
  });
});

describe('parseSchedule', () => {
  it('reads all kinds', () => {
    expect(parseSchedule('constant')).toEqual({ kind: 'constant' });
    expect(parseSchedule('cosine')).toEqual({ kind: 'cosine' });
    expect(parseSchedule('step:10,0.5')).toEqual({ kind: 'step', every: 10, factor: 0.5 });
  });

  for (const text of [
    '',
    'linear',
    'step',
    'step:',
    'step:0,0.5',
    'step:1',
    'step:1,',
    'step:1,0',
    'step:1,-1',
    'step:1.5,0.5',
    'step:1,x',
    'step:1,Infinity',
    'cosine:1',
    'a step:1,0.5',
    'step:1,0.5,2',
    'constant ',
  ]) {
    it(`refuses "${text}"`, () => {
      expect(() => parseSchedule(text)).toThrow('schedule: expected constant, cosine or step');
    });
  }
});
