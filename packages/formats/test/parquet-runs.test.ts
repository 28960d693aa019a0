import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkLevels, checkRuns } from '../src/parquet/runs.js';

const part = (count: number, width: number, ...bytes: number[]) => ({
  bytes: Uint8Array.from(bytes),
  offset: 0,
  width,
  count,
});

test('counts repetitions and packed groups', () => {
  expect(checkRuns(part(10, 1, 10 << 1, 1))).toBe(10);
  expect(checkRuns(part(10, 2, (2 << 1) | 1, 0, 0, 0, 0))).toBe(16);
  expect(checkRuns(part(300, 1, 0xd8, 0x04, 1))).toBe(300);
});

test.each([
  ['a run of more values than there are', part(10, 1, 11 << 1, 1)],
  ['far more packed values', part(10, 1, 0xff, 0x7f)],
  ['a head of more than 32 bits', part(10, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01)],
])('refuses %s', (_, runs) => {
  expect(() => checkRuns(runs)).toThrow(/^a run that ends at value \d+ of 10$/);
});

test('refuses levels that end early', () => {
  expect(() => checkLevels(part(60, 1, 0, 1))).toThrow('0 levels for 60 values');
});

test('ends for any bytes', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.nat(1000),
      fc.nat(255),
      (bytes, count, width) => {
        try {
          expect(checkRuns({ bytes, offset: 0, width, count })).toBeLessThanOrEqual(count + 504);
        } catch (error) {
          expect((error as Error).message).toMatch(/^a run that ends/);
        }
      },
    ),
  );
});
