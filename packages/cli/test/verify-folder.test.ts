import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodeCheckpoint,
  decodeModel,
  encodeCheckpoint,
  encodeModel,
  type Receipt,
  stateSha256,
} from '@bitgrad/core';
import { expect, test } from 'vitest';
import { planParts } from '../src/verify/plan-stretches.js';
import { eventsIn, runCli } from './run-cli.js';
import { temporaryFolder, writeShapes } from './temporary.js';

const TRAIN = [
  ...['train', '--data', 'shapes', '--layers', '16,4,3', '--augment', 'none', '--epochs', '7'],
  ...['--optimizer', 'adam', '--dropout', '0.2', '--checkpoint', 'kept/{epoch}.checkpoint'],
];
const VERIFY = 'verify model.safetensors --data shapes --backend ts --from kept'.split(' ');

/** A folder with shapes, a model trained on them, and the checkpoint after each epoch in `kept`. */
async function trainedFolder(): Promise<string> {
  const folder = temporaryFolder();
  writeShapes(folder);
  mkdirSync(join(folder, 'kept'));
  await runCli(TRAIN, { folder });
  return folder;
}

async function changeReceipt(folder: string, change: (receipt: Receipt) => Receipt) {
  const file = join(folder, 'model.safetensors');
  const model = await decodeModel(readFileSync(file), file);
  writeFileSync(file, encodeModel({ ...model, receipt: change(model.receipt) }));
}

async function verdict(folder: string, ...words: string[]) {
  const result = await runCli([...VERIFY, ...words, '--json'], { folder });
  return { ...eventsIn(result).at(-1)!, exitCode: result.exitCode };
}

const zeros = '0'.repeat(64);
const withZeros = (digests: readonly string[], at: number) =>
  digests.map((digest, index) => (index === at ? zeros : digest));

test('any number of jobs gives the verdict of one, and every epoch once', async () => {
  const folder = await trainedFolder();
  const whole = await runCli([...VERIFY.slice(0, -2), '--json'], { folder });
  const epochs = eventsIn(whole).filter(({ event }) => event === 'epoch');
  expect(epochs).toHaveLength(7);
  for (const jobs of ['1', '2', '20']) {
    const result = await runCli([...VERIFY, '--jobs', jobs, '--json'], { folder });
    expect(result.exitCode).toBe(0);
    const events = eventsIn(result);
    expect(events[0]).toMatchObject({ event: 'start', jobs: Number(jobs) });
    expect(events[0]!.parts).toHaveLength(Math.min(7, Number(jobs)));
    expect(events.at(-1)).toEqual(eventsIn(whole).at(-1));
    const told = events.filter(({ event }) => event === 'epoch');
    expect(told.sort((a, b) => a.epoch - b.epoch)).toEqual(epochs);
  }
  const { stdout } = await runCli([...VERIFY, '--jobs', '2'], { folder });
  expect(stdout).toMatch(/^verified: all of 7 epochs gave the receipt's digests$/m);
  expect(await verdict(folder, '--epochs', '3..6')).toMatchObject({ verified: true, epochs: 6 });
});

test('an edited receipt is named by its field', async () => {
  const folder = await trainedFolder();
  await changeReceipt(folder, (receipt) => ({ ...receipt, testAccuracy: 0.123 }));
  for (const jobs of ['1', '2']) {
    expect(await verdict(folder, '--jobs', jobs)).toMatchObject({
      exitCode: 1,
      verified: false,
      firstMismatch: { epoch: null, field: 'testAccuracy', expected: 0.123 },
    });
  }
});

test('a forged epoch is named, by the checkpoints or else by training again', async () => {
  const folder = await trainedFolder();
  await changeReceipt(folder, (receipt) => ({
    ...receipt,
    epochs: withZeros(receipt.epochs, 4),
    states: withZeros(receipt.states!, 2),
  }));
  const found = await verdict(folder, '--jobs', '2');
  expect(found).toMatchObject({
    verified: false,
    file: join('kept', '3.checkpoint'),
    firstMismatch: { epoch: 3, field: 'states', expected: zeros },
  });
  const { stdout } = await runCli([...VERIFY, '--jobs', '2'], { folder });
  expect(stdout).toContain('3.checkpoint has another whole state');

  // A forger who publishes no checkpoint of it is found out by who trains it again.
  const other = await trainedFolder();
  await changeReceipt(other, (receipt) => ({ ...receipt, states: withZeros(receipt.states!, 6) }));
  const last = join(other, 'kept', '7.checkpoint');
  writeFileSync(last, readFileSync(join(other, 'kept', '6.checkpoint')));
  expect(await verdict(other, '--jobs', '3')).toMatchObject({
    exitCode: 1,
    verified: false,
    epochs: 7,
    firstMismatch: { epoch: 7, field: 'states', expected: zeros },
  });
});

test('what the optimiser remembers cannot be forged', async () => {
  const folder = await trainedFolder();
  const file = join(folder, 'kept', '4.checkpoint');
  const { state, states, ...rest } = await decodeCheckpoint(readFileSync(file), file);
  const forged = new Map([...state].map(([name, values]) => [name, values.slice()]));
  const name = [...forged.keys()].find((one) => /Moment/.test(one))!;
  forged.get(name)![0]! += 1;
  // The forger makes everything in the checkpoint fit.
  const own = [...states!.slice(0, -1), await stateSha256(forged, rest.best)];
  writeFileSync(file, await encodeCheckpoint({ ...rest, state: forged, states: own }));
  expect(await verdict(folder, '--jobs', '2')).toMatchObject({
    exitCode: 1,
    verified: false,
    file: join('kept', '4.checkpoint'),
    firstMismatch: { epoch: 4, field: 'states', received: own.at(-1) },
  });
});

test('what cannot be verified at all is said as by one process', async () => {
  const folder = await trainedFolder();
  const jobs = await runCli([...VERIFY.slice(0, -2), '--jobs', '2'], { folder });
  expect([jobs.exitCode, jobs.stderr]).toEqual([
    2,
    expect.stringContaining('--jobs: expected a folder of checkpoints with --from, received none'),
  ]);
  const words = 'verify model.safetensors --from kept --jobs 2'.split(' ');
  const noData = await runCli(words, { folder });
  expect(noData.exitCode).toBe(2);
  expect(noData.stderr).toMatch(/^error: --data: expected the data to train on again/m);
  const stdin = await runCli([...words, '--data', '-'], { folder });
  expect([stdin.exitCode, stdin.stderr]).toEqual([
    2,
    expect.stringContaining('--data: expected a file or a folder, which each process reads'),
  ]);
  mkdirSync(join(folder, 'empty'));
  const none = await runCli([...VERIFY.slice(0, -1), 'empty'], { folder });
  expect(none.exitCode).toBe(1);
  expect(none.stderr).toContain('--from: expected checkpoints in empty');
});

test('parts are about as long as each other and begin where checkpoints are', () => {
  const every = new Map(Array.from({ length: 50 }, (_, at) => [at + 1, `${at + 1}`]));
  for (const jobs of [1, 2, 3, 4, 7, 50, 60]) {
    const parts = planParts(1, 50, every, jobs, 'a');
    expect(parts).toHaveLength(Math.min(jobs, 50));
    expect(parts[0]).toMatchObject({ first: 1, from: null });
    for (const [at, { first, last, from }] of parts.entries()) {
      expect(last - first + 1).toBeLessThanOrEqual(Math.ceil(50 / jobs) + 1);
      expect(last + 1).toBe(parts[at + 1]?.first ?? 51);
      if (at > 0) expect(from).toBe(`${first - 1}`);
    }
  }
  expect(planParts(1, 50, new Map([[10, 'ten']]), 4, 'a')).toEqual([
    { first: 1, last: 10, from: null },
    { first: 11, last: 50, from: 'ten' },
  ]);
  expect(() => planParts(3, 5, new Map([[1, 'one']]), 2, 'a')).toThrow('after epoch 2');
});
