import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { decodeModel, encodeModel } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { readPlan } from '../src/sweep/plan.js';
import { bestOf, groupResults, type Result } from '../src/sweep/results.js';
import { taskOf } from '../src/sweep/task.js';
import { eventsIn, runCli, startCli } from './run-cli.js';
import { temporaryFolder, writeFiles, writeShapes } from './temporary.js';

const PLAN = `
data: shapes
augment: none
epochs: 2
split: 0.6,0.2,0.2
grid:
  lr: [0.02, 0.2]
  layers: [[16, 4, 3], "16,3"]
seeds: 2
`;
const TRIALS = 8;

function planned(plan = PLAN): string {
  const folder = temporaryFolder();
  writeShapes(folder);
  writeFiles(folder, { 'plan.yaml': plan });
  return folder;
}

const SWEEP = 'sweep plan.yaml --backend ts --json'.split(' ');

/** By one process beside this one, where no other number is asked for: each takes long to begin. */
async function sweep(folder: string, ...words: string[]) {
  const jobs = words.includes('--jobs') ? [] : ['--jobs', '1'];
  const result = await runCli([...SWEEP, ...jobs, ...words], { folder });
  return { ...result, end: eventsIn(result).at(-1)! };
}

const receiptsOf = (folder: string, out = 'sweep') =>
  readFileSync(join(folder, out, 'receipts.jsonl'), 'utf8');

let found: Promise<string> | undefined;

/** What the plan gives, by one process that nothing happens to. */
function reference(): Promise<string> {
  const find = async (): Promise<string> => {
    const folder = planned();
    await sweep(folder);
    return receiptsOf(folder);
  };
  found ??= find();
  return found;
}

test('any number of processes, and slices on many machines, give the same receipts', async () => {
  const folder = planned();
  const { exitCode, end, stdout } = await sweep(folder, '--jobs', '3');
  expect(exitCode).toBe(0);
  const told = eventsIn({ stdout } as never).filter(({ event }) => event === 'trial');
  expect(new Set(told.map(({ trial }) => trial)).size).toBe(TRIALS);
  const expected = await reference();
  expect(receiptsOf(folder)).toBe(expected);
  const lines = expected
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ trial }) => trial)).toEqual(told.map(({ trial }) => trial).sort());
  for (const { settings, receipt } of lines) {
    expect(receipt.recipe.learningRate).toBe(Number(settings.lr));
    expect(String(receipt.recipe.layers)).toBe(settings.layers);
  }
  // The best model is one of the best settings', and verifies like any other.
  const file = join(folder, 'sweep', 'best.safetensors');
  const best = await decodeModel(readFileSync(file), file);
  expect(end).toMatchObject({ event: 'end', trials: TRIALS, goal: 'validationLoss' });
  expect(end.groups[0].settings.lr).toBe(String(best.recipe.learningRate));
  const report = readFileSync(join(folder, 'sweep', 'report.html'), 'utf8');
  expect(report.match(/<circle/g)).toHaveLength(TRIALS);
  expect(report).toContain(best.receipt.weightsSha256);
  const means = end.groups.map(({ mean }: { mean: number }) => mean);
  expect([...means].sort((a, b) => a - b)).toEqual(means);
  const verified = await runCli(['verify', file, '--data', 'shapes', '--backend', 'ts'], {
    folder,
  });
  expect(verified.stdout).toMatch(/^verified/m);

  for (const [index, expectedTrials] of [
    [1, 3],
    [2, 6],
    [3, 8],
  ]) {
    const slice = await sweep(folder, '--task', `${index}/3`, '--out', 'slices');
    expect(slice.end.trials).toBe(expectedTrials);
  }
  expect(receiptsOf(folder, 'slices')).toBe(expected);
});

test('of slices that are done at the same time, the last to end puts the results together', async () => {
  const folder = planned();
  const tasks = [1, 2, 3];
  const slices = await Promise.all(
    tasks.map((index) => startCli([...SWEEP, '--task', `${index}/3`, '--jobs', '1'], { folder })),
  );
  expect(slices.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  // Two may find all, and then write the same.
  const ends = slices.map((slice) => eventsIn(slice).at(-1)!);
  const whole = ends.filter(({ goal }) => goal === 'validationLoss');
  expect(whole.length).toBeGreaterThan(0);
  expect(whole[0]!.trials).toBe(TRIALS);
  expect(receiptsOf(folder)).toBe(await reference());
});

test('what is killed at any moment goes on without a lost or a second trial', async () => {
  const folder = planned();
  const expected = await reference();
  const words = ['sweep', 'plan.yaml', '--backend', 'ts', '--jobs', '2', '--json'];
  for (let kills = 0; kills < 2; kills += 1) {
    await startCli(words, {
      folder,
      onOutput: (child, stdout) => {
        if (stdout.split('"event":"trial"').length > 3) child.kill('SIGKILL');
      },
    });
  }
  const before = readdirSync(join(folder, 'sweep', 'trials')).filter((name) =>
    /^[0-9a-f]{64}\./.test(name),
  );
  expect(before.length).toBeGreaterThanOrEqual(4);
  const last = await sweep(folder, '--jobs', '2');
  const [start, ...events] = eventsIn(last);
  expect(start).toMatchObject({ trials: TRIALS });
  expect(events.filter(({ event }) => event === 'trial')).toHaveLength(TRIALS - start!.done);
  expect(receiptsOf(folder)).toBe(expected);
});

test.skipIf(process.platform !== 'linux')(
  'a process that dies takes no trial with it',
  async () => {
    const folder = planned(`${PLAN}subset: 50\n`.replace('epochs: 2', 'epochs: 40'));
    let killed = 0;
    const result = await startCli(
      ['sweep', 'plan.yaml', '--backend', 'ts', '--jobs', '2', '--json'],
      {
        folder,
        onOutput: (child, stdout) => {
          if (killed >= stdout.split('"event":"trial"').length - 1 || killed >= 3) return;
          const pids = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(
            ' ',
          );
          const pid = Number(pids[0]);
          if (pid > 0) process.kill(pid, 'SIGKILL');
          killed += 1;
        },
      },
    );
    expect(killed).toBe(3);
    expect(result.exitCode).toBe(0);
    const trials = eventsIn(result).filter(({ event }) => event === 'trial');
    expect(trials).toHaveLength(TRIALS);
  },
);

test('Ctrl-C says how far it is, and the same command goes on', async () => {
  const folder = planned(PLAN.replace('epochs: 2', 'epochs: 30'));
  let isInterrupted = false;
  const { exitCode, stderr } = await startCli(['sweep', 'plan.yaml', '--backend', 'ts', '--json'], {
    folder,
    onOutput: (child, stdout) => {
      if (!isInterrupted && stdout.includes('"event":"trial"')) child.kill('SIGINT');
      isInterrupted ||= stdout.includes('"event":"trial"');
    },
  });
  expect(exitCode).toBe(130);
  expect(stderr).toMatch(
    /^interrupted; [1-7] of 8 trials done\nthe same command goes on from there$/m,
  );
  expect((await sweep(folder)).end).toMatchObject({ trials: TRIALS });
});

test('data that change while a sweep goes on end it: trials are named by what they were', async () => {
  const folder = planned();
  const path = join(folder, 'shapes', 'train-images-idx3-ubyte');
  const images = readFileSync(path);
  images[20] = images[20]! + 1;
  const { exitCode, stderr } = await startCli(
    ['sweep', 'plan.yaml', '--backend', 'ts', '--jobs', '1', '--json'],
    {
      folder,
      // The process that trains has not read them yet.
      onOutput: (_, stdout) => {
        if (!stdout.includes('"event":"trial"')) writeFileSync(path, images);
      },
    },
  );
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^error: .*shapes: expected data that stay as they are/m);
  expect(existsSync(join(folder, 'sweep', 'receipts.jsonl'))).toBe(false);
});

test('two results of one trial must be equal', async () => {
  const folder = planned(PLAN.replace('seeds: 2', 'seeds: [1]').replace(', "16,3"', ''));
  await sweep(folder);
  const trials = join(folder, 'sweep', 'trials');
  const [name] = readdirSync(trials);
  // As from a machine that computes wrongly, and writes while another one trains the same trial.
  const other = planned(PLAN.replace('seeds: 2', 'seeds: [1]').replace(', "16,3"', ''));
  const { keepOutcome } = await import('../src/sweep/trial.js');
  const model = await decodeModel(readFileSync(join(trials, name!)), name!);
  const wrong = { ...model.receipt, testLoss: 0.5 };
  const id = name!.replace('.safetensors', '');
  mkdirSync(join(other, 'sweep', 'trials'), { recursive: true });
  writeFileSync(join(other, 'sweep', 'trials', name!), encodeModel({ ...model, receipt: wrong }));
  const trained = { outcome: { receipt: model.receipt }, bytes: null };
  const kept = keepOutcome(join(other, 'sweep'), id, trained);
  await expect(kept).rejects.toThrow(`trial ${id}: expected what another process found`);
  await keepOutcome(join(folder, 'sweep'), id, trained);
});

test('what a killed sweep was writing is cleared by the next one, what another writes is not', async () => {
  const folder = planned(PLAN.replace('seeds: 2', 'seeds: [1]').replace(', "16,3"', ''));
  const gone = `${hostname()}-999999999-0123abcd.tmp`;
  const running = `${hostname()}-${process.pid}-0123abcd.tmp`;
  mkdirSync(join(folder, 'sweep', 'trials'), { recursive: true });
  const names = ['.receipts.jsonl', 'trials/.ab.safetensors', 'trials/.ab.checkpoint'];
  for (const name of names) {
    writeFiles(join(folder, 'sweep'), { [`${name}.${gone}`]: '', [`${name}.${running}`]: '' });
  }
  expect((await startCli(SWEEP, { folder })).exitCode).toBe(0);
  const left = readdirSync(join(folder, 'sweep'), { recursive: true }).map(String);
  expect(left.filter((name) => name.endsWith('.tmp')).sort()).toEqual(
    names.map((name) => join(`${name}.${running}`)).sort(),
  );
});

test("a trial's file that is another trial's model, or no file, is no result", async () => {
  const folder = planned(PLAN.replace('seeds: 2', 'seeds: [1]').replace(', "16,3"', ''));
  await sweep(folder);
  const expected = receiptsOf(folder);
  const trials = join(folder, 'sweep', 'trials');
  const [first, second] = readdirSync(trials).map((name) => join(trials, name));
  const own = readFileSync(first!);
  writeFileSync(first!, readFileSync(second!));
  const { exitCode, stderr } = await sweep(folder);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('expected the model of the trial that it is named after');
  writeFileSync(first!, own);
  if (process.platform !== 'win32') {
    // Has no end; what is trained again takes its place.
    rmSync(second!);
    symlinkSync('/dev/zero', second!);
  }
  expect((await sweep(folder)).exitCode).toBe(0);
  expect(receiptsOf(folder)).toBe(expected);
});

test('a training without an end is a result, too, and never the best', async () => {
  const folder = planned(
    PLAN.replace('[0.02, 0.2]', '[0.02, 1e30]')
      .replace('seeds: 2', 'folds: 3')
      .replace(/split.*\n/, ''),
  );
  const { end, exitCode } = await sweep(folder);
  expect(exitCode).toBe(0);
  const lines = receiptsOf(folder)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(12);
  const failed = lines.filter(({ error }) => error !== undefined);
  expect(failed.length).toBeGreaterThan(0);
  for (const { error, receipt } of failed) {
    expect(error).toContain('expected a finite');
    expect(receipt).toBeUndefined();
  }
  const folds = lines.flatMap(({ receipt }) => receipt?.recipe.fold ?? []);
  expect(new Set(folds)).toEqual(new Set(['1/3', '2/3', '3/3']));
  expect(end.groups.at(-1).mean).toBeNull();
  expect(end.groups[0].mean).not.toBeNull();
});

test('plans that say something else are refused, by key', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'plan.yaml');
  for (const [plan, message] of [
    ['lrr: 3', 'plan.yaml: expected an option of train, grid, random, seeds, folds, goal, halving'],
    ['grid: 3', 'grid: expected options with their values, received 3'],
    ['grid: {lr: 3}', 'grid: lr: expected a list of values, received 3'],
    ['grid: {lr: []}', 'grid: lr: expected a list of values'],
    ['grid: {data: [a, b]}', 'grid: expected an option of train'],
    ['lr: 1\ngrid: {lr: [1]}', 'lr is both set and varied by grid'],
    ['lr: 1\nlearningRate: 2', 'plan.yaml: lr and learningRate are the same option'],
    ['grid: {lr: [1], learningRate: [2]}', 'grid: lr and learningRate are the same option'],
    ['grid: {lr: [1]}\nrandom: {trials: 2, lr: [2]}', 'lr is both varied by grid and varied by'],
    ['seed: 3\nseeds: 2', 'seed is both set and varied by seeds'],
    ['grid: {seed: [3, 4]}\nseeds: 2', 'seed is both varied by grid and varied by seeds'],
    ['fold: 1/2\nfolds: 3', 'fold is both set and varied by folds'],
    ['seeds: 1000\nfolds: 1000', 'at most 100000 trainings, received 1000 × 1000 = 1000000'],
    ['random: {trials: 2}', 'random: expected options to draw, received trials and seed alone'],
    ['random: {trials: 2, trails: [1]}', 'random: expected an option of train, trials, seed'],
    ['random: {lr: [1, 2]}', 'random: trials: expected an integer from 1 to 100000'],
    ['random: {trials: 2, lr: {from: 2, to: 1}}', 'random: lr: expected a list, or from'],
    ['random: {trials: 2, lr: {from: 0, to: 1, scale: log}}', 'expected a number above 0'],
    ['random: {trials: 2, lr: {from: a, to: 1}}', 'random: lr: from: expected a number'],
    ['random: {trials: 2, seed: -1, lr: [1]}', 'random: seed: expected an integer from 0'],
    ['random: {trials: 2, seed: 1.5, lr: [1]}', 'random: seed: expected an integer from 0'],
    ['seeds: 0', 'seeds: expected an integer from 1'],
    ['seeds: []', 'seeds: expected a list of values'],
    ['folds: many', 'folds: expected an integer from 2'],
    ['folds: 1', 'folds: expected an integer from 2'],
    ['goal: accuracy', 'goal: expected validationLoss'],
    ['- a', 'expected options with their values, received a list'],
  ] as const) {
    writeFileSync(path, plan);
    await expect(readPlan(path, ['lr', 'data', 'seed', 'fold']), plan).rejects.toThrow(message);
  }
  const wrong = planned('data: shapes\ngrid: {lr: [abc]}\n');
  const { exitCode, stderr } = await runCli(['sweep', 'plan.yaml'], { folder: wrong });
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringContaining('error: plan.yaml: --lr: expected a number above 0'),
  ]);
});

test('what no training or no process could do is refused before one begins', async () => {
  const data = `${['x,y', ...Array.from({ length: 40 }, (_, at) => `${at},${at / 3}`)].join('\n')}\n`;
  for (const [plan, message] of [
    [
      `${PLAN.replace(/split.*\n/, '')}goal: validationLoss\n`,
      'goal: expected validation samples for validationLoss',
    ],
    [
      'data: a.csv\nloss: squared-error\ngoal: testAccuracy\n',
      'goal: expected testLoss where one of several classes',
    ],
    ['data: "-"\n', '--data: expected a file or a folder, which each process reads'],
  ] as const) {
    const folder = planned(plan);
    writeFileSync(join(folder, 'a.csv'), data);
    const { exitCode, stderr } = await runCli(['sweep', 'plan.yaml'], { folder });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync(join(folder, 'sweep'))).toBe(false);
  }
  const folder = planned();
  for (const [words, message] of [
    ['--backend nativ', 'did you mean --backend native?'],
    ['--threads none', '--threads: expected an integer'],
    ['--backend ts --isa avx2', '--isa: expected none with --backend ts'],
  ] as const) {
    const { exitCode, stderr } = await runCli(['sweep', 'plan.yaml', ...words.split(' ')], {
      folder,
    });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync(join(folder, 'sweep'))).toBe(false);
  }
});

test.runIf(existsSync('/proc/self'))('a folder that cannot be made is said at once', async () => {
  const result = await sweep(planned(), '--out', '/proc/sweep');
  expect([result.exitCode, result.stderr]).toEqual([
    1,
    'error: --out: /proc/sweep/trials: cannot be made (the system has no place there)\n',
  ]);
});

test('random draws are the same on every machine, inside their range, and cover it', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'plan.yaml');
  writeFileSync(
    path,
    'random: {trials: 400, seed: 3, lr: {from: 0.001, to: 1, scale: log}, batch-size: {from: 1, to: 4}, optimizer: [sgd, adam]}',
  );
  const [first, second] = [await readPlan(path, []), await readPlan(path, [])];
  expect(second).toEqual(first);
  const settings = first.variants.map((variant) => variant.settings);
  // Pinned: another draw is another trial, under another name.
  expect(settings[0]).toEqual({ lr: '0.0105', 'batch-size': '3', optimizer: 'sgd' });
  const rates = settings.map(({ lr }) => Number(lr));
  expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.001);
  expect(Math.max(...rates)).toBeLessThanOrEqual(1);
  // A third of them in each order of magnitude.
  for (const decade of [0.001, 0.01, 0.1]) {
    const inside = rates.filter((rate) => rate >= decade && rate < 10 * decade).length;
    expect(Math.abs(inside - 400 / 3)).toBeLessThan(40);
  }
  expect(new Set(settings.map((one) => one['batch-size']))).toEqual(new Set(['1', '2', '3', '4']));
  expect(new Set(settings.map((one) => one.optimizer))).toEqual(new Set(['sgd', 'adam']));
});

test('means, deviations and the best are those of the numbers', () => {
  const result = (lr: string, validationLoss: number, testAccuracy: number): Result =>
    ({
      trial: { name: `${lr} ${validationLoss}`, settings: { lr } },
      outcome: { receipt: { validationLoss, testAccuracy } },
    }) as unknown as Result;
  const results = [
    result('1', 4, 0.1),
    result('2', 1, 0.9),
    result('1', 6, 0.3),
    result('2', 3, 0.5),
  ];
  const byLoss = groupResults(results, 'validationLoss');
  expect(byLoss.map(({ settings, mean, deviation }) => [settings.lr, mean, deviation])).toEqual([
    ['2', 2, Math.sqrt(2)],
    ['1', 5, Math.sqrt(2)],
  ]);
  expect(bestOf(byLoss, 'validationLoss')!.trial.name).toBe('2 1');
  const byAccuracy = groupResults(results.slice(0, 2), 'testAccuracy');
  expect(byAccuracy.map(({ mean, deviation }) => [mean, deviation])).toEqual([
    [0.9, null],
    [0.1, null],
  ]);
});

test('a task is told by its number, or by the variables of an array job', () => {
  expect(taskOf(undefined, {})).toEqual({ index: 1, count: 1 });
  expect(taskOf('3/10', {})).toEqual({ index: 3, count: 10 });
  const slurm = {
    SLURM_ARRAY_TASK_ID: '7',
    SLURM_ARRAY_TASK_MIN: '5',
    SLURM_ARRAY_TASK_COUNT: '4',
  };
  expect(taskOf('auto', slurm)).toEqual({ index: 3, count: 4 });
  expect(taskOf('auto', { ...slurm, SLURM_ARRAY_TASK_STEP: '2' })).toEqual({ index: 2, count: 4 });
  const kubernetes = { JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '8' };
  expect(taskOf('auto', kubernetes)).toEqual({ index: 1, count: 8 });
  const batch = { AWS_BATCH_JOB_ARRAY_INDEX: '8', AWS_BATCH_JOB_ARRAY_SIZE: '9' };
  expect(taskOf('auto', batch)).toEqual({ index: 9, count: 9 });
  for (const text of ['0/3', '4/3', '1', 'auto', '1/0', 'x/y']) {
    expect(() => taskOf(text, {}), text).toThrow('--task: expected I/N');
  }
  for (const other of [
    { SLURM_ARRAY_TASK_ID: '6', SLURM_ARRAY_TASK_STEP: '2' },
    { SLURM_ARRAY_TASK_ID: '9' },
    { SLURM_ARRAY_TASK_COUNT: 'many' },
  ]) {
    expect(() => taskOf('auto', { ...slurm, ...other })).toThrow(
      /expected an array job without gaps, .*, received SLURM_ARRAY_TASK_ID=\d, SLURM_ARRAY_TASK_COUNT=/,
    );
  }
});
