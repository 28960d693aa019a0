import { fileURLToPath } from 'node:url';
import { type Receipt, train, typescriptBackend } from '@bitgrad/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { runRanks } from './launchers.mjs';
import { makeData, TRAININGS } from './recipes.mjs';

const ALL = [1, 2, 3, 4, 8];
const program = fileURLToPath(new URL('rank.mjs', import.meta.url));
const alone = new Map<string, Receipt>();
/** On how many ranks each is tried; all numbers on each take long. */
const COUNTS = missing('long') ? { openmpi: [1, 3], mpich: [4] } : { openmpi: ALL, mpich: ALL };

beforeAll(async () => {
  for (const [name, recipe] of Object.entries(TRAININGS)) {
    const { receipt } = await train({ recipe, dataset: makeData(), backend: typescriptBackend() });
    alone.set(name, receipt);
  }
});

// Launchers fail at times for reasons of their own; the log says which test took two runs.
describe.each(['openmpi', 'mpich'] as const)('%s', { retry: 1 }, (launcher) => {
  it.skipIf(missing(launcher)).each(COUNTS[launcher])(
    'trains on %i ranks to the receipts of one process',
    (count) => {
      const { status, stdout, stderr } = runRanks(launcher, count, [program, launcher]);
      expect(stderr).toBe('');
      expect(status).toBe(0);
      const received = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(received).toEqual([...alone].map(([name, receipt]) => ({ name, receipt })));
    },
  );
});
