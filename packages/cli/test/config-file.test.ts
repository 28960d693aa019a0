import { join, sep } from 'node:path';
import type { BitgradError } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { readRequest } from '../src/train/request.js';
import { eventsIn, runCli } from './run-cli.js';
import { temporaryFolder, writeFiles, writeShapes } from './temporary.js';

const SETTINGS = `
# Both spellings of a name are understood.
recipe: seed
data: shapes
layers: [16, 4, 3]
subset: 40
batchSize: 8
lr-schedule: step:2,0.5
trainOnValidation: true
epochs: 2
seed: 9007199254740991
out: from-config
`;

/** A folder with data and one configuration file. */
function folderWith(name: string, content: string): string {
  const folder = temporaryFolder();
  writeShapes(folder);
  writeFiles(folder, { [name]: content });
  return folder;
}

test('a configuration file stands between recipe and options', async () => {
  const folder = folderWith('my.yaml', SETTINGS);
  const args = 'train --config my.yaml --epochs 1 --no-train-on-validation --json'.split(' ');
  const events = eventsIn(await runCli(args, { folder }));
  expect(events[0]!.recipe).toMatchObject({
    name: 'seed',
    layers: [16, 4, 3],
    subset: 40,
    batchSize: 8,
    schedule: 'step:2,0.5',
    seed: 9007199254740991,
    learningRate: 0.05,
    epochs: 1,
    trainOnValidation: false,
  });
  expect(events.at(-1)).toMatchObject({ event: 'end', out: 'from-config' });
});

test('it may be JSON', async () => {
  const content = '{"data": "shapes", "layers": "16,4,3", "split": [0.5, 0.25, 0.25], "epochs": 1}';
  const folder = folderWith('my.json', content);
  const args = 'train --config my.json --json'.split(' ');
  const events = eventsIn(await runCli(args, { folder }));
  expect(events[0]).toMatchObject({ recipe: { name: 'mnist', split: [0.5, 0.25, 0.25] } });
  expect(events[0]!.dataset).toMatchObject({ train: 36, validation: 18, test: 18 });
});

const WRONG: readonly (readonly [content: string, error: string])[] = [
  ['epoch: 3', 'my.yaml: unknown option "epoch"\ndid you mean epochs?'],
  ['learningRate: 3', 'my.yaml: unknown option "learningRate"\ndid you mean lr?'],
  ['json: true', 'my.yaml: unknown option "json"'],
  ['lr: .nan', 'my.yaml: lr: expected a number above 0 that binary32 can hold, received "NaN"'],
  ['seed: 9007199254740993', 'my.yaml: seed: expected an integer from 0 to 9007199254740991'],
  ['batchSize: 1\nbatch-size: 2', 'my.yaml: batch-size is there twice'],
  ['split: {train: 1}', 'my.yaml: split: expected a value, received a mapping'],
  [
    'recipe: sed',
    'my.yaml: recipe: expected mnist, seed, listing, mnist-best, mnist-conv, mnist-conv-best, fashion-conv, images, table or table-regression, rec',
  ],
  ['lr: 1\nlr: 2', 'my.yaml: expected YAML or JSON: Map keys must be unique at line 2'],
  ['lr: &a [1, *a]', 'my.yaml: lr: expected a value, received a list'],
  ['- lr', 'my.yaml: expected options with their values, received a list'],
];

test.each(WRONG)('%j is refused', async (content, expected) => {
  const folder = folderWith('my.yaml', content);
  const request = readRequest({ config: join(folder, 'my.yaml') });
  const { message, fix } = await request.then(
    () => expect.unreachable(),
    (error: BitgradError) => error,
  );
  expect([message, fix].join('\n').replaceAll(folder + sep, '')).toContain(expected);
});

test('lists in each other without end are refused', async () => {
  const folder = folderWith('my.yaml', '['.repeat(15_000));
  const { exitCode, stderr } = await runCli(['train', '--config', 'my.yaml'], { folder });
  expect(stderr).toMatch(
    /^error: my.yaml: expected YAML or JSON: lists and mappings in each other/,
  );
  expect(exitCode).toBe(1);
});
