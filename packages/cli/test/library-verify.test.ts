import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compareEpochs, load, train, verify } from 'bitgrad';
import { expect, test } from 'vitest';

const ROWS = Array.from({ length: 60 }, (_, index) => ({
  size: index % 9 === 0 ? null : ((index * 7919) % 100) / 50 + (index % 2),
  colour: ['red', 'blue', 'green'][index % 3]!,
  kind: ['cup', 'bowl'][index % 2]!,
}));
const OPTIONS = { label: 'kind', epochs: 4, seed: 3, backend: 'ts' } as const;

test('a model verifies on the data that it was trained on, rows with missing cells too', async () => {
  await using model = await train(ROWS, OPTIONS);
  const epochs: number[] = [];
  const onEpoch = (epoch: number) => epochs.push(epoch);
  const found = await verify(model, ROWS, { backend: 'wasm', onEpoch });
  expect(found).toMatchObject({ verified: true, firstMismatch: null });
  expect(epochs).toEqual([1, 2, 3, 4].slice(0, model.receipt.epochs.length));
  const receipt = { ...model.receipt, testLoss: 9 };
  expect(await verify({ ...model.saved, receipt }, ROWS, { backend: 'ts' })).toMatchObject({
    verified: false,
    firstMismatch: { field: 'testLoss', expected: 9 },
  });
  await expect(verify(model, ROWS.slice(1), { backend: 'ts' })).rejects.toThrow(
    'expected data with SHA-256',
  );
});

test('a model of version 0.1.0 verifies by the rules of then', async () => {
  const folder = fileURLToPath(new URL('fixtures/version-0.1/', import.meta.url));
  await using model = await load(readFileSync(`${folder}people.safetensors`), { backend: 'ts' });
  const data = `${folder}data/people.csv`;
  expect(await verify(model, data, { backend: 'ts' })).toMatchObject({ verified: true });
});

test('trainings are compared epoch by epoch', async () => {
  await using a = await train(ROWS, OPTIONS);
  await using b = await train(ROWS, OPTIONS);
  expect(compareEpochs(a.receipt, b.receipt)).toBeNull();
  const zeros = '0'.repeat(64);
  const epochs = b.receipt.epochs.map((digest, at) => (at === 1 ? zeros : digest));
  expect(compareEpochs(a.receipt, { ...b.receipt, epochs })).toEqual({
    epoch: 2,
    field: 'epochs',
    a: a.receipt.epochs[1],
    b: zeros,
  });
});
