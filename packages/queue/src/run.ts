import { AbortedError, BitgradError } from '@bitgrad/core';
import { Job, type Queue } from 'bullmq';
import { atMost } from './at-most.js';
import type { Digests } from './digests.js';

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

/**
 * Milliseconds between two looks at all jobs, more the more there are. News may be missed, as before a
 * connection stands, and what the server forgot is put in again.
 */
const pauseFor = (jobs: number): number => Math.min(10_000, 1000 + 2 * jobs);
/** Milliseconds for which a server is asked to take jobs out again. */
const WITHDRAWAL = 500;
/** Jobs that are asked about at once. */
const CHUNK = 200;
/** How often a job is begun whose worker throws; a worker that dies does not count. */
const ATTEMPTS = 3;
/** How long an answer waits for whoever asked, in seconds. */
const KEPT = 7 * 24 * 3600;
/** What workers say of themselves is only shown, and short. */
const LONGEST_REASON = 500;

/** Jobs that somebody waits for. */
export class Run {
  /** By what they are called on the server. */
  private readonly open: Map<string, Asked>;
  /** Those that the server told to have ended. */
  private readonly told = new Set<string>();
  private readonly refused = new Set<string>();
  /** Whether the server was away, and may have forgotten what it had. */
  private wasAway = false;
  private wake = (): void => undefined;

  constructor(
    private readonly jobs: readonly Asked[],
    private readonly queue: Queue,
    private readonly digests: Digests,
    private readonly listener: QueueListener,
  ) {
    this.open = new Map(jobs.map((job) => [idOf(job.name), job]));
  }

  /** To be called where a job has ended. */
  readonly hearEnd = ({ jobId }: { jobId: string }): void => {
    if (!this.open.has(jobId)) return;
    this.told.add(jobId);
    this.wake();
  };

  /** To be called where a worker says something of a job. */
  readonly hearProgress = ({ jobId, data }: { jobId: string; data: unknown }): void => {
    const { worker, refusal } = (data ?? {}) as { worker?: unknown; refusal?: unknown };
    const key = JSON.stringify([worker, refusal]);
    if (!this.open.has(jobId) || typeof refusal !== 'string' || this.refused.has(key)) return;
    this.refused.add(key);
    this.listener.onRefused(clip(String(worker)), clip(refusal));
  };

  /** To be called where the server is there again. */
  readonly hearReturn = (): void => {
    this.wasAway = true;
    this.wake();
  };

  /** Waits for all jobs. See `JobQueue.run`. */
  async whole(signal: AbortSignal): Promise<void> {
    const aborted = new Promise<never>((_, reject) => {
      const abort = (): void => reject(new AbortedError('the queue is no longer waited for'));
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
    });
    try {
      // A server that is away keeps the first of them waiting.
      await Promise.race([this.waitForAll(), aborted]);
    } catch (error) {
      if (signal.aborted) await atMost(WITHDRAWAL, this.withdraw());
      throw error;
    }
  }

  private async waitForAll(): Promise<void> {
    let looked: number | null = null;
    while (this.open.size > 0) {
      const pause = pauseFor(this.open.size);
      const isDue = looked === null || this.wasAway || Date.now() - looked >= pause;
      const ids = isDue ? [...this.open.keys()] : [...this.told];
      this.told.clear();
      this.wasAway = false;
      for (let at = 0; at < ids.length; at += CHUNK) {
        const some = ids.slice(at, at + CHUNK);
        const unknown = await Promise.all(some.map((id) => this.look(id, looked === null)));
        await this.add(unknown.filter((job) => job !== null));
      }
      if (isDue) looked = Date.now();
      if (this.open.size > 0 && this.told.size === 0 && !this.wasAway) {
        await this.waitForNews(pause);
      }
    }
    // Who was thought dead may have come to an end, too.
    for (const { name } of this.jobs) await this.digests.check(name);
  }

  private async waitForNews(pause: number): Promise<void> {
    const heard = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    await atMost(pause, heard);
  }

  /**
   * Takes what came of a job, if it is done.
   *
   * @param isFirst whether what went wrong with it was of an earlier command
   * @returns the job if the server does not know it
   */
  private async look(id: string, isFirst: boolean): Promise<Asked | null> {
    const asked = this.open.get(id);
    if (asked === undefined) return null;
    const state = await this.queue.getJobState(id);
    if (state === 'unknown') return asked;
    if (state !== 'completed' && state !== 'failed') return null;
    const job = await Job.fromId(this.queue, id);
    if (job === undefined) return asked;
    const worker = clip(job.processedBy ?? 'unknown');
    if (state === 'failed') {
      await job.remove();
      if (isFirst) return asked;
      throw new BitgradError(
        `job ${asked.name.slice(0, 8)}: expected a result, received of worker ${worker}: ${clip(job.failedReason ?? '')}`,
      );
    }
    try {
      await this.digests.check(asked.name);
    } catch (error) {
      await job.remove();
      throw error;
    }
    const { answer, seconds } = (job.returnvalue ?? {}) as Partial<Answered>;
    await this.listener.onDone(asked.name, { answer, worker, seconds: Number(seconds) || 0 });
    this.open.delete(id);
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
  private async withdraw(): Promise<void> {
    const ids = [...this.open.keys()];
    for (let at = 0; at < ids.length; at += CHUNK) {
      const some = ids.slice(at, at + CHUNK);
      await Promise.all(some.map((id) => this.withdrawOne(id).catch(() => undefined)));
    }
  }

  private async withdrawOne(id: string): Promise<void> {
    const state = await this.queue.getJobState(id);
    if (state === 'waiting' || state === 'delayed') await this.queue.remove(id);
  }
}

/** BullMQ keeps numbers to itself. */
const idOf = (name: string): string => `job-${name}`;

const clip = (text: string): string => text.slice(0, LONGEST_REASON);
