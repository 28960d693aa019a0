import { expect, test } from 'vitest';
import { factsThatFit } from '../src/display/bar.js';
import * as format from '../src/format.js';
import { kebab, suggest } from '../src/suggest.js';

test('numbers as people read them', () => {
  expect(format.formatCount(60000)).toBe('60,000');
  expect([0.97314, null, 0].map(format.formatPercent)).toEqual(['97.31 %', '–', '0.00 %']);
  expect([2.25, 0, 1e-7, null].map(format.formatLoss)).toEqual([
    '2.2500',
    '0.0000',
    '1.00e-7',
    '–',
  ]);
  expect([3.25, 59.94, 125, 3720].map(format.formatSeconds)).toEqual([
    '3.25 s',
    '59.9 s',
    '2 min 5 s',
    '1 h 2 min',
  ]);
  expect([6.1, 750, 3725].map(format.formatClock)).toEqual(['0:07', '12:30', '1:02:05']);
  expect([8575, 430_000, 1_234_567].map(format.formatRate)).toEqual(['8,575', '430k', '1.2M']);
  expect([17, 101_800, 2_500_000, 25e9].map(format.formatBytes)).toEqual([
    '17 bytes',
    '101.8 kB',
    '2.5 MB',
    '25.0 GB',
  ]);
  expect([format.plural(1, 'thread'), format.plural(2, 'thread')]).toEqual([
    '1 thread',
    '2 threads',
  ]);
});

test('tables have columns', () => {
  const rows = [
    ['class', 'samples'],
    ['0', '1,000'],
  ];
  expect(format.formatTable(rows)).toEqual(['class  samples', '0        1,000']);
});

test('suggests what is near, and nothing that is not', () => {
  expect(suggest('epoch', ['epochs', 'seed'])).toBe('epochs');
  expect(suggest('tarin', ['train', 'eval'])).toBe('train');
  expect(suggest('conf', ['conformance', 'doctor'])).toBe('conformance');
  expect(suggest('help', ['eval', 'train', 'doctor'])).toBeUndefined();
  expect(['batchSize', 'batch_size', 'l2'].map(kebab)).toEqual(['batch-size', 'batch-size', 'l2']);
});

test('a narrow terminal gets fewer facts beside the bar', () => {
  const facts = {
    epoch: 'epoch 1/9',
    loss: 'loss 0.5000',
    validation: null,
    rate: '10k samples/s',
    left: '0:09 left',
  };
  expect(factsThatFit(50, facts)).toBe('epoch 1/9  loss 0.5000  10k samples/s  0:09 left');
  expect(factsThatFit(40, facts)).toBe('epoch 1/9  loss 0.5000  0:09 left');
  expect(factsThatFit(20, facts)).toBe('epoch 1/9  0:09 left');
  expect(factsThatFit(1, facts)).toBe('epoch 1/9');
});
