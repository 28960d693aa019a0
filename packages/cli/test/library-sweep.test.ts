import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare, load, type SweepPlan, sweep, verify } from 'bitgrad';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startRedis } from '../../../scripts/redis.mjs';
import { missing } from '../../../scripts/require.mjs';
import { runCli, startCli } from './run-cli.js';
import { temporaryFolder, writeFiles, writeShapes } from './temporary.js';

const PLAN = {
  augment: 'none',
  epochs: 2,
  split: [0.6, 0.2, 0.2],
  layers: [16, 4, 3],
  grid: { learningRate: [0.02, 0.2] },
  random: { trials: 2, seed: 3, batchSize: { from: 4, to: 20 } },
  seeds: [1, 7],
} as const;
const FILE = `
data: shapes
augment: none
epochs: 2
split: 0.6,0.2,0.2
layers: 16,4,3
grid: { lr: [0.02, 0.2] }
random: { trials: 2, seed: 3, batch-size: { from: 4, to: 20 } }
seeds: [1, 7]
`;

function planned(): { folder: string; plan: SweepPlan } {
  const folder = temporaryFolder();
  writeShapes(folder);
  writeFiles(folder, { 'plan.yaml': FILE });
  return { folder, plan: { ...PLAN, data: join(folder, 'shapes') } };
}

/** A folder with a model and, in `kept`, the checkpoint after each of its five epochs. */
async function trained(seed = '1') {
  const folder = temporaryFolder();
  writeShapes(folder);
  mkdirSync(join(folder, 'kept'));
  const words = 'train --data shapes --layers 16,4,3 --augment none --epochs 5 --optimizer adam';
  const kept = ['--checkpoint', 'kept/{epoch}.checkpoint', '--backend', 'ts', '--seed', seed];
  await runCli([...words.split(' '), ...kept], { folder });
  const checkpoints = readdirSync(join(folder, 'kept')).map((name) =>
    readFileSync(join(folder, 'kept', name)),
  );
  return { folder, model: join(folder, 'model.safetensors'), checkpoints };
}

test('a sweep gives the command’s receipts, and its best model', async () => {
  const { folder, plan } = planned();
  await runCli(['sweep', 'plan.yaml', '--backend', 'ts', '--jobs', '1'], { folder });
  const told: string[] = [];
  const out = join(folder, 'own');
  const found = await sweep(plan, {
    ...{ out, jobs: 2, backend: 'ts', onTrial: ({ name }) => told.push(name) },
  });
  const receipts = (place: string) => readFileSync(join(place, 'receipts.jsonl'), 'utf8');
  // Settings are called as the plan calls them, or as the options.
  expect(receipts(out)).toBe(receipts(join(folder, 'sweep')));
  expect(found).toMatchObject({ goal: 'validationLoss', folder: out });
  expect(found.results.map(({ trial }) => trial.name).sort()).toEqual(told.sort());
  expect(found.groups).toHaveLength(4);
  const { settings } = found.groups[0]!;
  expect(found.best!.recipe).toMatchObject({
    ...{ learningRate: Number(settings.lr), batchSize: Number(settings['batch-size']) },
  });
  expect(found.best!.predict(new Uint8Array(16)).probabilities).toHaveLength(3);
  found.best!.close();
  // What is there is not trained again.
  const again: string[] = [];
  await sweep(plan, { out, backend: 'ts', onTrial: ({ name }) => again.push(name) });
  expect(again).toEqual([]);
});

test('a sweep is ended by its signal, and by what is wrong with it', async () => {
  const { folder, plan } = planned();
  const stop = new AbortController();
  const out = join(folder, 'own');
  const running = sweep(plan, {
    ...{ out, jobs: 1, backend: 'ts', signal: stop.signal, onTrial: () => stop.abort() },
  });
  await expect(running).rejects.toThrow(/^[1-7] of 8 trials done$/);
  for (const [change, message] of [
    [{ lrr: 1 }, 'plan: expected an option of train'],
    [{ grid: { learningRate: 3 } }, 'plan: grid: learningRate: expected a list of values'],
    [{ epochs: -1 }, 'plan: --epochs: expected an integer'],
    [{ seeds: 0.5 }, 'plan: seeds: expected an integer from 1'],
  ] as const) {
    await expect(sweep({ ...plan, ...change } as SweepPlan, { out })).rejects.toThrow(message);
  }
});

test('a folder of checkpoints verifies in stretches, with the verdict of one training', async () => {
  const { folder, model: file } = await trained();
  await using model = await load(file, { backend: 'ts' });
  const data = join(folder, 'shapes');
  const checkpoints = join(folder, 'kept');
  const whole = await verify(model, data, { backend: 'ts' });
  const epochs: number[] = [];
  for (const jobs of [1, 2]) {
    const found = await verify(model, data, {
      ...{ checkpoints, jobs, backend: 'ts', onEpoch: (epoch) => epochs.push(epoch) },
    });
    expect(found).toEqual(whole);
  }
  expect(epochs.sort()).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
  const forged = { ...model.saved, receipt: { ...model.receipt, testLoss: 9 } };
  const edited = await verify(forged, data, { checkpoints, jobs: 2, backend: 'ts' });
  expect(edited).toMatchObject({ verified: false, firstMismatch: { field: 'testLoss' } });
  const states = model.receipt.states!.map((digest, at) => (at === 2 ? '0'.repeat(64) : digest));
  const other = { ...model.saved, receipt: { ...model.receipt, states } };
  const found = await verify(other, data, { checkpoints, jobs: 2, backend: 'ts' });
  expect(found.firstMismatch).toMatchObject({ epoch: 3, field: 'states' });
  await expect(verify(model, [], { checkpoints })).rejects.toThrow('the path of data');
});

test('trainings are compared down to the step', async () => {
  const { folder, model: file, checkpoints } = await trained();
  await using model = await load(file, { backend: 'ts' });
  expect(await compare(model, checkpoints)).toEqual({ same: true, epochs: 5 });
  expect(await compare(checkpoints[2]!, model)).toEqual({ same: true, epochs: 3 });
  const zeros = '0'.repeat(64);
  const epochs = model.receipt.epochs.map((digest, at) => (at >= 3 ? zeros : digest));
  const wrong = { ...model.saved, receipt: { ...model.receipt, epochs } };
  const data = join(folder, 'shapes');
  expect(await compare(wrong, checkpoints)).toMatchObject({ epoch: 4, a: zeros, steps: null });
  expect(await compare(wrong, checkpoints, { data, backend: 'wasm' })).toMatchObject({
    ...{ same: false, epoch: 4, field: 'epochs' },
    steps: { step: null, parameter: null, right: 'b' },
  });
  await expect(compare(wrong, model, { data })).rejects.toThrow('checkpoint after epoch 3');
  const { checkpoints: others } = await trained('2');
  await expect(compare(model, others)).rejects.toThrow('two trainings of one recipe');
});

describe.skipIf(missing('redis'))('a queue', () => {
  test('does sweeps and stretches of the library, too', async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const { folder, plan } = planned();
    const words = ['worker', '--queue', redis.url, '--data', folder, '--backend', 'ts', '--json'];
    const { folder: other, model: file } = await trained();
    let end = (): void => undefined;
    const worker = startCli(words, { onStart: async (child) => (end = () => child.kill()) });
    const out = join(folder, 'queued');
    const queued = await sweep(plan, { out, queue: redis.url, backend: 'ts' });
    expect(queued.results).toHaveLength(8);
    await using model = await load(file, { backend: 'ts' });
    const checkpoints = join(other, 'kept');
    const found = await verify(model, join(other, 'shapes'), { checkpoints, queue: redis.url });
    expect(found).toMatchObject({ verified: true, epochs: 5 });
    end();
    expect((await worker).exitCode).toBe(0);
  });
});
