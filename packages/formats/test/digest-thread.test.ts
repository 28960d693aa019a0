import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { datasetSha256 } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import { startDigest } from '../src/table/digest-thread.js';
import { temporaryFolder } from './temporary.js';

const isAlone = availableParallelism() < 2;

test.for([Uint32Array.of(1, 0, 2), Float32Array.of(0.5, -1), new Uint32Array(0)])(
  'a thread takes the digest of inputs and %o',
  async (targets) => {
    const digest = startDigest();
    expect(digest === null).toBe(isAlone);
    if (digest === null) return;
    try {
      const inputs = digest.makeInputs(70_000);
      for (let at = 0; at < inputs.length; at += 1) {
        inputs[at] = Math.sin(at);
        if (at % 13_000 === 0) digest.take(at);
      }
      digest.take(inputs.length);
      let found = await digest.finish(targets);
      // It says nothing as long as the thread has not started.
      for (; found === undefined; found = await digest.finish(targets)) await setTimeout(1);
      const expected = createHash('sha256').update(inputs).update(targets).digest('hex');
      expect(found).toBe(expected);
    } finally {
      digest.stop();
    }
  },
);

test('there is no digest of a thread that was stopped', async () => {
  const digest = startDigest();
  digest?.makeInputs(10);
  digest?.stop();
  expect(await digest?.finish(new Uint32Array(1))).toBeUndefined();
});

test('a large table is the same with its digest, which is that of its samples', async () => {
  const file = join(temporaryFolder(), 'table.csv');
  const row = (at: number): string =>
    Array.from({ length: 16 }, (_, column) => (at * (column + 7)) % 251).join(',');
  const rows = Array.from({ length: 2 ** 16 }, (_, at) => row(at));
  writeFileSync(file, `${'abcdefghijklmnop'.split('').join(',')}\n${rows.join('\n')}\n`);
  const plain = await loadDataset(file, { task: 'auto' });
  const { sha256, ...rest } = await loadDataset(file, { task: 'auto', digest: true });
  expect(createHash('sha256').update(rest.inputs).digest('hex')).toBe(
    createHash('sha256').update(plain.inputs).digest('hex'),
  );
  expect({ ...rest, inputs: null }).toEqual({ ...plain, inputs: null });
  // Where the thread started too late there is none.
  const own = await datasetSha256(plain);
  expect(sha256 ?? own).toBe(own);
});
