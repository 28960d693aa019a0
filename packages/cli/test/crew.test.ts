import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Crew } from '../src/jobs/crew.js';
import { temporaryFolder, writeFiles } from './temporary.js';

test('a process that does not begin is ended, and said so', async () => {
  const folder = temporaryFolder();
  writeFiles(folder, { 'never.mjs': 'setInterval(() => undefined, 2 ** 30);' });
  const crew = new Crew(new AbortController().signal, join(folder, 'never.mjs'), 100);
  const order = { task: { kind: 'train' }, source: { data: 'none', loadOptions: {} }, by: {} };
  const run = crew.run(order as unknown as Parameters<Crew['run']>[0], 'trial 1');
  await expect(run).rejects.toThrow(
    'trial 1: expected a process that does it, received 3 that ended with SIGKILL (it did not begin)',
  );
  crew.close();
});
