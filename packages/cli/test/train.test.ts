import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeModel } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { eventsIn, runCli } from './run-cli.js';
import { namesIn, SHAPES, temporaryFolder, writeFiles, writeShapes } from './temporary.js';

test('the JSON events have the documented order and fields', async () => {
  const folder = temporaryFolder();
  const args = ['train', '--recipe', 'seed', '--subset', '400', '--epochs', '2', '--json'];
  const result = await runCli([...args, '--backend', 'ts'], { folder });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  const events = eventsIn(result);
  expect(events.map(({ event }) => event)).toEqual(['start', 'epoch', 'epoch', 'end']);
  const [start, epoch, , end] = events;
  expect(Object.keys(start!)).toEqual(
    'event backend isa threads contract recipe dataset'.split(' '),
  );
  expect(start).toMatchObject({ backend: 'ts', isa: 'javascript', threads: 1, contract: 1 });
  expect(start!.dataset).toMatchObject({ name: 'mnist', train: 280, validation: 60, test: 60 });
  expect(Object.keys(start!.dataset)).toEqual('name sha256 train validation test'.split(' '));
  expect(start!.recipe).toMatchObject({ name: 'seed', subset: 400, epochs: 2, seed: 1 });
  expect(Object.keys(epoch!)).toEqual(
    'event epoch loss validationLoss validationAccuracy seconds samplesPerSecond weightsSha256'.split(
      ' ',
    ),
  );
  expect(Object.keys(end!)).toEqual(
    'event epochs testAccuracy testLoss metrics baseline weightsSha256 trainSeconds samplesPerSecond out'.split(
      ' ',
    ),
  );
  expect(end).toMatchObject({ epochs: 2, out: 'model.safetensors' });
  expect(end!.weightsSha256).toBe(events[2]!.weightsSha256);
  expect(namesIn(folder)).toEqual(['model.safetensors']);
});

test('the model file holds what the events said', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  const result = await runCli(['train', ...SHAPES, '--json', '--out', 'a b.safetensors'], {
    folder,
  });
  const [start, ...rest] = eventsIn(result);
  const end = rest.pop()!;
  const bytes = readFileSync(join(folder, 'a b.safetensors'));
  const { receipt, run } = await decodeModel(bytes, 'a b.safetensors');
  expect(receipt.weightsSha256).toBe(end.weightsSha256);
  expect(receipt.epochs).toEqual(rest.map(({ weightsSha256 }) => weightsSha256));
  expect(receipt.recipe).toEqual(start!.recipe);
  expect(receipt.testAccuracy).toBe(end.testAccuracy);
  expect(run).toMatchObject({ backend: start!.backend, isa: start!.isa, threads: start!.threads });
  expect(Object.keys(run.versions)).toContain('@bitgrad/core');
  expect(rest[0]).toMatchObject({ validationLoss: null, validationAccuracy: null });
});

test('tells people what it does on stderr, and what came of it on stdout', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  const { stdout, stderr } = await runCli(['train', ...SHAPES, '--backend', 'ts'], { folder });
  expect(stderr).toMatch(/^recipe {3}mnist: 16-4-3 relu, binarize, .*3 epochs, seed 1$/m);
  expect(stderr).toMatch(/^data {5}shapes: 60 training, 12 test samples$/m);
  expect(stderr).toMatch(/^backend {2}ts \(javascript, 1 thread\)$/m);
  expect(stderr.match(/^epoch \d\/3 {2}loss \d\.\d{4} {2}.* samples\/s$/gm)).toHaveLength(3);
  expect(stdout).toMatch(/^test accuracy {2}\d+\.\d\d % of 12 \(loss \d\.\d{4}\)$/m);
  expect(stdout).toMatch(/^weightsSha256 {2}[0-9a-f]{64}$/m);
  expect(stdout).toMatch(/^model {10}model.safetensors \(\d/m);
  expect(stdout).toMatch(/^next: .* eval model.safetensors --data shapes$/m);
  expect(stdout + stderr).not.toContain('\u001b');
});

test('an older model is replaced', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  for (const seed of ['1', '2']) {
    await runCli(['train', ...SHAPES, '--seed', seed, '--out', 'model'], { folder });
  }
  const { recipe } = await decodeModel(readFileSync(join(folder, 'model')), 'model');
  expect(recipe.seed).toBe(2);
  expect(namesIn(folder)).toEqual(['model', 'shapes']);
});

test('the recipe seed at rate 0.1 trains to its end', async () => {
  const folder = temporaryFolder();
  const result = await runCli(['train', '--recipe', 'seed', '--lr', '0.1', '--json'], { folder });
  expect(result.exitCode).toBe(0);
  expect(eventsIn(result).at(-1)).toMatchObject({ event: 'end', epochs: 5 });
});

test('a rate of 1e30 ends with the step in the error, and without a file', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  const args = ['train', ...SHAPES, '--lr', '1e30', '--json'];
  const { exitCode, stdout, stderr } = await runCli(args, { folder });
  expect(exitCode).toBe(1);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).event);
  expect(events).toEqual(['start', 'error']);
  expect(stderr).toMatch(/^error: training: expected a finite .* step \d+.*\n/);
  expect(stderr).toMatch(/\na lower learning rate usually helps\n$/);
  expect(namesIn(folder)).toEqual(['shapes']);
});

test('a model that nobody named is kept when the next one comes, a named one is replaced', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  const words = ['train', ...SHAPES, '--json'];
  const first = eventsIn(await runCli(words, { folder })).at(-1)!;
  const again = await runCli([...words, '--seed', '2'], { folder });
  expect(again.stderr).toContain(
    'note: the model.safetensors that was there is model-1.safetensors now',
  );
  await runCli([...words, '--seed', '3'], { folder });
  await runCli([...words, '--out', 'model-2.safetensors'], { folder });
  expect(namesIn(folder)).toEqual([
    'model-1.safetensors',
    'model-2.safetensors',
    'model.safetensors',
    'shapes',
  ]);
  const read = ['inspect', 'model-1.safetensors', '--json'];
  const [kept] = eventsIn(await runCli(read, { folder }));
  expect(kept!.receipt.weightsSha256).toBe(first.weightsSha256);
});

test('data may come without --data, and other programs’ words are understood', async () => {
  const folder = temporaryFolder();
  const rows = Array.from({ length: 40 }, (_, row) => `${row % 7},${row % 2 ? 'no' : 'yes'}`);
  writeFiles(folder, { 'answers.csv': `x,answer\n${rows.join('\n')}\n` });
  const line =
    'train answers.csv --target answer --hidden 8 --device ts --output a.model --epochs 1';
  const result = await runCli([...line.split(' '), '--optimizer', 'AdamW', '--json'], { folder });
  const [start] = eventsIn(result);
  expect(start).toMatchObject({
    backend: 'ts',
    recipe: { layers: [1, 8, 2], optimizer: 'adamw', loss: 'cross-entropy' },
  });
  const numbers = 'train answers.csv --label 1 --loss MSE --epochs 1 --backend ts --json';
  const [other] = eventsIn(await runCli(numbers.split(' '), { folder }));
  expect(other!.recipe.loss).toBe('squared-error');
});

test('an error is an event too', async () => {
  const folder = temporaryFolder();
  const failed = await runCli('train nowhere.csv --json'.split(' '), { folder });
  expect(failed.exitCode).toBe(1);
  expect(eventsIn({ ...failed, exitCode: 0 })).toEqual([
    { event: 'error', message: expect.stringContaining('nowhere.csv'), fix: null },
  ]);
  const wrong = await runCli('train --layrs 3 --json'.split(' '), { folder });
  expect(wrong.exitCode).toBe(2);
  expect(JSON.parse(wrong.stdout)).toEqual({
    event: 'error',
    message: '--layrs: unknown option',
    fix: 'did you mean --layers?',
  });
});
