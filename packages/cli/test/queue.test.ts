import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeModel, encodeModel, RECIPES } from '@bitgrad/core';
import { JobQueue } from '@bitgrad/queue';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { parse } from 'yaml';
import { startRedis } from '../../../scripts/redis.mjs';
import { missing } from '../../../scripts/require.mjs';
import { checkVerification } from '../src/queue/answers.js';
import { findData } from '../src/queue/find-data.js';
import { checkPayload } from '../src/queue/payload.js';
import { eventsIn, executable, runCli, type StartOptions, startCli } from './run-cli.js';
import { temporaryFolder, writeFiles, writeShapes } from './temporary.js';

const PLAN = `
data: shapes
augment: none
epochs: 4
split: 0.6,0.2,0.2
grid:
  lr: [0.02, 0.2, 1e30]
  layers: [[16, 4, 3], "16,3"]
seeds: 2
`;
const TRIALS = 12;

/** Without a queue, by one process. */
const ALONE = 'sweep plan.yaml --backend ts --jobs 1'.split(' ');

function planned(plan = PLAN): string {
  const folder = temporaryFolder();
  writeShapes(folder);
  writeFiles(folder, { 'plan.yaml': plan });
  return folder;
}

const receiptsOf = (folder: string, out = 'sweep') =>
  readFileSync(join(folder, out, 'receipts.jsonl'), 'utf8');

describe('what a queue brings', () => {
  const data = { name: 'iris.csv', isEmbedded: false, sha256: '0'.repeat(64), options: {} };
  const job = { kind: 'train', recipe: RECIPES.mnist, until: 1, checkpoint: null, data };

  test('is a job', () => {
    expect(checkPayload(JSON.parse(JSON.stringify(job)))).toEqual({
      data,
      task: { kind: 'train', recipe: RECIPES.mnist, until: 1, checkpoint: null },
    });
  });

  test('or is refused by the field that is none', () => {
    for (const [change, message] of [
      [null, 'queue: job: expected an object, received null'],
      [{ kind: 'run' }, 'queue: kind: expected train or verify, received "run"'],
      [{ until: 0 }, 'queue: until: expected an integer of at least 1'],
      [{ checkpoint: '../secret' }, 'queue: checkpoint: expected bytes in base64'],
      [{ recipe: { ...RECIPES.mnist, epochs: -1 } }, 'epochs: expected'],
      [{ data: { ...data, sha256: 'x' } }, 'queue: data.sha256: expected a SHA-256'],
      [{ data: { ...data, isEmbedded: true } }, 'queue: data.isEmbedded: expected false'],
      [{ data: { ...data, options: { out: '/x' } } }, 'queue: data.options: expected recipe'],
      [{ data: { ...data, options: { config: 'x' } } }, 'queue: data.options: expected recipe'],
      [{ data: { ...data, options: { label: 3 } } }, 'queue: data.options.label: expected a text'],
    ] as const) {
      expect(() => checkPayload(change && { ...job, ...change })).toThrow(message);
    }
  });

  test('is a result of a verification, and nothing that lies beside it', () => {
    const weightsSha256 = 'ab'.repeat(32);
    const good = { verified: true, epochs: 3, weightsSha256, firstMismatch: null };
    expect(checkVerification({ verification: { ...good, event: 'x' }, file: '/etc' }, 3)).toEqual(
      good,
    );
    const mismatch = { epoch: 2, field: 'epochs', expected: 'a', received: 'b' };
    const bad = { ...good, verified: false, epochs: 2, firstMismatch: mismatch };
    const more = { ...bad, firstMismatch: { ...mismatch, more: 1 } };
    expect(checkVerification({ verification: more }, 3)).toEqual(bad);
    for (const change of [
      { verified: 'true' },
      { epochs: 2 },
      { epochs: '3' },
      { weightsSha256: '\u001b[2J' },
      { weightsSha256: `${weightsSha256}0` },
      { firstMismatch: mismatch },
      { ...bad, epochs: 4 },
      { ...bad, epochs: -1 },
      { ...bad, epochs: 1.5 },
      { ...bad, firstMismatch: null },
      { ...bad, firstMismatch: { ...mismatch, epoch: 4 } },
      { ...bad, firstMismatch: { ...mismatch, field: 5 } },
      { ...bad, firstMismatch: { ...mismatch, received: 'x'.repeat(70_000) } },
    ]) {
      const forged = { verification: { ...good, ...change } };
      expect(() => checkVerification(forged, 3), JSON.stringify(change).slice(0, 99)).toThrow(
        'queue: stretch to epoch 3: expected',
      );
    }
  });

  test('names data, and never a path', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'data/iris.csv': 'a,b\n', 'secret.csv': 'c,d\n' });
    const given = join(folder, 'data');
    const find = (name: string, place: string | undefined) =>
      findData({ name, isEmbedded: false }, place);
    expect(await find('iris.csv', given)).toBe(join(given, 'iris.csv'));
    expect(await find('iris.csv', join(given, 'iris.csv'))).toBe(join(given, 'iris.csv'));
    for (const name of ['../secret.csv', '..', '.', join(folder, 'secret.csv'), 'secret.csv']) {
      expect(await find(name, given), name).toBeNull();
    }
    expect(await find('iris.csv', undefined)).toBeNull();
  });
});

describe.skipIf(missing('redis'))('a queue', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  const password = 'open-sesame';
  const environment = { BITGRAD_QUEUE_PASSWORD: password };
  beforeAll(async () => {
    redis = await startRedis(['--requirepass', password]);
  });
  afterAll(() => redis.stop());

  /** Begins a worker, which ends with the test. */
  function startWorker(folder: string, data = folder): ChildProcess {
    const words = ['worker', '--queue', redis.url, '--data', data, '--backend', 'ts'];
    const child = spawn(
      process.execPath,
      [executable, ...words, '--jobs', '1', '--lost-after', '2', '--json'],
      { stdio: 'ignore', env: { ...process.env, ...environment } },
    );
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    return child;
  }

  function sweep(folder: string, words: readonly string[], options: StartOptions = {}) {
    const args = ['sweep', 'plan.yaml', '--json', ...words];
    return startCli(args, { folder, environment, ...options });
  }

  test('whatever dies, the receipts are those of one process, and each trial is there once', async () => {
    const folder = planned();
    await runCli([...ALONE, '--out', 'one'], { folder });
    const expected = receiptsOf(folder, 'one');

    const workers = [1, 2, 3].map(() => startWorker(folder));
    let seen = 0;
    const onOutput: StartOptions['onOutput'] = (_, stdout) => {
      for (const count = stdout.split('"event":"trial"').length - 1; seen < count; ) {
        seen += 1;
        if (seen === 4) redis.restart();
        if (![1, 3, 5].includes(seen)) continue;
        workers.shift()!.kill('SIGKILL');
        startWorker(folder);
      }
    };
    const result = await sweep(folder, ['--queue', redis.url], { onOutput });
    expect(result.stderr).not.toContain('error');
    expect(result.exitCode).toBe(0);
    expect(workers).toHaveLength(0);
    const told = eventsIn(result).filter(({ event }) => event === 'trial');
    expect(told).toHaveLength(TRIALS);
    expect(new Set(told.map(({ trial }) => trial)).size).toBe(TRIALS);
    expect(receiptsOf(folder)).toBe(expected);
    const { best } = eventsIn(result).at(-1)!;
    expect(readFileSync(join(folder, 'sweep', 'trials', `${best}.safetensors`))).toEqual(
      readFileSync(join(folder, 'sweep', 'best.safetensors')),
    );
    expect(result.stdout + result.stderr).not.toContain(password);
  });

  /** As on one machine, where it is tried always. */
  const testLong = test.skipIf(missing('long'));

  testLong('a sweep that is killed goes on where it was', async () => {
    const folder = planned();
    startWorker(folder);
    const killed = await sweep(folder, ['--queue', redis.url], {
      onOutput: (child, stdout) => {
        if (stdout.split('"event":"trial"').length > 3) child.kill('SIGKILL');
      },
    });
    expect(killed.signal).toBe('SIGKILL');
    const result = await sweep(folder, ['--queue', redis.url]);
    const [start, ...events] = eventsIn(result);
    expect(start!.done).toBeGreaterThanOrEqual(2);
    expect(events.filter(({ event }) => event === 'trial')).toHaveLength(TRIALS - start!.done);
    await runCli([...ALONE, '--out', 'one'], { folder });
    expect(receiptsOf(folder)).toBe(receiptsOf(folder, 'one'));
  });

  testLong('halving goes by a queue as on one machine', async () => {
    const folder = planned(`${PLAN}halving: { factor: 2, first: 1 }\n`);
    startWorker(folder);
    const queued = await sweep(folder, ['--queue', redis.url]);
    expect(queued.exitCode).toBe(0);
    await runCli([...ALONE, '--out', 'one'], { folder });
    expect(receiptsOf(folder)).toBe(receiptsOf(folder, 'one'));
    expect(receiptsOf(folder)).toContain('"stopped":{"epochs":2');
  });

  test('a worker with other data leaves the jobs to others, and the sweep says so', async () => {
    const folder = planned(PLAN.replace('seeds: 2', 'seeds: [1]'));
    const other = join(folder, 'other');
    mkdirSync(other);
    writeShapes(other);
    const file = join(other, 'shapes', 'train-images-idx3-ubyte');
    const bytes = readFileSync(file);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(file, bytes);
    startWorker(folder, other);
    let isHelped = false;
    const result = await sweep(folder, ['--queue', redis.url], {
      onOutput: (_, __, stderr) => {
        if (!isHelped && stderr.includes('leaves a job to others')) startWorker(folder);
        isHelped ||= stderr.includes('leaves a job to others');
      },
    });
    expect(result.exitCode).toBe(0);
    expect(result.stderr).toMatch(/shapes: expected data with SHA-256 [0-9a-f]{64}, received/);
  });

  test('jobs from elsewhere end with an error, and the worker goes on', async () => {
    const folder = planned(PLAN.replace('seeds: 2', 'seeds: [1]'));
    startWorker(folder);
    const queue = await JobQueue.open({ url: redis.url, password });
    onTestFinished(() => queue.close());
    const data = { name: 'shapes', isEmbedded: false, sha256: '0'.repeat(64), options: {} };
    const job = { kind: 'train', recipe: RECIPES.mnist, until: 1, checkpoint: null, data };
    const { signal } = new AbortController();
    const listener = { onDone: async () => undefined, onRefused: () => undefined };
    for (const [name, change, message] of [
      ['a', { kind: 'run', code: 'process.exit()' }, 'queue: kind: expected train or verify'],
      ['b', { data: { ...data, options: { start: '/etc/passwd' } } }, 'queue: data.options'],
    ] as const) {
      const asked = [{ name, payload: { ...job, ...change } }];
      await expect(queue.run(asked, signal, listener), name).rejects.toThrow(message);
    }
    expect((await sweep(folder, ['--queue', redis.url])).exitCode).toBe(0);
  });

  test('verifies stretches with the verdict of one process, and finds what was forged', async () => {
    const folder = temporaryFolder();
    writeShapes(folder);
    mkdirSync(join(folder, 'kept'));
    const train = 'train --data shapes --layers 16,4,3 --augment none --epochs 5 --optimizer adam';
    const kept = ['--checkpoint', 'kept/{epoch}.checkpoint', '--backend', 'ts'];
    await runCli([...train.split(' '), ...kept], { folder });
    startWorker(folder);
    startWorker(folder);
    const verify = 'verify model.safetensors --data shapes --json'.split(' ');
    const whole = await runCli([...verify, '--backend', 'ts'], { folder });
    const words = [...verify, '--from', 'kept', '--queue', redis.url];
    const queued = await startCli(words, { folder, environment });
    expect(queued.stderr).toBe('');
    expect(eventsIn(queued).at(-1)).toEqual(eventsIn(whole).at(-1));
    expect(eventsIn(queued).filter(({ event }) => event === 'epoch')).toHaveLength(5);

    const file = join(folder, 'model.safetensors');
    const model = await decodeModel(readFileSync(file), file);
    const receipt = { ...model.receipt, testAccuracy: 0.123 };
    writeFileSync(file, encodeModel({ ...model, receipt }));
    const forged = await startCli(words, { folder, environment });
    expect(forged.exitCode).toBe(1);
    expect(eventsIn(forged).at(-1)).toMatchObject({
      ...{ verified: false, firstMismatch: { field: 'testAccuracy', expected: 0.123 } },
    });
  });

  test('what does not go together, or is not there, is said without a password', async () => {
    const folder = planned();
    vi.stubEnv('BITGRAD_QUEUE_PASSWORD', password);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const secret = redis.url.replace('//', '//:wrong-sesame@');
    for (const [words, message] of [
      [['--queue', redis.url, '--jobs', '2'], '--jobs: expected none with --queue'],
      [['--queue', redis.url, '--task', '1/2'], '--task: expected none with --queue'],
      [['--queue', 'http://:wrong-sesame@host'], 'queue: expected redis://HOST'],
      [
        ['--queue', 'redis://:wrong-sesame%@host'],
        'special characters of user and password as %40',
      ],
      [['--queue', secret], 'received WRONGPASS'],
    ] as const) {
      const result = await runCli(['sweep', 'plan.yaml', '--json', ...words], { folder });
      expect(result.exitCode).not.toBe(0);
      expect(result.stderr).toContain(message);
      expect(result.stdout + result.stderr).not.toContain('sesame');
    }
    const worker = await runCli(['worker', '--queue', secret], { folder });
    expect([worker.exitCode, worker.stderr]).toEqual([1, expect.stringContaining('WRONGPASS')]);
    const nowhere = await runCli(['worker', '--queue', redis.url, '--data', 'gone'], { folder });
    expect(nowhere.stderr).toContain('--data: expected a file or a folder, received "gone"');
    const mistyped = ['worker', '--queue', redis.url, '--backend', 'nativ'];
    expect((await runCli(mistyped, { folder })).stderr).toContain('did you mean --backend native?');
    expect((await runCli(['worker'], { folder })).stderr).toContain(
      '--queue: expected the server of a queue, received none',
    );
  });
});

test('the compose file starts workers by a command that there is, on a server that keeps jobs', async () => {
  const file = new URL('../../../deploy/compose.yaml', import.meta.url);
  const { services } = parse(readFileSync(file, 'utf8'));
  const worker = services.worker.command.at(-1).split('exec bitgrad ')[1].split(' ');
  // Without a server it fails only when it has understood everything.
  const local = worker.map((word: string) =>
    word === '/data' ? temporaryFolder() : word.replace('//queue', '//127.0.0.1:1'),
  );
  const { exitCode, stderr } = await runCli(local);
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringContaining('expected a server at redis://127.0.0.1:1 that answers'),
  ]);
  const server = services.queue.command.at(-1);
  expect(server).toContain('--maxmemory-policy noeviction');
  expect(services.worker.environment).toHaveProperty('BITGRAD_QUEUE_PASSWORD');
  expect(services.worker.depends_on).toHaveProperty('queue');
});

test.skipIf(missing('redis'))('Ctrl-C ends who waits for a server that has gone away', async () => {
  const folder = planned();
  const redis = await startRedis();
  let isGone = false;
  const run = (words: string) =>
    startCli([...words.split(' '), '--queue', redis.url, '--json'], {
      folder,
      onOutput: (child, stdout, stderr) => {
        if (!isGone && stdout.includes('"event":"trial"')) {
          isGone = true;
          redis.stop();
        }
        if (stderr.includes('waiting for it')) child.kill('SIGINT');
      },
    });
  const [worker, sweep] = await Promise.all([
    run('worker --data shapes --backend ts --jobs 1'),
    run('sweep plan.yaml'),
  ]);
  expect(worker).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining('error:') });
  // After a while of waiting, the signal itself ends it.
  expect([130, null]).toContain(sweep.exitCode);
});

test.skipIf(missing('redis'))('and that server lets in who has the password', async () => {
  const file = new URL('../../../deploy/compose.yaml', import.meta.url);
  const { services } = parse(readFileSync(file, 'utf8'));
  const [, words] = /valkey-server (.*) --requirepass/.exec(services.queue.command.at(-1))!;
  const options = words!.split(' ').map((word) => (word === '""' ? '' : word));
  const redis = await startRedis([...options, '--requirepass', 'sesame']);
  onTestFinished(() => redis.stop());
  const started = await startCli(['worker', '--queue', redis.url, '--json'], {
    environment: { BITGRAD_QUEUE_PASSWORD: 'sesame' },
    onOutput: (child, stdout) => {
      if (stdout.includes('"ready"')) child.kill('SIGTERM');
    },
  });
  expect(eventsIn(started)[0]).toMatchObject({ event: 'ready', queue: redis.url });
  expect(started.exitCode).toBe(0);
});
