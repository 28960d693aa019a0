import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, train } from 'bitgrad';
import { expect, test } from 'vitest';
import { eventsIn, runCli } from './run-cli.js';
import { temporaryFolder, writeFiles } from './temporary.js';

const csvOf = (first: number, count: number): string =>
  [
    'size,colour,kind',
    ...Array.from({ length: count }, (_, at) => {
      const index = first + at;
      const size = ((index * 7919) % 100) / 50 + (index % 2);
      return [
        size,
        ['red', 'blue'][index % 2 === 0 ? (index % 4 === 0 ? 0 : 1) : 0],
        ['cup', 'bowl'][index % 2],
      ].join(',');
    }),
    '',
  ].join('\n');

const TRAIN = 'train --backend ts --epochs 3 --json'.split(' ');

test('a training begins with a model’s weights, its recipe, columns and classes', async () => {
  const folder = temporaryFolder();
  writeFiles(folder, { 'old.csv': csvOf(0, 80), 'new.csv': csvOf(300, 60) });
  const data = ['--data', 'old.csv', '--label', 'kind', '--layers', '7', '--out', 'old'];
  const first = eventsIn(await runCli([...TRAIN, ...data], { folder })).at(-1)!;
  const more = ['--start', 'old', '--data', 'new.csv', '--lr', '0.01', '--out', 'new'];
  const events = eventsIn(await runCli([...TRAIN, ...more], { folder }));
  const { recipe } = events[0]!;
  expect(recipe.initializer).toBe(`model:${first.weightsSha256}`);
  expect(recipe).toMatchObject({ layers: [3, 7, 2], learningRate: 0.01 });
  const verify = 'verify new --data new.csv --start old --backend ts --json'.split(' ');
  expect(eventsIn(await runCli(verify, { folder })).at(-1)).toMatchObject({ verified: true });

  const start = await load(join(folder, 'old'), { backend: 'ts' });
  const csv = readFileSync(join(folder, 'new.csv'), 'utf8');
  const tuned = await train(csv, { start, epochs: 3, learningRate: 0.01, backend: 'ts' });
  expect(tuned.receipt.weightsSha256).toBe(events.at(-1)!.weightsSha256);
  expect(tuned.metrics.baseline.accuracy).toBe(events.at(-1)!.baseline.accuracy);
});

test.each([
  ['--start none', 1, 'none: no such file'],
  ['--start old', 2, '--data: expected the data to train on, received none'],
  ['--start old --data old.csv --init he', 2, '--start: expected none with --init'],
  ['--start old --data old.csv --folds 3', 2, '--start: expected none with --folds'],
  ['--start old --data old.csv --out old', 2, '--out'],
  ['--start old --data old.csv --layers 3,9,2', 2, '--layers: expected 3'],
])('train %s', async (words, exitCode, message) => {
  const folder = temporaryFolder();
  writeFiles(folder, { 'old.csv': csvOf(0, 40) });
  const model = await train(join(folder, 'old.csv'), {
    label: 'kind',
    epochs: 1,
    backend: 'ts',
    layers: [3, 7, 2],
  });
  writeFiles(folder, { old: model.toBytes() });
  const result = await runCli(['train', '--backend', 'ts', ...words.split(' ')], { folder });
  expect(result.stderr).toContain(message);
  expect(result.exitCode).toBe(exitCode);
});
