import { BitgradError } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { Crew } from '../src/jobs/crew.js';

test('a process that does not begin is ended, and said so', async () => {
  // What has no time at all never begins in time.
  const crew = new Crew(new AbortController().signal, 0);
  const order = { task: { kind: 'train' }, source: { data: 'none', loadOptions: {} }, by: {} };
  const run = crew.run(order as unknown as Parameters<Crew['run']>[0], 'trial 1');
  await expect(run).rejects.toThrow(BitgradError);
  await expect(run).rejects.toThrow(
    'trial 1: expected a process that does it, received 3 that ended with SIGKILL (it did not begin)',
  );
  crew.close();
});
