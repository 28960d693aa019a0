import { cpSync, renameSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from './run-cli.js';
import { namesIn, SHAPES, temporaryFolder, writeFiles, writeShapes } from './temporary.js';

const WRONG_USAGE: readonly (readonly [line: string, error: string])[] = [
  ['train --lr 0', '--lr: expected a number above 0 that binary32 can hold, received 0\n'],
  ['train --lr NaN', '--lr: expected a number above 0 that binary32 can hold, received "NaN"\n'],
  ['train --layers 784,abc', '--layers: expected at least two widths from 1 to 1048576'],
  [
    'train --recipe sed',
    '--recipe: expected mnist, seed, listing, mnist-best, mnist-conv, mnist-conv-best, fashion-conv, images, table or table-regression, received "sed"\ndid you mean',
  ],
  ['train --epohcs 3', '--epohcs: unknown option\ndid you mean --epochs?\n'],
  ['train --seed 9007199254740993', '--seed: expected an integer from 0 to 9007199254740991'],
  ['trian', 'trian: unknown command\ndid you mean bitgrad train?\n'],
];

test.each(WRONG_USAGE)('bitgrad %s is wrong usage', async (line, error) => {
  const folder = temporaryFolder();
  const { exitCode, stdout, stderr } = await runCli(line.split(' '), { folder });
  expect(stderr).toContain(`error: ${error}`);
  expect(stderr).not.toMatch(/^ +at /m);
  expect({ exitCode, stdout, left: namesIn(folder) }).toEqual({
    exitCode: 2,
    stdout: '',
    left: [],
  });
});

const FAILURES: readonly (readonly [line: string, error: string])[] = [
  ['train --data nowhere', 'data set "nowhere": expected mnist, a file or a folder'],
  ['train --data cut', 'expected 68 bytes (60 labels), received 20; the file is truncated'],
  ['train --data swapped', 'expected images (2 to 4 dimensions), received 60 labels'],
  ['train --out nowhere/model', '--out: expected a folder that is there, received '],
  ['train --out shapes', '--out: expected the name of a file, received shapes, which is a folder'],
  ['train --config nowhere.yaml', 'nowhere.yaml: no such file'],
  ['train --backend native --isa 6502', 'native: expected an '],
  ['train --isa 6502', 'native: expected an '],
  ['eval nowhere', 'nowhere: no such file'],
  ['inspect shapes', 'shapes: expected a file, received a folder'],
  ['inspect text', 'text: expected a safetensors file, received '],
];

/** The shapes with truncated labels, and with images and labels swapped. */
function writeDamagedShapes(folder: string): void {
  for (const name of ['cut', 'swapped']) {
    cpSync(join(folder, 'shapes'), join(folder, name), { recursive: true });
  }
  const [labels, images] = ['train-labels-idx1-ubyte', 'train-images-idx3-ubyte'];
  truncateSync(join(folder, 'cut', labels), 20);
  const inSwapped = (name: string): string => join(folder, 'swapped', name);
  renameSync(inSwapped(labels), inSwapped('other'));
  renameSync(inSwapped(images), inSwapped(labels));
  renameSync(inSwapped('other'), inSwapped(images));
}

test.each(FAILURES)('bitgrad %s fails', async (line, error) => {
  const folder = temporaryFolder();
  writeShapes(folder);
  writeFiles(folder, { text: 'a text of more than eight bytes' });
  writeDamagedShapes(folder);
  const { exitCode, stdout, stderr } = await runCli(line.split(' '), { folder });
  expect(stderr.split('\n')[0]).toContain('error: ');
  expect(stderr.split('\n')[0]).toContain(error);
  expect(stderr).not.toMatch(/^ +at /m);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(namesIn(folder)).toEqual(['cut', 'shapes', 'swapped', 'text']);
});

test('bare bitgrad prints its help to stderr', async () => {
  const { exitCode, stdout, stderr } = await runCli([]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: bitgrad <command>/);
});

test('--verbose adds the stack', async () => {
  const { stderr } = await runCli(['train', '--lr', '0', '--verbose']);
  expect(stderr).toMatch(/^error: --lr: .*\n(.*\n)?UsageError: .*\n +at /);
});

test('data that do not fit are told apart before anything is written', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  const args = ['train', ...SHAPES, '--augment', 'shift:9'];
  expect((await runCli(args, { folder })).stderr).toContain('--augment: expected one value');
  const shifted = await runCli(
    ['train', '--data', 'shapes', '--layers', '16,4,3', ...args.slice(-2)],
    {
      folder,
    },
  );
  expect(shifted.stderr).toContain('error: --augment: expected shifts smaller than the images');
  expect(namesIn(folder)).toEqual(['shapes']);
});
