import { setTimeout as sleep } from 'node:timers/promises';
import { AbortedError, BitgradError } from '@bitgrad/core';
import { Job, Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import { Digests } from './digests.js';
import {
  checkServer,
  PREFIX,
  QUEUE,
  type ServerOptions,
  serverOf,
  watchConnection,
} from './server.js';

/** A job for whoever works at the queue. */
export interface Asked {
  /** SHA-256 of everything that decides its result: equal names are one job. */
  readonly name: string;
  /** Of JSON. */
  readonly payload: unknown;
}

/** What came of a job. Nothing of it has been checked. */
export interface Answered {
  readonly answer: unknown;
  /** Who did it. */
  readonly worker: string;
  /** How long it took there, in seconds. */
  readonly seconds: number;
}

/** What is told of jobs under way. */
export interface QueueListener {
  /** A job's answer is forgotten once this is done. */
  onDone(name: string, answered: Answered): Promise<void>;
  /** Told once of each reason for which a worker cannot do a job. */
  onRefused(worker: string, reason: string): void;
}

/** Milliseconds between two looks at all jobs, whatever the server tells: what it forgot is put in again. */
const LOOK = 10_000;
/** Jobs that are asked about at once. */
const CHUNK = 200;
/** How often a job is begun whose worker throws; a worker that dies does not count. */
const ATTEMPTS = 3;
/** How long an answer waits for whoever asked, in seconds. */
const KEPT = 7 * 24 * 3600;
/** What workers say of themselves is only shown, and short. */
const LONGEST_REASON = 500;

/** Puts jobs into a queue and takes out their answers. */
export class JobQueue {
  private constructor(
    private readonly queue: Queue,
    private readonly events: QueueEvents,
    private readonly client: Redis,
    private readonly digests: Digests,
  ) {}

  /** @throws BitgradError if there is no server that can hold a queue */
  static async open(options: ServerOptions): Promise<JobQueue> {
    const server = serverOf(options);
    await checkServer(server);
    const { connection } = server;
    const watch = watchConnection(server.name, options.onNote ?? (() => undefined));
    const settings = { connection, prefix: PREFIX, skipVersionCheck: true };
    const client = new Redis(connection);
    client.on('error', watch.onError).on('ready', watch.onReady);
    const queue = new Queue(QUEUE, settings);
    const events = new QueueEvents(QUEUE, settings);
    // The client that looks at the server says what there is to say.
    queue.on('error', () => undefined);
    events.on('error', () => undefined);
    return new JobQueue(queue, events, client, new Digests(client));
  }

  /**
   * Has jobs done, each once or more, and hears of each answer once.
   *
   * @throws BitgradError that a job ended with, or where two workers found different things;
   *   AbortedError by the signal, after which nobody begins with what was not begun
   */
  async run(jobs: readonly Asked[], signal: AbortSignal, listener: QueueListener): Promise<void> {
    const open = new Map(jobs.map((job) => [idOf(job.name), job]));
    const told = new Set<string>();
    const refused = new Set<string>();
    let wake = (): void => undefined;
    const hear = ({ jobId }: { jobId: string }): void => {
      if (open.has(jobId)) told.add(jobId);
      wake();
    };
    const hearProgress = ({ jobId, data }: { jobId: string; data: unknown }): void => {
      const { worker, refusal } = (data ?? {}) as { worker?: unknown; refusal?: unknown };
      const key = JSON.stringify([worker, refusal]);
      if (!open.has(jobId) || typeof refusal !== 'string' || refused.has(key)) return;
      refused.add(key);
      listener.onRefused(clip(String(worker)), clip(refusal));
    };
    let isLost = false;
    const lose = (): void => {
      isLost = true;
      wake();
    };
    this.events.on('completed', hear).on('failed', hear).on('progress', hearProgress);
    this.client.on('ready', lose);
    const aborted = new Promise<never>((_, reject) => {
      const abort = (): void => reject(new AbortedError('the queue is no longer waited for'));
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
    });
    aborted.catch(() => undefined);
    const work = async (): Promise<void> => {
      let isFirst = true;
      let looked = 0;
      while (open.size > 0) {
        const isDue = isFirst || isLost || Date.now() - looked >= LOOK;
        const ids = isDue ? [...open.keys()] : [...told];
        if (isDue) looked = Date.now();
        isLost = false;
        told.clear();
        for (let at = 0; at < ids.length; at += CHUNK) {
          const some = ids.slice(at, at + CHUNK);
          const missing = await Promise.all(
            some.map((id) => this.look(id, open, isFirst, listener)),
          );
          await this.add(missing.filter((job) => job !== null));
        }
        isFirst = false;
        if (open.size === 0 || told.size > 0 || isLost) continue;
        const heard = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const stop = new AbortController();
        await Promise.race([heard, sleep(LOOK, undefined, { signal: stop.signal }).catch(() => 0)]);
        stop.abort();
      }
      // Who was thought dead may have come to an end, too.
      for (const { name } of jobs) await this.digests.check(name);
    };
    try {
      await Promise.race([work(), aborted]);
    } catch (error) {
      if (signal.aborted) await this.withdraw([...open.keys()]);
      throw error;
    } finally {
      this.events.off('completed', hear).off('failed', hear).off('progress', hearProgress);
      this.client.off('ready', lose);
    }
  }

  async close(): Promise<void> {
    this.client.disconnect();
    // Nothing is under way any more; a server that is away would be waited for.
    await Promise.race([Promise.all([this.queue.close(), this.events.close()]), sleep(1000)]);
    await Promise.all([this.queue.disconnect(), this.events.disconnect()]).catch(() => undefined);
  }

  /** Takes what came of a job, if it is done. @returns the job if the server does not know it */
  private async look(
    id: string,
    open: Map<string, Asked>,
    isFirst: boolean,
    listener: QueueListener,
  ): Promise<Asked | null> {
    const asked = open.get(id);
    if (asked === undefined) return null;
    const state = await this.queue.getJobState(id);
    if (state === 'unknown') return asked;
    if (state !== 'completed' && state !== 'failed') return null;
    const job = await Job.fromId(this.queue, id);
    if (job === undefined) return asked;
    if (state === 'failed') {
      await job.remove();
      // Of an earlier command.
      if (isFirst) return asked;
      throw new BitgradError(
        `job ${asked.name.slice(0, 8)}: expected a result, received of worker ${clip(job.processedBy ?? 'unknown')}: ${clip(job.failedReason ?? '')}`,
      );
    }
    try {
      await this.digests.check(asked.name);
    } catch (error) {
      await job.remove();
      throw error;
    }
    const { answer, seconds } = (job.returnvalue ?? {}) as Partial<Answered>;
    const worker = clip(job.processedBy ?? 'unknown');
    await listener.onDone(asked.name, { answer, worker, seconds: Number(seconds) || 0 });
    open.delete(id);
    // Another command may have taken it, too.
    await job.remove().catch(() => undefined);
    return null;
  }

  private async add(jobs: readonly Asked[]): Promise<void> {
    if (jobs.length === 0) return;
    const opts = {
      attempts: ATTEMPTS,
      removeOnComplete: { age: KEPT },
      removeOnFail: { age: KEPT },
    };
    await this.queue.addBulk(
      jobs.map(({ name, payload }) => ({
        name: 'job',
        data: payload,
        opts: { ...opts, jobId: idOf(name) },
      })),
    );
  }

  /** Takes out what nobody has begun. */
  private async withdraw(ids: readonly string[]): Promise<void> {
    const remove = async (): Promise<void> => {
      for (let at = 0; at < ids.length; at += CHUNK) {
        const some = ids.slice(at, at + CHUNK);
        await Promise.all(some.map((id) => this.withdrawOne(id).catch(() => undefined)));
      }
    };
    // A server that is away is not waited for.
    await Promise.race([remove(), sleep(500)]);
  }

  private async withdrawOne(id: string): Promise<void> {
    const state = await this.queue.getJobState(id);
    if (state === 'waiting' || state === 'delayed') await this.queue.remove(id);
  }
}

/** BullMQ keeps numbers to itself. */
export const idOf = (name: string): string => `job-${name}`;

const clip = (text: string): string => text.slice(0, LONGEST_REASON);
