import { expect, test } from 'vitest';
import { killPoints } from './kill-points.mjs';

test('ten kills at random moments: nothing torn, and the same digest', async () => {
  const { kills, trainings, resumed } = await killPoints(10, 'ts');
  expect(kills).toBe(10);
  expect(trainings + resumed).toBeGreaterThan(0);
});
