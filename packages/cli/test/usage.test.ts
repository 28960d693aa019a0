import { expect, test } from 'vitest';
import { parseCommandLine } from '../src/cli.js';
import { withOwnNames } from '../src/synonyms.js';
import { UsageError } from '../src/usage-error.js';

/** The error that a command line ends with. In this process: a hundred starts of Node take long. */
async function usageErrorOf(line: string): Promise<{ message: string; fix: string | undefined }> {
  const { signal } = new AbortController();
  try {
    const { command, argv } = (await parseCommandLine(line.split(' ')))!;
    await command.run(argv, { signal, json: true, heedSignals: () => undefined });
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error(`expected bitgrad ${line} to be wrong usage, but it came to a good end`);
}

const WRONG_USAGE: readonly (readonly [line: string, error: string])[] = [
  ['train --lr 0', '--lr: expected a number above 0 that binary32 can hold, received 0'],
  ['train --lr NaN', '--lr: expected a number above 0 that binary32 can hold, received "NaN"'],
  ['train --lr -0.1', '--lr: expected a number above 0 that binary32 can hold, received -0.1'],
  ['train --lr 12abc', '--lr: expected a number above 0 that binary32 can hold, received "12abc"'],
  ['train --lr 1e39', '--lr: expected a number above 0 that binary32 can hold, received 1e+39'],
  ['train --lr=', '--lr: expected a value, received none'],
  ['train --lr', '--lr: expected a value, received none'],
  ['train --lr 1 --lr 2', '--lr: expected one value, received 2'],
  ['train --no-lr', '--no-lr: unknown option'],
  ['train --epochs 0', '--epochs: expected an integer of at least 1, received 0'],
  ['train --epochs 1.5', '--epochs: expected an integer of at least 1, received "1.5"'],
  ['train --subset none', '--subset: expected an integer of at least 1, or all, received "none"'],
  ['train --subset 60001', '--subset: expected at most 60000 samples, which is what mnist has'],
  ['train --layers 784,abc', '--layers: expected at least two widths from 1 to 1048576'],
  ['train --split 0.5,0.5', '--split: expected three fractions that add up to 1'],
  ['train --seed -1', '--seed: expected an integer from 0 to 9007199254740991, received "-1"'],
  [
    'train --seed 9007199254740993',
    '--seed: expected an integer from 0 to 9007199254740991, received "9007199254740993"',
  ],
  ['train --threads 0', '--threads: expected an integer of at least 1, received 0'],
  [
    'train --loss hinge',
    '--loss: expected cross-entropy, squared-error or binary-cross-entropy, received "hinge"',
  ],
  ['train --optimizer adan', '--optimizer: expected sgd, momentum, nesterov, adam or adamw, rec'],
  ['train --momentum 1', '--momentum: expected a number of at least 0 and below 1, received 1'],
  ['train --weight-decay 0.1', '--weight-decay: expected 0 with sgd, which has --l2 instead'],
  [
    'train --optimizer adamw --l2 1',
    '--l2: expected 0 with adamw, which has --weight-decay instead',
  ],
  ['train --dropout 1', '--dropout: expected a number of at least 0 and below 1, received 1'],
  ['train --warmup -1', '--warmup: expected an integer of at least 0, received "-1"'],
  ['train --class-weights 1,x', '--class-weights: expected none, balanced or a list of numbers'],
  ['train --shards 0', '--shards: expected an integer from 1 to 1024, received 0'],
  ['train --momentum 0.5', '--momentum: expected none with sgd, because only momentum and nest'],
  ['train --shards 64', '--shards: expected at most 32, the samples of a step, received 64'],
  ['train --layers 784,10 --dropout 0.5', '--dropout: expected none, because 784,10 has no hidd'],
  ['train --train-on-validation', '--train-on-validation: expected false, because no validation'],
  ['train --warmup 93751', '--warmup: expected at most 93750, the steps of the training, received'],
  ['train --patience 0', '--patience: expected an integer of at least 1, or none, received 0'],
  ['train --patience 2', '--patience: expected none, because no validation samples are kept'],
  ['train --augment spin', '--augment: expected none, affine, flip or shift:PIXELS'],
  ['train --checkpoint-every 2', '--checkpoint-every: expected --checkpoint too, received none'],
  ['train --checkpoint a --checkpoint-every 0', '--checkpoint-every: expected an integer of at le'],
  ['train --checkpoint a --out a', '--checkpoint: expected another file than --out, received a'],
  [
    'train --plot report.png',
    '--plot: expected a name that ends in .html or .svg, received report',
  ],
  ['train --plot a.svg --out a.svg', '--plot: expected another file than --out, received a.svg'],
  ['train --image-size 28x', '--image-size: expected a height and a width from 1 to 1024, as in'],
  ['data pets --image-size 0', '--image-size: expected a height and a width from 1 to 1024, as in'],
  ['export m --out x', '--format: expected onnx, torch, json, js or c, received none'],
  ['export m --format onnx', '--out: expected the name of a file, received none'],
  ['predict m', 'expected bitgrad predict <model> <input..>, received no <input..>'],
  [
    'data mnist --loss hinge',
    '--loss: expected cross-entropy, squared-error or binary-cross-entropy, received "hinge"',
  ],
  ['train --isa avx2 --backend ts', '--isa: expected none with --backend ts, received "avx2"'],
  ['train --train-on-validation=maybe', '--train-on-validation: expected true or false'],
  ['train --metrics acuracy', '--metrics: expected all or some of accuracy, balancedAccuracy'],
  ['train --folds 1', '--folds: expected an integer from 2 to 1000, received "1"'],
  [
    'train --folds 5 --out a',
    '--out: expected none with --folds, which tests a recipe and writes no',
  ],
  [
    'train --fold 6/5',
    '--fold: expected which of how many folds is tested, as in 1/5, or none, rec',
  ],
  ['train one two', 'two: unexpected argument'],
  ['train one --data two', 'one: expected no more data beside --data two'],
  ['eval model one two', 'two: unexpected argument'],
  ['train --device nativ', '--backend: expected'],
  ['train --device=cuda', '--backend: expected'],
  ['train --split times', '--split: expected three fractions'],
  ['train --n_splits 1', '--folds: expected'],
  ['train --hidden x', '--layers: expected'],
  ['eval', 'expected bitgrad eval <model>, received no <model>'],
  ['--json', 'expected a command, received none'],
];

test.each(WRONG_USAGE)('bitgrad %s', async (line, expected) => {
  expect((await usageErrorOf(line)).message).toContain(expected);
});

test('what other programs call options and values is understood', async () => {
  expect(await withOwnNames(['train', '--device', 'cpu', '--target=a', '--hidden', '8'])).toEqual([
    'train',
    '--backend',
    'auto',
    '--label=a',
    '--layers',
    '8',
  ]);
  expect(await withOwnNames(['train', '--device=cpu', '--cv', '3'])).toEqual([
    'train',
    '--backend=auto',
    '--folds',
    '3',
  ]);
  expect(await withOwnNames(['doctor', '--device', 'cpu'])).toEqual(['doctor', '--device', 'cpu']);
});

const SUGGESTIONS: readonly (readonly [line: string, hint: string])[] = [
  ['trian', 'did you mean bitgrad train?'],
  ['train --recipe sed', 'did you mean seed?'],
  ['train --epoch 3', 'did you mean --epochs?'],
  ['train --batchSize=3', 'did you mean --batch-size?'],
  ['train --learning-rate 3', 'did you mean --lr?'],
  ['train --backend nativ', 'did you mean --backend native?'],
  ['doctor --jsn', 'did you mean --json?'],
  ['--jsn doctor', 'did you mean --json?'],
  ['train --whatever', 'see bitgrad train --help'],
];

test.each(SUGGESTIONS)('bitgrad %s: %s', async (line, hint) => {
  expect((await usageErrorOf(line)).fix).toBe(hint);
});
