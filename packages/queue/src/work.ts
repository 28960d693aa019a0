import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { BitgradError } from '@bitgrad/core';
import { DelayedError, type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { atMost } from './at-most.js';
import { Digests } from './digests.js';
import {
  checkServer,
  PREFIX,
  QUEUE,
  type ServerOptions,
  serverOf,
  watchConnection,
} from './server.js';

/** What a worker made of a job: an answer, or why others may do it but not this one. */
export type Handled =
  | {
      /** Of JSON. */
      readonly answer: unknown;
      /** Of what every machine must find equal. */
      readonly digest: string;
    }
  | { readonly refusal: string };

/** How to work at a queue. */
export interface WorkOptions extends ServerOptions {
  /** How many jobs at a time. */
  readonly jobs: number;
  /** Seconds of silence after which a worker is thought dead, and others begin its jobs again. */
  readonly lostAfter: number;
  /** Ends the work; what is not done goes back to the queue. */
  readonly signal: AbortSignal;
  /**
   * Does a job, of which nothing has been checked, off the event loop, which must stay free to tell the
   * server that this worker lives. A BitgradError that it throws ends the job; another error lets it be
   * tried again.
   */
  readonly handle: (payload: unknown, signal: AbortSignal) => Promise<Handled>;
  /** Told when the server is reached. */
  readonly onReady?: ((server: string, worker: string) => void) | undefined;
}

/** Milliseconds for which a worker that had to refuse a job leaves the queue to others. */
const MODESTY = 1000;
/** How many workers may die at a job before it is no longer begun again. */
const MOST_DEATHS = 20;

/**
 * Does a queue's jobs until the signal ends it.
 *
 * @throws BitgradError if there is no server that can hold a queue
 */
export async function work(options: WorkOptions): Promise<void> {
  const { jobs, lostAfter, signal, onNote = () => undefined } = options;
  const server = serverOf(options);
  await checkServer(server);
  const { connection } = server;
  const name = `${hostname()}:${process.pid}`;
  const watch = watchConnection(server.name, onNote);
  const client = new Redis(connection);
  client.on('error', watch.onError).on('ready', watch.onReady);
  const digests = new Digests(client);
  const milliseconds = Math.round(1000 * lostAfter);
  const worker = new Worker(QUEUE, (job, token) => handle(job, token!), {
    connection,
    prefix: PREFIX,
    name,
    concurrency: jobs,
    lockDuration: milliseconds,
    stalledInterval: milliseconds,
    maxStalledCount: MOST_DEATHS,
    // Where a server has gone away while a job was asked for.
    runRetryDelay: 1000,
    skipVersionCheck: true,
    autorun: false,
  });
  worker.on('error', (error) => {
    // Another worker has it already, or the server forgot it: whoever asked compares, or asks again.
    if (/^Missing (?:lock|key)/.test(error.message))
      onNote(`a job came too late: ${error.message}`);
  });

  const handle = async (job: Job, token: string): Promise<unknown> => {
    const begun = performance.now();
    const handled = await options.handle(job.data, signal).catch(async (error: Error) => {
      if (signal.aborted) {
        await job.moveToWait(token);
        throw new WaitingError();
      }
      throw error instanceof BitgradError ? new UnrecoverableError(error.message) : error;
    });
    if ('refusal' in handled) {
      onNote(handled.refusal);
      await job.updateProgress({ worker: name, refusal: handled.refusal });
      await sleep(MODESTY, undefined, { signal }).catch(() => undefined);
      await job.moveToDelayed(Date.now() + MODESTY, token);
      throw new DelayedError();
    }
    await digests.add(String(job.id).slice('job-'.length), name, handled.digest);
    return { answer: handled.answer, seconds: (performance.now() - begun) / 1000 };
  };

  const running = worker.run();
  onReadyOf(options)(server.name, name);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  // A server that is away is not waited for: after a while it takes the jobs back by itself.
  const closed = worker.close().then(() => running);
  await atMost(3000, closed);
  server.leave();
  client.disconnect();
  await atMost(1000, worker.disconnect()).catch(() => undefined);
}

const onReadyOf = ({ onReady }: WorkOptions): NonNullable<WorkOptions['onReady']> =>
  onReady ?? (() => undefined);
