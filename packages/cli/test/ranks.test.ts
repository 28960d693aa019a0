import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { ENVIRONMENT, LAUNCHERS } from '../../mpi/test/launchers.mjs';
import { placeIn } from '../src/ranks/job.js';
import {
  eventsIn,
  executable,
  type Result,
  runCli,
  type StartOptions,
  startCli,
} from './run-cli.js';
import { namesIn, SHAPES, temporaryFolder, writeFiles, writeShapes } from './temporary.js';

const TRAIN = ['train', ...SHAPES, '--shards', '4', '--backend', 'ts', '--json'];
type Launcher = keyof typeof LAUNCHERS;

/** Runs the command on ranks, as many of them with these words, then as many with those. */
function onRanks(
  launcher: Launcher,
  parts: readonly (readonly [count: number, words: readonly string[]])[],
  options: StartOptions,
): Promise<Result> {
  const words = parts.flatMap(([count, one], at) => [
    ...(at > 0 ? [':'] : []),
    ...['-n', String(count), process.execPath, executable, ...one],
  ]);
  const environment = { ...ENVIRONMENT, ...options.environment };
  return startCli(words, { ...options, environment, program: LAUNCHERS[launcher] });
}

function shapesFolder(): string {
  const folder = temporaryFolder();
  writeShapes(folder);
  return folder;
}

const digestIn = (result: Result): unknown => eventsIn(result).at(-1)?.weightsSha256;
const errorsIn = ({ stderr }: Result): string[] =>
  stderr.split('\n').filter((line) => line.startsWith('error:'));

// Launchers fail at times for reasons of their own; the log says which test took two runs.
describe.each(['openmpi', 'mpich'] as const)('%s', { retry: 1 }, (launcher) => {
  const on = it.skipIf(missing(launcher));

  on('trains on ranks of different backends to the digest of one process', async () => {
    const folder = shapesFolder();
    const alone = await runCli(TRAIN, { folder });
    const wasm = TRAIN.map((word) => (word === 'ts' ? 'wasm' : word));
    const together = await onRanks(
      launcher,
      [
        [1, TRAIN],
        [2, wasm],
      ],
      { folder },
    );
    expect(together).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining('error') });
    expect(eventsIn(together).map(({ event }) => event)).toEqual([
      ...['start', 'epoch', 'epoch', 'epoch', 'end'],
    ]);
    expect(digestIn(together)).toBe(digestIn(alone));
    expect(namesIn(folder)).toEqual(['model-1.safetensors', 'model.safetensors', 'shapes']);
  });

  // The command does the same with whichever library: with each takes long.
  const onOne = it.skipIf(missing(launcher) || (launcher === 'mpich' && missing('long')));

  onOne.each([
    [
      'other data',
      [TRAIN, TRAIN.map((word) => (word === 'shapes' ? 'others' : word))],
      'error: ranks: expected the same data on all, received',
    ],
    [
      'another recipe',
      [TRAIN, [...TRAIN, '--seed', '2']],
      'error: ranks: expected the same recipe on all, received',
    ],
    [
      'no data on one',
      [TRAIN, TRAIN.map((word) => (word === 'shapes' ? 'nowhere' : word))],
      'error: rank 1: data set "nowhere"',
    ],
    ['wrong words', [[...TRAIN, '--shrads', '4']], 'error: --shrads: unknown option'],
    [
      'fewer shards than ranks',
      [TRAIN.map((word) => (word === '4' ? '1' : word))],
      'error: shards: expected at least 2, the number of ranks, received 1',
    ],
    [
      'folds',
      [TRAIN, [...TRAIN, '--folds', '3']],
      'error: rank 1: --folds: expected none under mpirun',
    ],
  ] as const)('says once what is wrong: %s', async (_, [first, second], message) => {
    const folder = shapesFolder();
    const images = readFileSync(join(folder, 'shapes/train-images-idx3-ubyte'));
    images[20] = images[20]! + 1;
    for (const name of namesIn(join(folder, 'shapes'))) {
      const bytes = readFileSync(join(folder, 'shapes', name));
      writeFiles(folder, { [`others/${name}`]: name.startsWith('train-im') ? images : bytes });
    }
    const parts = second
      ? ([
          [1, first],
          [1, second],
        ] as const)
      : ([[2, first]] as const);
    const result = await onRanks(launcher, parts, { folder });
    expect(result.exitCode).toBeGreaterThan(0);
    expect(errorsIn(result)).toEqual([expect.stringContaining(message)]);
    expect(namesIn(folder)).toEqual(['others', 'shapes']);
  });

  onOne('goes on with another number of ranks where one was killed', async () => {
    const folder = shapesFolder();
    const long = [...TRAIN.map((word) => (word === '3' ? '60' : word)), '--optimizer', 'adam'];
    const alone = await runCli([...long, '--lr', '0.01'], { folder });
    const words = [...long, '--lr', '0.01', '--checkpoint', 'run.checkpoint'];
    // A kill that comes too late is no test.
    let killed: Result;
    do {
      killed = await onRanks(launcher, [[3, words]], {
        folder,
        environment: { BITGRAD_TEST_JOB: folder },
        onOutput: (_, stdout) => {
          if (stdout.split('"event":"epoch"').length === 3) killRank(1, folder);
        },
      });
    } while (killed.exitCode === 0);
    expect(existsSync(join(folder, 'run.checkpoint'))).toBe(true);
    const resume = ['train', '--resume', 'run.checkpoint', '--data', 'shapes', '--json'];
    const resumed = await onRanks(launcher, [[2, [...resume, '--backend', 'ts']]], { folder });
    expect(resumed.exitCode).toBe(0);
    expect(eventsIn(resumed)[0]!.epochsDone).toBeGreaterThan(0);
    expect(digestIn(resumed)).toBe(digestIn(alone));
  });
});

/** Kills one rank of the job that has this folder in its environment. */
function killRank(rank: number, folder: string): void {
  const marks = [`OMPI_COMM_WORLD_RANK=${rank}`, `PMI_RANK=${rank}`];
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const variables = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
      if (!variables.includes(`BITGRAD_TEST_JOB=${folder}`)) continue;
      if (marks.some((mark) => variables.includes(mark))) process.kill(Number(name), 'SIGKILL');
    } catch {
      // It has ended meanwhile, or is somebody else's.
    }
  }
}

describe('placeIn', () => {
  it.each([
    [{}, null],
    [
      { OMPI_COMM_WORLD_RANK: '2', OMPI_COMM_WORLD_SIZE: '4' },
      { rank: 2, size: 4, implementations: ['openmpi'] },
    ],
    [
      { PMI_RANK: '0', PMI_SIZE: '2' },
      { rank: 0, size: 2, implementations: ['mpich', 'openmpi'] },
    ],
    [
      { PMIX_RANK: '1', SLURM_NTASKS: '8' },
      { rank: 1, size: 8, implementations: ['openmpi', 'mpich'] },
    ],
    // One process is a training like any other, and so is one of Slurm's that was not started for MPI.
    [{ OMPI_COMM_WORLD_RANK: '0', OMPI_COMM_WORLD_SIZE: '1' }, null],
    [{ SLURM_PROCID: '1', SLURM_NTASKS: '8' }, null],
    [{ PMI_RANK: 'x', PMI_SIZE: '' }, null],
  ])('%o', (environment, expected) => {
    expect(placeIn(environment)).toEqual(expected);
  });
});
