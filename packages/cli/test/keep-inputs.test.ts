import { type StdioOptions, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { expect, test } from 'vitest';
import { keepInputs } from '../src/keep-inputs.js';
import { executable, runCli, startCli } from './run-cli.js';
import { SHAPES, temporaryFolder, writeFiles, writeShapes } from './temporary.js';

const ROWS = Array.from({ length: 12 }, (_, index) => `${index},${index % 3},${'ab'[index % 2]}\n`);
const TABLE = `x,y,class\n${ROWS.join('')}`;
const TRAIN = '--backend ts --epochs 2 --data d.csv';

/** Everything that a command may read, and other names of it. */
function folderOfInputs(): string {
  const folder = temporaryFolder();
  writeShapes(folder);
  writeFiles(folder, { 'd.csv': TABLE, 'd7.csv': TABLE, 'c.yaml': 'epochs: 2\n' });
  symlinkSync('d.csv', join(folder, 'symbolic'));
  symlinkSync('symbolic', join(folder, 'twice'));
  symlinkSync('.', join(folder, 'here'));
  symlinkSync('inner/new', join(folder, 'nothing'));
  symlinkSync('here/nothing', join(folder, 'nothing at last'));
  linkSync(join(folder, 'd.csv'), join(folder, 'hard'));
  linkSync(join(folder, 'd.csv'), join(folder, 'run-3.checkpoint'));
  linkSync(join(folder, 'shapes/t10k-labels-idx1-ubyte'), join(folder, 'labels'));
  mkdirSync(join(folder, 'inner'));
  return folder;
}

const WRITES: readonly (readonly [output: string, input: string])[] = [
  ['d.csv', 'd.csv'],
  ['inner/../d.csv', 'd.csv'],
  ['symbolic', 'd.csv'],
  ['twice', 'd.csv'],
  ['d.csv', 'twice'],
  ['hard', 'd.csv'],
  ['here/d.csv', 'd.csv'],
  ['run-{epoch}.checkpoint', 'd.csv'],
  ['d{epoch}.csv', 'd7.csv'],
  ['here/d{epoch}.csv', 'd7.csv'],
  ['shapes/t10k-labels-idx1-ubyte', 'shapes'],
  ['labels', 'shapes'],
  ['shapes/{epoch}.csv', 'shapes'],
];

test.each(WRITES)('%s is not written where %s is read', async (output, input) => {
  const folder = folderOfInputs();
  const write = { where: '--out', path: join(folder, output) };
  const read = { where: '--data', path: join(folder, input) };
  await expect(keepInputs([write], [read])).rejects.toThrow(
    `--out: expected another file than --data reads, received ${write.path}`,
  );
  await keepInputs([{ ...write, path: join(folder, 'new') }], [read]);
});

test.each([
  ['inner/a', 'here/inner/a'],
  ['run-{epoch}', 'run-5'],
  ['run-5', 'run-{epoch}'],
  ['symbolic', 'here/d.csv'],
  ['nothing', 'inner/new'],
  ['nothing at last', 'here/inner/new'],
])('two results do not both go to %s and %s', async (first, second) => {
  const folder = folderOfInputs();
  const writes = [first, second].map((name, index) => ({
    where: `--${index}`,
    path: join(folder, name),
  }));
  await expect(keepInputs(writes, [])).rejects.toThrow('--1: expected another file than --0, ');
});

test('a folder that knows no upper case is asked', async () => {
  const folder = folderOfInputs();
  const write = { where: '--out', path: join(folder, 'D.CSV') };
  const isOne = existsSync(write.path);
  const kept = await keepInputs([write], [{ where: '--data', path: join(folder, 'd.csv') }]).then(
    () => false,
    () => true,
  );
  expect(kept).toBe(isOne);
});

const LINES: readonly (readonly [line: string, input: string])[] = [
  [`train ${TRAIN} --out symbolic`, 'd.csv'],
  [`train ${TRAIN} --checkpoint run-{epoch}.checkpoint`, 'run-3.checkpoint'],
  ['train --data shapes --config c.yaml --out c.yaml', 'c.yaml'],
  ['train --data shapes --resume run.checkpoint --out run.checkpoint', 'run.checkpoint'],
  ['export model.safetensors --format onnx --out model.safetensors', 'model.safetensors'],
  [
    'export model.safetensors --format c --quantize int8 --data labelled.csv --out ./labelled.csv',
    'labelled.csv',
  ],
  ['sweep swept/report.html --out swept', 'swept/report.html'],
  ['sweep plan.yaml --out swept', 'swept/receipts.jsonl'],
];

test('what is read is never written, whatever it is called', async () => {
  const folder = folderOfInputs();
  const train = ['train', ...SHAPES, '--backend', 'ts', '--checkpoint', 'run.checkpoint'];
  await runCli(train, { folder });
  mkdirSync(join(folder, 'swept'));
  writeFiles(folder, {
    'labelled.csv': TABLE,
    'plan.yaml': 'data: swept/receipts.jsonl\nepochs: 1\n',
    'swept/report.html': 'data: d.csv\nepochs: 1\n',
    'swept/receipts.jsonl': '{"a": 1, "b": "x"}\n{"a": 2, "b": "y"}\n',
  });
  for (const [line, input] of LINES) {
    const before = readFileSync(join(folder, input));
    const { ino } = statSync(join(folder, input));
    const { exitCode, stderr } = await runCli(line.split(' '), { folder });
    expect(stderr, line).toMatch(/^error: --\w+: expected another file than .* reads, received /);
    expect(exitCode, line).toBe(2);
    expect(readFileSync(join(folder, input)).equals(before), line).toBe(true);
    expect(statSync(join(folder, input)).ino, line).toBe(ino);
  }
});

test('nor what stdin comes from, or what stdout goes to', async () => {
  const folder = folderOfInputs();
  await runCli(`train ${TRAIN}`.split(' '), { folder });
  const lines: readonly (readonly [line: string, input: 'r' | 'ignore', output: 'a' | 'pipe'])[] = [
    ['train --data - --backend ts --epochs 1 --out d.csv', 'r', 'pipe'],
    ['train --data - --backend ts --checkpoint d{epoch}.csv', 'r', 'pipe'],
    ['predict model.safetensors - --out hard', 'r', 'pipe'],
    ['predict model.safetensors d7.csv', 'ignore', 'a'],
    ['predict model.safetensors -', 'r', 'a'],
  ];
  for (const [line, input, output] of lines) {
    const path = join(folder, line.includes('{epoch}') || output === 'a' ? 'd7.csv' : 'd.csv');
    const open = (flags: string) => (flags.length === 1 ? openSync(path, flags) : flags);
    const stdio = [open(input), open(output), 'pipe'] as StdioOptions;
    const words = [executable, ...line.split(' ')];
    const { status, stderr } = spawnSync(process.execPath, words, {
      cwd: folder,
      stdio,
      encoding: 'utf8',
    });
    for (const one of stdio as unknown[]) if (typeof one === 'number') closeSync(one);
    expect(stderr, line).toMatch(/^error: \S+: expected another file than .* reads, received /);
    expect(status, line).toBe(2);
    expect(readFileSync(path, 'utf8'), line).toBe(TABLE);
  }
});

test('a checkpoint may be replaced by those that follow it, and data may lie beside models', async () => {
  const folder = temporaryFolder();
  writeFiles(folder, { 'train.csv': TABLE });
  const run = async (line: string) => {
    const { exitCode, stderr } = await runCli(line.split(' '), { folder });
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }, line).toEqual({
      exitCode: 0,
      stderr: '',
    });
  };
  const data = '--backend ts --data .';
  await run(`train ${data} --epochs 2 --checkpoint run.checkpoint`);
  await run(`train ${data} --resume run.checkpoint --checkpoint run.checkpoint`);
  await run(`train ${data} --resume run.checkpoint --checkpoint ./run-{epoch}.checkpoint`);
  expect(readFileSync(join(folder, 'train.csv'), 'utf8')).toBe(TABLE);
});

test('a link to nothing stays one: the file is made where it leads', async () => {
  const folder = folderOfInputs();
  symlinkSync('nowhere/new', join(folder, 'lost'));
  symlinkSync('circle', join(folder, 'other'));
  symlinkSync('other', join(folder, 'circle'));
  const outputs = (link: string) => runCli(`train ${TRAIN} --out ${link}`.split(' '), { folder });
  for (const name of ['nothing at last', 'nothing/']) {
    const words = [...TRAIN.split(' '), '--out', name];
    const { exitCode, stderr } = await runCli(['train', ...words], { folder });
    expect({ name, exitCode }, stderr).toEqual({ name, exitCode: 0 });
  }
  expect(lstatSync(join(folder, 'nothing')).isSymbolicLink()).toBe(true);
  expect(lstatSync(join(folder, 'nothing at last')).isSymbolicLink()).toBe(true);
  expect(lstatSync(join(folder, 'inner', 'new')).isFile()).toBe(true);
  for (const [link, reason] of [
    ['lost', `expected a folder that is there, received ${realpathSync(folder)}${sep}nowhere`],
    ['circle', 'expected the name of a file, received circle, a link that leads round in a circle'],
  ] as const) {
    const { exitCode, stderr } = await outputs(link);
    expect(stderr).toContain(`error: --out: ${reason}`);
    expect(exitCode).toBe(1);
    expect(lstatSync(join(folder, link)).isSymbolicLink()).toBe(true);
  }
});

test.runIf(process.platform !== 'win32')(
  'a link whose text leads nowhere is what the system takes it for',
  async () => {
    const folder = folderOfInputs();
    const words = `train ${TRAIN} --out /dev/stdout`.split(' ');
    const { exitCode, stderr } = await startCli(words, { folder });
    expect(stderr).toContain('received /dev/stdout, which is no regular file');
    expect(exitCode).toBe(1);
  },
);

test('{epoch} belongs into the name of a file', async () => {
  const folder = folderOfInputs();
  const line = `train ${TRAIN} --checkpoint run-{epoch}/a.checkpoint`;
  const { exitCode, stderr } = await runCli(line.split(' '), { folder });
  expect(stderr).toContain("--checkpoint: expected {epoch} in the file's own name, received run-");
  expect(exitCode).toBe(2);
  expect(existsSync(join(folder, 'run-1'))).toBe(false);
});
