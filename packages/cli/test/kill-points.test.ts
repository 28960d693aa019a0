import { expect, test } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { killPoints } from './kill-points.mjs';

const KILLS = missing('long') ? 4 : 10;

test(`${KILLS} kills at random moments: nothing torn, and the same digest`, async () => {
  const { kills, trainings } = await killPoints(KILLS, 'ts');
  expect(kills).toBe(KILLS);
  expect(trainings).toBeGreaterThan(0);
});
