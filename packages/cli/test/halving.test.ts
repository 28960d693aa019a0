import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { roundsOf } from '../src/sweep/halving.js';
import { eventsIn, runCli, startCli } from './run-cli.js';
import { temporaryFolder, writeFiles, writeShapes } from './temporary.js';

const PLAN = `
data: shapes
augment: none
epochs: 4
optimizer: adam
dropout: 0.1
split: 0.6,0.2,0.2
grid:
  lr: [0.0001, 0.01, 0.1, 1e30]
  layers: [[16, 4, 3], "16,8,3"]
seeds: 2
halving: { factor: 2, first: 1 }
`;

function planned(plan = PLAN): string {
  const folder = temporaryFolder();
  writeShapes(folder);
  writeFiles(folder, { 'plan.yaml': plan });
  return folder;
}

const SWEEP = 'sweep plan.yaml --backend ts --json'.split(' ');

/** By one process beside this one, where no other number is asked for: each takes long to begin. */
async function sweep(folder: string, words: readonly string[] = []) {
  const jobs = words.includes('--jobs') ? [] : ['--jobs', '1'];
  const result = await runCli([...SWEEP, ...jobs, ...words], { folder });
  return { ...result, end: eventsIn(result).at(-1)! };
}

const textOf = (folder: string, out = 'sweep') =>
  readFileSync(join(folder, out, 'receipts.jsonl'), 'utf8');
const linesOf = (folder: string, out = 'sweep') => textOf(folder, out).trimEnd().split('\n');

test('rounds are longer by the factor, up to all epochs', () => {
  const rounds = (factor: number, first: number | null, settings: number, epochs: number) =>
    roundsOf({ factor, first }, settings, epochs);
  expect(rounds(3, 1, 99, 27)).toEqual([1, 3, 9, 27]);
  expect(rounds(3, 2, 99, 27)).toEqual([2, 3, 9, 27]);
  expect(rounds(3, 30, 99, 27)).toEqual([27]);
  expect(rounds(3, null, 27, 27)).toEqual([1, 3, 9, 27]);
  expect(rounds(3, null, 9, 27)).toEqual([3, 9, 27]);
  expect(rounds(3, null, 2, 27)).toEqual([27]);
  expect(rounds(2, null, 1000, 5)).toEqual([1, 2, 5]);
});

test('those that go on have the bits of trainings that were never stopped', async () => {
  const folder = planned();
  const { end, stdout, exitCode } = await sweep(folder);
  expect(exitCode).toBe(0);
  const events = eventsIn({ stdout } as never);
  // 8 settings, of which 6 come to an end of the first epoch; half of the 8, half of those 4.
  expect(
    events.filter(({ event }) => event === 'start').map(({ until, trials }) => [until, trials]),
  ).toEqual([
    [1, 16],
    [2, 8],
    [4, 4],
  ]);
  writeFiles(folder, { 'plan.yaml': PLAN.replace(/halving.*/, '') });
  await sweep(folder, ['--out', 'all']);
  const whole = new Map(linesOf(folder, 'all').map((line) => [JSON.parse(line).trial, line]));
  const kinds = { receipt: 0, stopped: 0, error: 0 };
  for (const line of linesOf(folder)) {
    const { trial, settings, receipt, stopped } = JSON.parse(line);
    if (stopped) {
      const full = JSON.parse(whole.get(trial)!);
      expect(full.settings).toEqual(settings);
      expect(full.receipt.epochs[stopped.epochs - 1]).toBe(stopped.weightsSha256);
      expect(full.receipt.states[stopped.epochs - 1]).toBe(stopped.stateSha256);
      expect(stopped.validationLoss).toBeGreaterThan(0);
    } else expect(line).toBe(whole.get(trial));
    kinds[receipt ? 'receipt' : stopped ? 'stopped' : 'error'] += 1;
  }
  expect(kinds).toEqual({ receipt: 4, stopped: 8, error: 4 });
  expect(end.groups.map(({ stopped }: { stopped?: number }) => stopped ?? 4)).toEqual([
    ...[4, 4, 2, 2, 1, 1, 4, 4],
  ]);
});

test('killed, or without some checkpoints, it goes on to the same result', async () => {
  const folder = planned();
  await sweep(folder, ['--out', 'one']);
  await startCli([...SWEEP, '--jobs', '2'], {
    folder,
    onOutput: (child, stdout) => {
      if (stdout.includes('"until":2') && stdout.endsWith('}\n')) child.kill('SIGKILL');
    },
  });
  const trials = join(folder, 'sweep', 'trials');
  for (const name of readdirSync(trials)) {
    // What is gone is trained again, to the same bits.
    if (/^[0-7].*checkpoint$/.test(name)) rmSync(join(trials, name));
  }
  expect((await sweep(folder, ['--jobs', '2'])).exitCode).toBe(0);
  expect(textOf(folder)).toBe(textOf(folder, 'one'));
});

test('what cannot be halved is refused', async () => {
  const base = PLAN.replace(/halving.*/, '');
  for (const [plan, words, message] of [
    [`${base}halving: 3`, [], 'halving: expected options with their values, received 3'],
    [`${base}halving: {factor: 1}`, [], 'halving: factor: expected an integer from 2'],
    [`${base}halving: {first: 99}`, [], 'halving: first: expected an epoch before the last, which'],
    [`${base}halving: {rounds: 1}`, [], 'halving: expected factor, first, received "rounds"'],
    [`${PLAN}goal: testLoss`, [], 'halving: expected a goal of the validation part'],
    [PLAN.replace(/split.*\n/, ''), [], 'halving: expected validation samples'],
    [PLAN.replace('lr: [', 'epochs: [2, 4]\n  lr: [').replace('epochs: 4', ''), [], 'same epochs'],
    [PLAN, ['--task', '1/2'], '--task: expected none with halving'],
  ] as const) {
    const { exitCode, stderr } = await sweep(planned(plan), words);
    expect([exitCode, stderr], plan).toEqual([2, expect.stringContaining(message)]);
  }
  const flag = await sweep(planned(base), ['--halving']);
  expect(flag.stdout).toContain('"until":1');
});
