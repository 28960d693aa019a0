import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadMnist } from '../src/mnist.js';
import { errorOf, idxBytes, temporaryFolder } from './temporary.js';

const sha256 = (bytes: NodeJS.ArrayBufferView) => createHash('sha256').update(bytes).digest('hex');

test('MNIST is whole and in order', async () => {
  const dataset = await loadMnist();
  const { inputs, labels, trainCount, ...rest } = dataset;
  expect(rest).toEqual({
    name: 'mnist',
    features: 784,
    image: { height: 28, width: 28 },
    classes: 10,
    testCount: 10_000,
  });
  expect(trainCount).toBe(60_000);
  expect(inputs.length).toBe(70_000 * 784);
  expect(labels.length).toBe(70_000);

  // How many there are of each digit, as the database's authors count them.
  const histogram = (part: Uint32Array) => {
    const counts = new Array<number>(10).fill(0);
    for (const label of part) counts[label]! += 1;
    return counts;
  };
  expect(histogram(labels.subarray(0, trainCount))).toEqual([
    5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
  ]);
  expect(histogram(labels.subarray(trainCount))).toEqual([
    980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
  ]);
  expect([...labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
  expect([...labels.subarray(trainCount, trainCount + 5)]).toEqual([7, 2, 1, 0, 4]);

  expect(sha256(inputs)).toBe('5b92582eb909c82a9bfefcd44acbe9233be3eb5b419a44cf211022ad2bf4bf96');
  expect(sha256(Uint8Array.from(labels))).toBe(
    '671ff9d70b4811116d55c3dd479efa7a981e2e62753ef7a6d5c15fea81e63d27',
  );
});

test('refuses a file that is not MNIST’s', async () => {
  const folder = temporaryFolder({ 'train-images-idx3-ubyte': idxBytes([1, 1, 1], [1]) });
  const { message, fix } = await errorOf(() => loadMnist(folder));
  expect(message).toMatch(
    /train-images-idx3-ubyte: expected MNIST's file with SHA-256 ba8910\w{58}, received \w{64}$/,
  );
  expect(fix).toContain('@bitgrad/mnist');
});

test('refuses a folder without the files', async () => {
  const { message } = await errorOf(() => loadMnist(temporaryFolder()));
  expect(message).toMatch(/train-images-idx3-ubyte: cannot be read \(ENOENT\)$/);
});
