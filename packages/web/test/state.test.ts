import { describe, expect, test } from 'vitest';
import { decimal, grouped, percent, rough } from '../src/parts/format.js';
import { aDigit, sayReading } from '../src/parts/say-digit.js';
import { addLosses, type Curve } from '../src/state/curve.js';
import { moveByKey } from '../src/views/draw/keyboard-pen.js';

describe('the loss curve', () => {
  test('stays short and keeps its ends', () => {
    let curve: Curve = { epochs: [], losses: [] };
    for (let point = 0; point < 5000; point += 1)
      curve = addLosses(curve, [{ epochs: point, loss: 1 }]);
    expect(curve.epochs.length).toBeLessThanOrEqual(1200);
    expect(curve.epochs.at(-1)).toBe(4999);
    expect(new Set(curve.losses)).toEqual(new Set([1]));
  });
});

describe('numbers', () => {
  test('are written for readers', () => {
    expect(percent(0.97314)).toBe('97.31\u00a0%');
    expect(grouped(70000)).toBe('70\u202f000');
    expect(rough(83_417)).toBe('83\u202f400');
    expect(rough(12.4)).toBe('12');
    expect(decimal(-0.25, 2)).toBe('\u22120.25');
    expect(decimal(0.00001234)).toBe('1.23e\u22125');
  });
});

describe('the pen of the keyboard', () => {
  const pen = { point: { x: 70, y: 70 }, isDown: false };

  test('moves by arrows, and stays on the pad', () => {
    expect(moveByKey(pen, 'ArrowLeft', false)!.point).toEqual({ x: 63, y: 70 });
    let far = pen;
    for (let i = 0; i < 50; i += 1) far = moveByKey(far, 'ArrowDown', false)!;
    expect(far.point).toEqual({ x: 70, y: 134 });
  });

  test('is put down and lifted by space, and other keys are not its own', () => {
    expect(moveByKey(pen, ' ', false)!.isDown).toBe(true);
    expect(moveByKey(pen, 'a', false)).toBeNull();
  });
});

describe('an answer', () => {
  const sure = (digit: number, probability: number) =>
    Array.from({ length: 10 }, (_, at) => (at === digit ? probability : (1 - probability) / 9));

  test('has the right article, and says how sure it is', () => {
    expect(sayReading(sure(8, 0.99))).toBe('This is an 8');
    expect(sayReading(sure(1, 0.7))).toBe('Probably a 1');
    expect(Array.from({ length: 10 }, (_, digit) => aDigit(digit)).join()).toBe(
      'a 0,a 1,a 2,a 3,a 4,a 5,a 6,a 7,an 8,a 9',
    );
  });

  test('is none where no digit has half of the probability', () => {
    const halves = sure(4, 0.45).map((value, digit) => (digit === 9 ? 0.4 : value));
    expect(sayReading(halves)).toBe('I can’t tell: a 4, or a 9?');
  });
});
