import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeCheckpoint, decodeModel } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { eventsIn, runCli, startCli } from './run-cli.js';
import { namesIn, SHAPES, temporaryFolder, writeShapes } from './temporary.js';

const TRAIN = ['train', ...SHAPES, '--backend', 'ts', '--json'];
const RESUME = 'train --data shapes --backend ts --resume run.checkpoint'.split(' ');
const SAVE = ['--checkpoint', 'run.checkpoint'];

function folderWithShapes(): string {
  const folder = temporaryFolder();
  writeShapes(folder);
  return folder;
}

test('a checkpoint is there after every epoch, and resuming a finished run only writes', async () => {
  const folder = folderWithShapes();
  const trained = eventsIn(await runCli([...TRAIN, ...SAVE], { folder }));
  expect(namesIn(folder)).toEqual(['model.safetensors', 'run.checkpoint', 'shapes']);
  const resumed = eventsIn(await runCli([...RESUME, '--json', '--out', 'again'], { folder }));
  expect(resumed.map(({ event }) => event)).toEqual(['start', 'end']);
  expect(resumed[0]).toMatchObject({ epochsDone: 3, recipe: trained[0]!.recipe });
  expect(resumed[1]!.weightsSha256).toBe(trained.at(-1)!.weightsSha256);
  const receipts = ['model.safetensors', 'again'].map(async (name) => {
    const { receipt } = await decodeModel(readFileSync(join(folder, name)), name);
    return JSON.stringify(receipt);
  });
  const [first, second] = await Promise.all(receipts);
  expect(second).toBe(first);
});

test('--checkpoint-every leaves epochs out, but never the last', async () => {
  const folder = folderWithShapes();
  const every = [...SAVE, '--checkpoint-every', '2'];
  await runCli([...TRAIN, ...every], { folder });
  const bytes = readFileSync(join(folder, 'run.checkpoint'));
  expect((await decodeCheckpoint(bytes, 'run.checkpoint')).epochs).toHaveLength(3);
});

test('Ctrl-C saves a checkpoint, says so, and going on gives the same bits', async () => {
  const folder = temporaryFolder();
  const recipe = 'train --recipe seed --subset 400 --epochs 6 --backend ts --json'.split(' ');
  const whole = eventsIn(await runCli([...recipe, '--out', 'whole'], { folder })).at(-1)!;
  let isSent = false;
  const result = await startCli([...recipe, ...SAVE], {
    folder,
    onOutput(child, stdout) {
      if (isSent || !stdout.includes('"epoch":2')) return;
      isSent = true;
      child.kill('SIGINT');
    },
  });
  expect(result.exitCode).toBe(130);
  expect(result.stderr).toMatch(
    /^interrupted; saved in run.checkpoint after epoch \d\ngo on with: .* train --resume run.checkpoint\n$/,
  );
  expect(namesIn(folder)).toEqual(['run.checkpoint', 'whole']);
  const resume = 'train --resume run.checkpoint --json'.split(' ');
  const end = eventsIn(await runCli(resume, { folder })).at(-1)!;
  expect(end.weightsSha256).toBe(whole.weightsSha256);
});

test('what contradicts the checkpoint is refused, what repeats it is not', async () => {
  const folder = folderWithShapes();
  await runCli([...TRAIN, ...SAVE], { folder });
  const cases: readonly (readonly [option: string, error: string])[] = [
    ['--lr 0.1', '--lr: expected 0.2, which run.checkpoint was trained with, received 0.1'],
    ['--layers 16,5,3', '--layers: expected 16,4,3, which run.checkpoint was trained with'],
    ['--subset 7', '--subset: expected all, which run.checkpoint was trained with, received 7'],
    ['--recipe seed', '--recipe: expected mnist, which run.checkpoint was trained by, received'],
  ];
  for (const [option, error] of cases) {
    const { exitCode, stderr } = await runCli([...RESUME, ...option.split(' ')], { folder });
    expect(stderr).toContain(`error: ${error}`);
    expect(exitCode).toBe(2);
  }
  const same = await runCli([...RESUME, '--lr', '0.20', '--layers', '16,4,3'], { folder });
  expect(same.exitCode).toBe(0);
});

test('a torn checkpoint, a foreign file and other data are refused', async () => {
  const folder = folderWithShapes();
  await runCli([...TRAIN, ...SAVE], { folder });
  const bytes = readFileSync(join(folder, 'run.checkpoint'));
  writeFileSync(join(folder, 'torn'), bytes.subarray(0, -9));
  const refused: readonly (readonly [file: string, data: string, error: string])[] = [
    ['torn', 'shapes', 'error: torn: '],
    ['model.safetensors', 'shapes', 'error: model.safetensors: expected a checkpoint, received a'],
    ['run.checkpoint', 'mnist', 'error: --layers: expected a first width of 784'],
  ];
  for (const [file, data, error] of refused) {
    const args = ['train', '--backend', 'ts', '--resume', file, '--data', data];
    const { exitCode, stderr } = await runCli(args, { folder });
    expect(stderr).toContain(error);
    expect(exitCode).not.toBe(0);
  }
  const unnamed = await runCli(['train', '--resume', 'run.checkpoint'], { folder });
  expect(unnamed.stderr).toContain('--data: expected the data to go on with, received none');
});
