import { expect, test, vi } from 'vitest';
import type { Backend, Session } from '../src/backend.js';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import { openFilled } from '../src/train/open-filled.js';
import { Training } from '../src/train/training.js';
import { smallDataset, smallRecipe } from './synthetic.js';

/** A backend that keeps the sessions it has opened. */
function watched(): { backend: Backend; sessions: Session[] } {
  const inner = typescriptBackend();
  const sessions: Session[] = [];
  const open: Backend['open'] = (program, samples) => {
    const session = inner.open(program, samples);
    sessions.push(session);
    return session;
  };
  return { backend: { ...inner, open }, sessions };
}

const buffersOf = (sessions: readonly Session[]): Set<ArrayBufferLike> =>
  new Set(sessions.map(({ memory }) => memory.u32('labels').buffer));

async function digestOf(training: Training): Promise<string> {
  const { weightsSha256 } = await training.runEpoch();
  training.close();
  training.close();
  return weightsSha256;
}

test('trainings of one data set share a copy of it, and give the same bits', async () => {
  const { backend, sessions } = watched();
  const dataset = smallDataset();
  const alone = await digestOf(
    await Training.open(typescriptBackend(), smallRecipe(), smallDataset()),
  );
  const first = await Training.open(backend, smallRecipe(), dataset);
  const second = await Training.open(backend, smallRecipe(), { ...dataset, name: 'another' });
  expect(buffersOf(sessions).size).toBe(1);
  expect(await digestOf(first)).toBe(alone);
  expect(await digestOf(second)).toBe(alone);
  await digestOf(await Training.open(backend, smallRecipe(), dataset));
  expect(buffersOf(sessions).size).toBe(2);
});

test('a data set that has changed meanwhile is copied anew', async () => {
  const { backend, sessions } = watched();
  const dataset = smallDataset();
  const first = await Training.open(backend, smallRecipe(), dataset);
  const unchanged = await digestOf(await Training.open(backend, smallRecipe(), dataset));
  dataset.inputs.fill(0, 0, 200);
  const second = await Training.open(backend, smallRecipe(), dataset);
  expect(buffersOf(sessions).size).toBe(2);
  expect(await digestOf(second)).not.toBe(unchanged);
  expect(await digestOf(first)).toBe(unchanged);
});

test('a backend that does not hand samples on has sessions with their own', async () => {
  const inner = typescriptBackend();
  const backend: Backend = { ...inner, open: (program) => inner.open(program) };
  const [one, other] = await Promise.all(
    [backend, inner].map((each) => Training.open(each, smallRecipe(), smallDataset())),
  );
  expect(await digestOf(one!)).toBe(await digestOf(other!));
});

test('standardised targets that have changed are copied anew, also where there are no features', async () => {
  const inner = typescriptBackend();
  const samples = { inputs: new Float32Array(0), values: new Float32Array(3) };
  const layout = { slices: [], bytes: 0 };
  const memory = {
    f32: (name: 'inputs' | 'values') => samples[name === 'values' ? name : 'inputs'],
  };
  const openSamples = vi.fn(() => ({ layout, memory, close: () => undefined }));
  const backend = {
    ...inner,
    openSamples,
    open: (_: unknown, lent: unknown) => ({ samples: lent, close: () => undefined }),
  };
  const dataset = { inputs: new Float32Array(0), features: 0, values: Float32Array.of(1, 2, 3) };
  const targets = { mean: Float32Array.of(2), deviation: Float32Array.of(1) };
  const open = () =>
    openFilled(backend as never, { samples: layout } as never, dataset as never, {
      inputs: null,
      targets,
    });
  await open();
  await open();
  expect(openSamples).toHaveBeenCalledTimes(1);
  dataset.values[0] = 5;
  await open();
  expect(openSamples).toHaveBeenCalledTimes(2);
});
