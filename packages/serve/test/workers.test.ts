import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from '@bitgrad/serve';
import { expect, onTestFinished, test } from 'vitest';
import { post, ROWS, serveModels, thingsModel } from './models.js';

/** A row of this size ends the thread that computes it, as running out of memory does. */
const FATAL = 12345;

const SOURCE = `import { parentPort } from 'node:worker_threads';
export { typescriptBackend as fastestBackend } from '@bitgrad/core';
parentPort.on('message', ({ samples }) => {
  if (samples?.includes(${FATAL})) process.exit();
});`;

/** A module for threads, in a folder from where the core is found. */
function moduleOfThreads(source = SOURCE): string {
  const folder = join(import.meta.dirname, '..', 'node_modules', '.cache');
  const file = join(folder, `workers-${process.pid}.mjs`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, source);
  onTestFinished(() => rmSync(file));
  return file;
}

async function withThreads() {
  const options = { workers: 2, backendModule: moduleOfThreads() };
  return serveModels({ things: await thingsModel() }, options, serve);
}

test('a thread that ends by itself is replaced, and who asked it is told', async () => {
  const { url, log } = await withThreads();
  const place = `${url}/models/things/predict`;
  const ask = async (row: object): Promise<number> => (await post(place, row)).status;
  for (let time = 0; time < 2; time += 1) {
    expect(await ask(ROWS[0]!)).toBe(200);
    expect(await ask(ROWS[1]!)).toBe(200);
    expect(await ask({ ...ROWS[0], size: FATAL })).toBe(503);
    // One is left until the other is there.
    expect(await ask(ROWS[1]!)).toBe(200);
    while (log.filter((line) => line.includes('"worker"')).length <= time) await ask(ROWS[0]!);
  }
  expect(log.filter((line) => line.includes('a worker ended'))).toHaveLength(2);
});

test('a server all of whose threads end at once is not ready, and ends when asked to', async () => {
  const { url } = await withThreads();
  const place = `${url}/models/things/predict`;
  const fatal = { ...ROWS[0], size: FATAL };
  // Neither has computed anything: another one would end, too.
  for (let time = 0; time < 3; time += 1) expect((await post(place, fatal)).status).toBe(503);
  expect((await fetch(`${url}/v2/health/ready`)).status).toBe(503);
  expect((await fetch(`${url}/v2/health/live`)).status).toBe(200);
});

test('threads that end before they are ready are an error, not a wait without end', async () => {
  const options = { workers: 2, backendModule: moduleOfThreads('process.exit();') };
  await expect(serveModels({ things: await thingsModel() }, options, serve)).rejects.toThrow(
    'workers: expected 2 threads that start, received one that ended at once',
  );
});
