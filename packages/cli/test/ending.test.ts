import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { decodeCheckpoint } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { openRunLog } from '../src/train/run-log.js';
import { executable, runCli, startCli } from './run-cli.js';
import { namesIn, SHAPES, temporaryFolder, writeFiles, writeShapes } from './temporary.js';

/** Neither names nor modes of these files are Windows'. */
const isUnix = process.platform !== 'win32';

const interruption = new URL('../dist/interruption.js', import.meta.url);

const TRAIN = ['train', ...SHAPES, '--backend', 'ts', '--json'];

/** Each is busy without its event loop for far longer than a test waits, or waits for ever. */
const BUSY: readonly (readonly [what: string, line: string])[] = [
  ['a named pipe as a file of settings', 'train --config pipe'],
  ['a named pipe as a model', 'inspect pipe'],
  ['weights being drawn', 'train --data wide.csv --layers 2,10000,10000,2 --backend ts'],
];

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

test.runIf(isUnix).each(BUSY)('one signal ends a command at once: %s', async (what, line) => {
  const folder = temporaryFolder();
  spawnSync('mkfifo', [join(folder, 'pipe')]);
  writeFiles(folder, { 'wide.csv': `a,b,c\n${'1,2,x\n3,4,y\n'.repeat(9)}` });
  // Each of them for each takes long: here each has its own.
  const own = SIGNALS[BUSY.findIndex(([one]) => one === what)]!;
  for (const signal of missing('long') ? [own] : SIGNALS) {
    let isTold = false;
    const result = await startCli(line.split(' '), {
      folder,
      onStart: async (child) => {
        await setTimeout(2500);
        isTold = child.kill(signal);
      },
    });
    expect(isTold, `${line} ended by itself: ${result.stderr}`).toBe(true);
    expect(result).toMatchObject({ exitCode: null, signal, stdout: '' });
  }
});

test.runIf(isUnix)('SIGHUP saves a checkpoint', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  const long = TRAIN.map((word) => (word === '3' ? '1000000' : word));
  let isSent = false;
  const saved = ['--checkpoint', 'run.checkpoint', '--checkpoint-every', '1000000'];
  const result = await startCli([...long, ...saved], {
    folder,
    onOutput(child, stdout) {
      if (isSent || !stdout.includes('"epoch":2,')) return;
      isSent = child.kill('SIGHUP');
    },
  });
  expect(result.stderr).toMatch(/^interrupted; saved in run.checkpoint after epoch \d+\n/);
  expect(result.exitCode).toBe(130);
  expect(namesIn(folder)).toEqual(['run.checkpoint', 'shapes']);
});

test.runIf(isUnix)(
  'one signal ends steps that keep the event loop; each epoch is saved',
  async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'wide.csv': `a,b,c\n${'1,2,x\n3,4,y\n'.repeat(9)}` });
    const saved = '--checkpoint run.checkpoint --checkpoint-every 1000000';
    const line = `train --data wide.csv --layers 2,1000,1000,2 --batch-size 1 --patience none --epochs 1000000 --backend ts --json ${saved}`;
    let isSent = false;
    const result = await startCli(line.split(' '), {
      folder,
      onOutput(child, stdout) {
        if (isSent || !stdout.includes('"epoch":2,')) return;
        isSent = child.kill('SIGTERM');
      },
    });
    expect(result).toMatchObject({ exitCode: null, signal: 'SIGTERM' });
    expect(result.stderr).toContain('note: steps are long on ts: a signal ends them at once');
    const checkpoint = await decodeCheckpoint(readFileSync(join(folder, 'run.checkpoint')), 'it');
    expect(checkpoint.epochs.length).toBeGreaterThanOrEqual(2);
  },
);

test('a log that cannot be written any more ends, the training does not', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  let isGone = false;
  const result = await startCli([...TRAIN, '--log', 'logs'], {
    folder,
    onOutput(_, stdout) {
      if (isGone || !stdout.includes('"start"')) return;
      isGone = true;
      rmSync(join(folder, 'logs'), { recursive: true });
    },
  });
  expect(result.exitCode).toBe(0);
  expect(result.stderr).toMatch(/note: --log ends here: .*no such file/);
  expect(result.stdout).toContain('"end"');
  expect(namesIn(folder)).toEqual(['model.safetensors', 'shapes']);
});

test.each(['../../x', '/x', '..', 'a/b', '', 'C:\\x', 'x'.repeat(300)])(
  'a log lies in its folder, whatever a recipe is called: %s',
  async (name) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    await openRunLog(join(folder, 'a', 'b'), name).write({ event: 'start' });
    expect(namesIn(join(folder, 'a', 'b'))).toEqual([expect.stringMatching(/\.jsonl$/)]);
    expect(namesIn(folder)).toEqual(['a']);
  },
);

test('what a killed save left is cleared by the next run, what another one writes is not', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  const left = [
    `.model.safetensors.${hostname()}-999999999-0123abcd.tmp`,
    '.model.safetensors.elsewhere-1-0123abcd.tmp',
  ];
  const kept = [
    `.model.safetensors.${hostname()}-${process.pid}-0123abcd.tmp`,
    '.model.safetensors.elsewhere-2-0123abcd.tmp',
    '.other.elsewhere-1-0123abcd.tmp',
  ];
  for (const name of [...left, ...kept]) writeFiles(folder, { [name]: '' });
  const long = new Date(Date.now() - 2 * 3_600_000);
  utimesSync(join(folder, left[1]!), long, long);
  expect((await startCli(TRAIN, { folder })).exitCode).toBe(0);
  expect(namesIn(folder)).toEqual([...kept, 'model.safetensors', 'shapes'].sort());
});

test('what others left to be done keeps no command that is done', async () => {
  const program = [process.execPath, '--import', 'data:text/javascript,setInterval(() => {}, 1e6)'];
  const result = await startCli(['train', '--help'], { program: [...program, executable] });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(result.stdout).toMatch(/--epochs[\s\S]*\n$/);
});

const WRITERS = ['data', 'data shapes --json', 'train --help', 'inspect m'];

test.runIf(existsSync('/dev/full'))('what cannot be written to stdout is exit code 1', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  await runCli([...TRAIN, '--out', 'm'], { folder });
  for (const line of WRITERS) {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [executable, ...line.split(' ')], {
      cwd: folder,
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect({ status, stderr }, line).toEqual({
      status: 1,
      stderr: 'error: stdout: cannot be written (ENOSPC)\n',
    });
  }
});

/** Of a file that may not grow further Node is told by an error: it ignores the signal that ends other programs. */
test.runIf(isUnix)('a training whose stdout is full saves what it has', () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  const long = TRAIN.map((word) => (word === '3' ? '1000000' : word));
  const saved = ['--checkpoint', 'run.checkpoint', '--checkpoint-every', '1000000'];
  const limited = 'ulimit -f 40; exec "$0" "$@" > events';
  const words = ['-c', limited, process.execPath, executable, ...long, ...saved];
  const { status, stderr } = spawnSync('sh', words, { cwd: folder, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(
      /^error: stdout: cannot be written \(EFBIG\)\ninterrupted; saved in run.checkpoint after epoch [1-9]\d*\ngo on with: .*\n$/,
    ),
  });
});

test.runIf(isUnix)('a signal that closed stdout too is the first one', async () => {
  const folder = temporaryFolder();
  writeFiles(folder, {
    'program.mjs': `import { watchForInterruption } from ${JSON.stringify(interruption.href)};
watchForInterruption().heed(() => console.error('saved') ?? true);
process.stdout.emit('error', Object.assign(new Error(), { code: 'EPIPE' }));
process.kill(process.pid, 'SIGTERM');
setInterval(() => undefined, 2 ** 30);`,
  });
  const result = await startCli([join(folder, 'program.mjs')], { program: [process.execPath] });
  expect(result).toMatchObject({ signal: 'SIGTERM', stderr: 'saved\n' });
});

test('a stdout that nobody reads is exit code 1, and no stack', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  await runCli([...TRAIN, '--out', 'm'], { folder });
  for (const line of WRITERS) {
    const result = await startCli(line.split(' '), {
      folder,
      onStart: async (child) => child.stdout?.destroy(),
    });
    expect(result.stderr, line).not.toMatch(/^ +at /m);
    expect(result.exitCode, line).toBe(1);
  }
});

test('a file that says how large it is is not read to see that it is too large', async () => {
  const folder = temporaryFolder();
  writeFiles(folder, { huge: '', small: '' });
  // Of zeros that lie on no disk.
  truncateSync(join(folder, 'huge'), 2 ** 40);
  for (const line of ['inspect huge', 'train --start huge', 'sweep huge']) {
    const { exitCode, stderr } = await runCli(line.split(' '), { folder });
    expect(stderr, line).toMatch(/^error: huge: expected at most \d+ bytes, received \S+\n$/);
    expect(exitCode, line).toBe(1);
  }
});

test.runIf(existsSync('/dev/zero'))('a device without an end is refused', async () => {
  const folder = temporaryFolder();
  for (const line of [
    'train --config /dev/zero',
    'inspect /dev/zero',
    'train --resume /dev/zero',
  ]) {
    const { exitCode, stderr } = await runCli(line.split(' '), { folder });
    expect(stderr, line).toMatch(
      /^error: \/dev\/zero: expected at most \d+ bytes, received more\n$/,
    );
    expect(exitCode, line).toBe(1);
  }
});

test.runIf(isUnix)('where the folder is gone that it was started in, it says so', () => {
  const gone = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$@"';
  const words = ['-c', gone, process.execPath, executable, 'train', '--data', 'd.csv'];
  const { status, stderr } = spawnSync('sh', words, { cwd: temporaryFolder(), encoding: 'utf8' });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(
      /^error: expected the folder that this was started in.*\ngo into/,
    ),
  });
});
