import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { BitgradError, type Samples } from '@bitgrad/core';
import type { Engine } from './engine.js';

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

/** Threads that compute for all models. */
export class WorkerPool {
  private runs = 0;
  private models = 0;
  private next = 0;
  private readonly waiting = new Map<number, Waiting>();
  private isClosing = false;

  private constructor(
    private readonly workers: readonly Worker[],
    onEnd: (reason: string) => void,
  ) {
    for (const worker of workers) {
      worker.on('message', (message: Tells) => this.take(message));
      const ended = (reason: unknown): void => {
        if (this.isClosing) return;
        this.failAll(String(reason));
        onEnd(String(reason));
      };
      worker.on('error', ended);
      worker.on('exit', () => ended('a worker ended'));
    }
  }

  /**
   * @param onEnd called where a worker ends by itself
   * @throws BitgradError if one cannot be started
   */
  static async open(
    count: number,
    backendModule: string,
    onEnd: (reason: string) => void,
  ): Promise<WorkerPool> {
    const workers: Worker[] = [];
    try {
      for (let at = 0; at < count; at += 1) {
        const url = new URL('./worker.js', import.meta.url);
        workers.push(new Worker(url, { workerData: { backendModule } }));
      }
      await Promise.all(workers.map((worker) => once(worker, 'message')));
    } catch (error) {
      await Promise.all(workers.map((worker) => worker.terminate()));
      throw new BitgradError(
        `workers: expected ${count} threads that start, received ${(error as Error).message}`,
        'ask for fewer, or let this user or container have more threads (ulimit -u, pids.max) and files (ulimit -n)',
      );
    }
    return new WorkerPool(workers, onEnd);
  }

  /** @param bytes of the model file */
  engine(bytes: Uint8Array, rows: number): Engine {
    const model = this.models;
    this.models += 1;
    this.tellAll({ kind: 'open', model, bytes, rows });
    return {
      width: this.workers.length,
      run: (samples) => this.run(model, samples),
      close: async () => this.tellAll({ kind: 'close', model }),
    };
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private run(model: number, samples: Samples): Promise<Float32Array> {
    const run = this.runs;
    this.runs += 1;
    const worker = this.workers[this.next % this.workers.length]!;
    this.next += 1;
    return new Promise((resolve, reject) => {
      this.waiting.set(run, { resolve, reject });
      worker.postMessage({ kind: 'run', run, model, samples } satisfies Told);
    });
  }

  private take(message: Tells): void {
    if (message.kind === 'ready') return;
    const waiting = this.waiting.get(message.run);
    this.waiting.delete(message.run);
    if (message.kind === 'done') waiting?.resolve(message.outputs);
    else waiting?.reject(new Error(message.reason));
  }

  private failAll(reason: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(reason));
    this.waiting.clear();
  }

  private tellAll(message: Told): void {
    for (const worker of this.workers) worker.postMessage(message);
  }
}
