import { expect, test } from 'vitest';
import { parseLayers } from '../src/layers/text.js';
import { compileTraining } from '../src/network/compile.js';
import { planEntry } from '../src/program/plan.js';

/** The ops of each block of a training's step, with its rows. */
function blocksOf(layers: string, batchSize = 32, members = 2) {
  const program = compileTraining(
    { layers: parseLayers(layers), activation: 'relu', outputActivation: 'none' },
    { sampleCount: 64, capacity: 64, preprocess: 'scale', shift: null },
    { batchSize, optimizer: 'sgd', l2: 0 },
  );
  const entry = program.entries.train!;
  const plan = planEntry(program, entry, members);
  return plan.flatMap(({ block }, at) => {
    if (block === null) return [];
    const own = plan.slice(at + 1, at + block.length);
    expect(own.some(({ meets }) => meets)).toBe(false);
    const names = entry.ops.slice(at, at + block.length).map(({ op }) => op);
    return [{ ops: names.join(' '), rows: block.rows }];
  });
}

test('what is made of an image alone goes from one layer to the next in a block', () => {
  const blocks = blocksOf('28x28,conv16,pool,conv32,pool,10');
  expect(blocks.map(({ ops }) => ops)).toEqual([
    'conv2d activation maxPool2d conv2d activation maxPool2d',
    'maxPool2dGrad activationGrad conv2dInputGrad',
    'maxPool2dGrad activationGrad',
  ]);
  // The input and four images of 28·28·16, 14·14·16, 14·14·32 and 7·7·32 numbers: 113,680 bytes.
  expect(blocks[0]!.rows).toBe(2);
});

test('a norm of a batch needs all its images', () => {
  const blocks = blocksOf('28x28,conv16,norm,pool,conv32,norm,10');
  expect(blocks.map(({ ops }) => ops)).not.toContainEqual(expect.stringMatching(/conv2d .*conv2d/));
});

test('rows that are larger than the cache are taken one by one', () => {
  expect(blocksOf('96x96,conv32,pool,10')[0]).toEqual({
    ops: 'conv2d activation maxPool2d',
    rows: 1,
  });
});

test('a batch that is small enough as it is goes through each op at once', () => {
  expect(blocksOf('28x28,conv16,pool,conv32,pool,10', 2)).toEqual([]);
  expect(blocksOf('784,128,10')).toEqual([]);
});
