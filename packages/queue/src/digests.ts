import { BitgradError } from '@bitgrad/core';
import type { Redis } from 'ioredis';
import { PREFIX } from './server.js';

/** How long it is known what a worker found, in seconds: as long as others may still be at the same job. */
const KEPT = 24 * 3600;

/** What workers found, by their names: a digest of it each, for every job that was done. */
export class Digests {
  constructor(private readonly client: Redis) {}

  /** Remembers what a worker found. */
  async add(job: string, worker: string, digest: string): Promise<void> {
    await this.client.multi().hset(keyOf(job), worker, digest).expire(keyOf(job), KEPT).exec();
  }

  /**
   * Checks that all who did a job found the same. Where they did not, all of it is forgotten.
   *
   * @throws BitgradError that names them
   */
  async check(job: string): Promise<void> {
    const found = Object.entries(await this.client.hgetall(keyOf(job)));
    if (new Set(found.map(([, digest]) => digest)).size <= 1) return;
    await this.client.del(keyOf(job));
    const list = found.map(([worker, digest]) => `${digest.slice(0, 8)} by ${worker}`).join(', ');
    throw new BitgradError(
      `job ${job.slice(0, 8)}: expected equal results of all who did it, received ${list}`,
      'one of them computes wrongly, or is of another version: compare bitgrad --version, run bitgrad conformance on each, then the same command again; neither result is used',
    );
  }
}

const keyOf = (job: string): string => `${PREFIX}:digests:${job}`;
