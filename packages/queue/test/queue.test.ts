import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startRedis } from '../../../scripts/redis.mjs';
import { missing } from '../../../scripts/require.mjs';
import { Digests } from '../src/digests.js';
import { JobQueue } from '../src/job-queue.js';
import type { QueueListener } from '../src/run.js';
import { serverOf } from '../src/server.js';
import { type Handled, work } from '../src/work.js';

const never = new AbortController().signal;
const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8];
const asked = (prefix: string) =>
  NUMBERS.map((number) => ({ name: `${prefix}-${number}`, payload: { number } }));

describe('URLs', () => {
  test('say how to reach a server, and what it may be called', () => {
    const { connection, name } = serverOf({ url: 'rediss://me:s%40fe@host.example:7000/3' });
    expect(name).toBe('rediss://host.example:7000/3');
    expect(connection).toMatchObject({
      ...{ host: 'host.example', port: 7000, db: 3, username: 'me', password: 's@fe', tls: {} },
    });
    expect(serverOf({ url: 'redis://[::1]', password: 'x' }).connection).toMatchObject({
      ...{ host: '::1', port: 6379, db: 0, password: 'x' },
    });
  });

  test('that are none are refused without repeating what may be a password', () => {
    for (const url of ['http://me:secret@host', 'me:secret@host', 'redis://:secret@', 'secret']) {
      expect(() => serverOf({ url }), url).toThrow(/^queue: expected redis:\/\/HOST(?!.*secret)/s);
    }
    expect(() => serverOf({ url: 'redis://host/name' })).toThrow('expected redis://HOST');
  });
});

describe.skipIf(missing('redis'))('a queue', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  async function openQueue(): Promise<JobQueue> {
    const queue = await JobQueue.open({ url: redis.url });
    onTestFinished(() => queue.close());
    return queue;
  }

  function startWorker(handle: (payload: unknown) => Promise<Handled>): AbortController {
    const stop = new AbortController();
    const working = work({
      ...{ url: redis.url, jobs: 2, lostAfter: 1, signal: stop.signal, handle },
    });
    onTestFinished(async () => {
      stop.abort();
      await working;
    });
    return stop;
  }

  const square = async (payload: unknown): Promise<Handled> => {
    const { number } = payload as { number: number };
    return { answer: number ** 2, digest: String(number ** 2) };
  };

  /** Answers by name, each of which may come once. */
  function collector() {
    const answers = new Map<string, unknown>();
    const refusals: string[] = [];
    const listener: QueueListener = {
      async onDone(name, { answer }) {
        expect(answers.has(name)).toBe(false);
        answers.set(name, answer);
      },
      onRefused: (_, reason) => refusals.push(reason),
    };
    return { answers, refusals, listener };
  }

  const squares = NUMBERS.map((number) => number ** 2);

  test('brings each answer once', async () => {
    startWorker(square);
    const { answers, listener } = collector();
    await (await openQueue()).run(asked('once'), never, listener);
    expect([...answers.values()].sort((a, b) => Number(a) - Number(b))).toEqual(squares);
  });

  test('goes on where the server is restarted and has forgotten everything', async () => {
    const { answers, listener } = collector();
    const queue = await openQueue();
    let restarted: Promise<void> | null = null;
    startWorker(async (payload) => {
      restarted ??= redis.restart();
      await restarted;
      return square(payload);
    });
    await queue.run(asked('restart'), never, listener);
    expect(restarted).not.toBeNull();
    expect([...answers.values()].sort((a, b) => Number(a) - Number(b))).toEqual(squares);
  });

  test('lets others do what one refuses, and says why', async () => {
    const { answers, refusals, listener } = collector();
    const [job] = asked('refuse');
    let isRefused = false;
    startWorker(async (payload) => {
      if (isRefused) return square(payload);
      isRefused = true;
      return { refusal: 'no such data here' };
    });
    await (await openQueue()).run([job!], never, listener);
    expect(refusals).toEqual(['no such data here']);
    expect([...answers.values()]).toEqual([1]);
  });

  test('gets back what a worker was at that is ended', async () => {
    const { answers, listener } = collector();
    let begun = (): void => undefined;
    const isBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const stop = new AbortController();
    const working = work({
      ...{ url: redis.url, jobs: 1, lostAfter: 3600, signal: stop.signal },
      handle: (_, signal) =>
        new Promise((__, reject) => {
          signal.addEventListener('abort', () => reject(new Error('ended')));
          begun();
        }),
    });
    const running = (await openQueue()).run(asked('back').slice(0, 1), never, listener);
    await isBegun;
    stop.abort();
    await working;
    // Nobody has to wait until it is thought dead.
    startWorker(square);
    await running;
    expect([...answers.values()]).toEqual([1]);
  });

  test('ends with the error that a job ends with, and begins anew with the next command', async () => {
    const { listener } = collector();
    const [job] = asked('error');
    let calls = 0;
    startWorker(async (payload) => {
      calls += 1;
      if (calls > 3) return square(payload);
      throw new Error('out of luck');
    });
    const queue = await openQueue();
    await expect(queue.run([job!], never, listener)).rejects.toThrow(
      /^job error-1: expected a result, received of worker .+: out of luck$/,
    );
    expect(calls).toBe(3);
    await queue.run([job!], never, listener);
    expect(calls).toBe(4);
  });

  test('names the workers where two found different things, and uses neither', async () => {
    const { answers, listener } = collector();
    const [job] = asked('differ');
    const client = new Redis(redis.url);
    onTestFinished(() => client.disconnect());
    await new Digests(client).add(job!.name, 'broken:1', 'wrong');
    startWorker(square);
    const queue = await openQueue();
    await expect(queue.run([job!], never, listener)).rejects.toThrow(
      /^job differ-1: expected equal results of all who did it, received wrong by broken:1, 1 by /,
    );
    expect(answers.size).toBe(0);
    // All of it is forgotten.
    await queue.run([job!], never, listener);
    expect([...answers.values()]).toEqual([1]);
  });

  test('is left by its signal, and nobody begins what was not begun', async () => {
    const stop = new AbortController();
    const queue = await openQueue();
    const running = queue.run(asked('left'), stop.signal, collector().listener);
    const client = new Redis(redis.url);
    onTestFinished(() => client.disconnect());
    const waiting = () => client.llen('bitgrad:jobs:wait');
    await expect.poll(waiting, { timeout: 60_000 }).toBe(NUMBERS.length);
    stop.abort();
    await expect(running).rejects.toThrow('no longer waited for');
    await expect.poll(waiting, { timeout: 60_000 }).toBe(0);
  });

  test('needs a server that is there, lets us in and keeps what it is given', async () => {
    await expect(JobQueue.open({ url: 'redis://me:secret@127.0.0.1:1' })).rejects.toThrow(
      /^queue: expected a server at redis:\/\/127\.0\.0\.1:1 that answers, received ECONNREFUSED$/,
    );
    const url = redis.url.replace('//', '//me:secret@');
    await expect(JobQueue.open({ url })).rejects.toThrow(/received WRONGPASS(?!.*secret)/s);
    const client = new Redis(redis.url);
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    onTestFinished(async () => {
      await client.config('SET', 'maxmemory-policy', 'noeviction');
      client.disconnect();
    });
    await expect(JobQueue.open({ url: redis.url })).rejects.toThrow(
      'expected maxmemory-policy noeviction',
    );
  });
});
