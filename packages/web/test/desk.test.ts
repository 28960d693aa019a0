import { readFile } from 'node:fs/promises';
import {
  type Dataset,
  decodeModel,
  encodeModel,
  RECIPES,
  type Receipt,
  type Recipe,
  train,
  typescriptBackend,
} from '@bitgrad/core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openDesk } from '../src/worker/desk.js';
import type { EventName, TrainRequest } from '../src/worker/protocol.js';

const QUICK: Recipe = { ...RECIPES.mnist!, epochs: 1, subset: 640 };
const request = {
  recipe: QUICK,
  data: 'first',
  backend: 'ts',
  ownDigits: [],
  twist: null,
} as const;

/** Four pixels an image. */
const OTHER: Dataset = {
  name: 'other',
  inputs: Uint8Array.from({ length: 80 }, (_, at) => at % 3),
  features: 4,
  image: { height: 2, width: 2 },
  labels: Uint32Array.from({ length: 20 }, (_, at) => at % 10),
  classes: 10,
  trainCount: 10,
  testCount: 10,
};

beforeAll(() => {
  vi.stubGlobal('fetch', async (url: string) => {
    const path = new URL(`../public/data/${new URL(url).pathname.slice(1)}`, import.meta.url);
    return new Response(Uint8Array.from(await readFile(path)));
  });
});
afterAll(() => vi.unstubAllGlobals());

function begin() {
  const events: EventName[] = [];
  const desk = openDesk((event) => events.push(event));
  desk.begin({ dataFolder: 'http://page/' });
  return { desk, events };
}

describe('the worker', () => {
  test('trains, looks, explains, saves, and opens what it saved', async () => {
    const { desk, events } = begin();
    expect(await desk.trace({ source: 'trained', pixels: new Uint8Array(784) })).toBeNull();
    const { receipt } = await desk.train(request);
    expect(events).toContain('started');
    expect(events.filter((event) => event === 'epoch')).toHaveLength(1);
    const found = await desk.examine({ source: 'trained', data: 'first' });
    expect(found?.accuracy).toBe(receipt.testAccuracy);
    const images = await desk.images({ indices: found!.indices.subarray(0, 2) });
    expect([...new Set(images)].sort()).toEqual([0, 255]);
    const step = await desk.step({ data: 'first', recipe: QUICK });
    expect(step).toMatchObject({ isReal: false, rows: 32 });
    const opened = await desk.open({ bytes: await desk.save('trained'), fileName: 'saved' });
    expect(opened.receipt).toEqual(receipt);
  });

  const openTrained = async (of: TrainRequest) => {
    const { desk } = begin();
    await desk.train(of);
    const bytes = await desk.save('trained');
    const { desk: other } = begin();
    await other.open({ bytes, fileName: 'saved' });
    return other;
  };
  const own = { label: 3, pixels: new Uint8Array(784).fill(200, 300, 400) };

  test('what was trained on the first part of the data is verified on that part', async () => {
    const desk = await openTrained(request);
    expect(await desk.verify({ backend: 'ts', ownDigits: [] })).toEqual({
      isVerified: true,
      difference: null,
    });
  });

  /** Opens a model whose receipt was changed, and verifies it. */
  const verifyChanged = async (change: (receipt: Receipt) => unknown) => {
    const { desk } = begin();
    await desk.train(request);
    const model = await decodeModel(await desk.save('trained'), 'saved');
    const receipt = change(model.receipt) as Receipt;
    const bytes = encodeModel({ ...model, receipt });
    const told: unknown[] = [];
    const other = openDesk((event, data) => event === 'verified' && told.push(data));
    other.begin({ dataFolder: 'http://page/' });
    await other.open({ bytes, fileName: 'changed' });
    return { told, ...(await other.verify({ backend: 'ts', ownDigits: [] })) };
  };

  test('what the core verifies, the page does: receipts of version 0.1.0, keys in any order', async () => {
    const { told, isVerified } = await verifyChanged(({ format, states, ...receipt }) =>
      Object.fromEntries(Object.entries({ ...receipt, programSha256: 'a'.repeat(64) }).reverse()),
    );
    expect(isVerified).toBe(true);
    expect(told).toEqual([expect.objectContaining({ epoch: 1 })]);
  });

  test('what differs first is named', async () => {
    const zeros = '0'.repeat(64);
    const byEpoch = await verifyChanged((receipt) => ({ ...receipt, states: [zeros] }));
    expect(byEpoch).toMatchObject({
      isVerified: false,
      told: [{ epoch: 1, expected: zeros }],
      difference: expect.stringContaining('Epoch 1'),
    });
    const byField = await verifyChanged((receipt) => ({ ...receipt, testLoss: 1 }));
    expect(byField).toMatchObject({
      isVerified: false,
      difference: expect.stringContaining('“testLoss”'),
    });
  });

  test('own digits are wanted to repeat what learned from them, and it is told where they are missing', async () => {
    const desk = await openTrained({ ...request, ownDigits: [own] });
    expect(await desk.verify({ backend: 'ts', ownDigits: [own] })).toMatchObject({
      isVerified: true,
    });
    expect(await desk.verify({ backend: 'ts', ownDigits: [] })).toEqual({
      isVerified: null,
      difference: expect.stringContaining('its maker drew'),
    });
  });

  test('what is stopped while its data still come never begins', async () => {
    const { desk, events } = begin();
    const training = Promise.resolve(desk.train(request));
    const outcome = expect(training).rejects.toMatchObject({ name: 'AbortedError' });
    await desk.stop(undefined);
    await outcome;
    expect(events).not.toContain('started');
  });

  test('once stop is answered, another training may begin', async () => {
    const { desk, events } = begin();
    const long = Promise.resolve(desk.train({ ...request, recipe: { ...QUICK, epochs: 1000 } }));
    const outcome = expect(long).rejects.toMatchObject({ name: 'AbortedError' });
    await expect.poll(() => events).toContain('started');
    await expect(desk.train(request)).rejects.toThrow('another training is under way');
    await desk.stop(undefined);
    await outcome;
    await desk.train(request);
  });

  test('what is no model, or one for other images, is refused when it is opened', async () => {
    const { desk } = begin();
    await expect(
      desk.open({ bytes: new Uint8Array(3), fileName: 'x.safetensors' }),
    ).rejects.toThrow('x.safetensors: expected a safetensors file');
    const picture = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13);
    await expect(desk.open({ bytes: picture, fileName: 'x.png' })).rejects.toThrow(
      'x.png: expected a safetensors file, received a PNG picture',
    );
    const { run } = await desk.train(request);
    const recipe = { ...QUICK, layers: [4, 10], augment: 'none', subset: null };
    const model = await train({ recipe, dataset: OTHER, backend: typescriptBackend() });
    await expect(
      desk.open({ bytes: encodeModel({ ...model, run }), fileName: 'other' }),
    ).rejects.toThrow('other: expected 784 inputs, or images of 28x28, and 10 outputs');
    expect(() => desk.save('file')).toThrow('no trained model');
  });
});
