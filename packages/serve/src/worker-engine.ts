import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { BitgradError, type Samples } from '@bitgrad/core';
import type { Engine } from './engine.js';
import { RequestError } from './errors.js';
import type { LogLine } from './options.js';

/** What a worker is told. */
export type Told =
  | {
      readonly kind: 'open';
      readonly model: number;
      readonly bytes: Uint8Array;
      readonly rows: number;
    }
  | { readonly kind: 'close'; readonly model: number }
  | {
      readonly kind: 'run';
      readonly run: number;
      readonly model: number;
      readonly samples: Samples;
    };

/** What it answers. */
export type Tells =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly run: number; readonly outputs: Float32Array }
  | { readonly kind: 'failed'; readonly run: number; readonly reason: string };

interface Waiting {
  readonly resolve: (outputs: Float32Array) => void;
  readonly reject: (error: Error) => void;
}

/** A thread, and what it was asked. */
interface Seat {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  /** Whether it has computed anything: one that never has would not the next time, either. */
  hasAnswered: boolean;
}

/** Threads that compute for all models. One that ends by itself loses what it was at, and another takes its place. */
export class WorkerPool {
  private runs = 0;
  private models = 0;
  private next = 0;
  private seats: Seat[] = [];
  /** What tells a thread of each model. */
  private readonly openings = new Map<number, Told>();
  private isClosing = false;

  private constructor(
    private readonly count: number,
    private readonly backendModule: string,
    private readonly tell: (line: LogLine) => void,
  ) {}

  /**
   * @param tell told where a worker ends by itself, and where another takes its place
   * @throws BitgradError if one cannot be started
   */
  static async open(
    count: number,
    backendModule: string,
    tell: (line: LogLine) => void,
  ): Promise<WorkerPool> {
    const pool = new WorkerPool(count, backendModule, tell);
    const workers: Worker[] = [];
    try {
      for (let at = 0; at < count; at += 1) workers.push(pool.start());
      await Promise.all(workers.map((worker) => pool.seat(worker)));
    } catch (error) {
      pool.isClosing = true;
      await Promise.all(workers.map((worker) => worker.terminate()));
      throw new BitgradError(
        `workers: expected ${count} threads that start, received ${(error as Error).message}`,
        'ask for fewer, or let this user or container have more threads (ulimit -u, pids.max) and files (ulimit -n)',
      );
    }
    return pool;
  }

  /** Whether anything can be computed. */
  get isReady(): boolean {
    return this.seats.length > 0;
  }

  /** @param bytes of the model file */
  engine(bytes: Uint8Array, rows: number): Engine {
    const model = this.models;
    this.models += 1;
    const opening: Told = { kind: 'open', model, bytes, rows };
    this.openings.set(model, opening);
    this.tellAll(opening);
    return {
      width: this.count,
      run: (samples) => this.run(model, samples),
      close: async () => {
        this.openings.delete(model);
        this.tellAll({ kind: 'close', model });
      },
    };
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.all(this.seats.map(({ worker }) => worker.terminate()));
  }

  private start(): Worker {
    const url = new URL('./worker.js', import.meta.url);
    return new Worker(url, { workerData: { backendModule: this.backendModule } });
  }

  /** Lets a worker compute, once it is ready. */
  private async seat(worker: Worker): Promise<void> {
    await Promise.race([once(worker, 'message'), endOf(worker)]);
    if (this.isClosing) {
      await worker.terminate();
      return;
    }
    const seat: Seat = { worker, waiting: new Map(), hasAnswered: false };
    let reason = 'it ended';
    worker.on('message', (message: Tells) => take(seat, message));
    worker.on('error', (error) => {
      reason = String(error);
    });
    worker.on('exit', () => this.leave(seat, reason));
    for (const opening of this.openings.values()) worker.postMessage(opening);
    this.seats.push(seat);
  }

  private leave(seat: Seat, reason: string): void {
    this.seats = this.seats.filter((other) => other !== seat);
    if (this.isClosing) return;
    for (const { reject } of seat.waiting.values()) reject(lost());
    this.tell({ event: 'error', message: `a worker ended: ${reason}` });
    if (seat.hasAnswered) void this.replace();
  }

  private async replace(): Promise<void> {
    try {
      await this.seat(this.start());
      this.tell({ event: 'worker', message: 'another one takes its place' });
    } catch (error) {
      const { message } = error as Error;
      this.tell({ event: 'error', message: `a worker that ended has no other: ${message}` });
    }
  }

  private run(model: number, samples: Samples): Promise<Float32Array> {
    const run = this.runs;
    this.runs += 1;
    const seat = this.seats[this.next % this.seats.length];
    this.next += 1;
    return new Promise((resolve, reject) => {
      if (seat === undefined) {
        reject(lost());
        return;
      }
      seat.waiting.set(run, { resolve, reject });
      seat.worker.postMessage({ kind: 'run', run, model, samples } satisfies Told);
    });
  }

  private tellAll(message: Told): void {
    for (const { worker } of this.seats) worker.postMessage(message);
  }
}

/** @throws Error once a worker has ended, as one may without an error */
async function endOf(worker: Worker): Promise<never> {
  await once(worker, 'exit');
  throw new Error('one that ended at once');
}

function take(seat: Seat, message: Tells): void {
  if (message.kind === 'ready') return;
  const waiting = seat.waiting.get(message.run);
  seat.waiting.delete(message.run);
  if (message.kind === 'done') {
    seat.hasAnswered = true;
    waiting?.resolve(message.outputs);
  } else waiting?.reject(new Error(message.reason));
}

/** What a client is told whose rows no thread computes any more. */
function lost(): RequestError {
  return new RequestError(503, 'the thread that computes ended: try again soon');
}
