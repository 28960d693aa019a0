import type { Samples } from '@bitgrad/core';
import type { Engine } from './engine.js';
import { RequestError } from './errors.js';

interface Waiting {
  readonly samples: Samples;
  readonly rows: number;
  readonly resolve: (outputs: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Computes rows of several requests together: those that are there when the engine is free, or come
 * within a delay. A row's numbers do not depend on the others', so that this changes no bit.
 */
export class Batcher {
  private queue: Waiting[] = [];
  private rows = 0;
  private running = 0;
  /** Takes back that waiting rows are run soon; null where nothing waits for that. */
  private takeBack: (() => void) | null = null;
  private isHurried = false;
  private whenIdle: (() => void) | null = null;

  /**
   * @param limit rows of a run
   * @param delay milliseconds that a row waits for others; 0: for those that have arrived already
   * @param most rows that wait at a time
   * @param onRun told the rows of each run
   */
  constructor(
    private readonly engine: Engine,
    private readonly features: number,
    private readonly outputs: number,
    private readonly limit: number,
    private readonly delay: number,
    private readonly most: number,
    private readonly onRun: (rows: number) => void,
  ) {}

  /**
   * @param samples `[rows, features]`
   * @returns `[rows, outputs]`
   * @throws RequestError if too many wait
   */
  async predict(samples: Samples): Promise<Float32Array> {
    const { features, limit, outputs } = this;
    const rows = samples.length / features;
    if (this.rows + rows > this.most && this.rows > 0) {
      throw new RequestError(503, 'too many rows wait: try again soon');
    }
    if (rows <= limit) return this.enqueue(samples, rows);
    const parts: Promise<Float32Array>[] = [];
    for (let at = 0; at < rows; at += limit) {
      const part = samples.slice(at * features, Math.min(rows, at + limit) * features);
      parts.push(this.enqueue(part, part.length / features));
    }
    const all = new Float32Array(rows * outputs);
    for (const [index, part] of (await Promise.all(parts)).entries()) {
      all.set(part, index * limit * outputs);
    }
    return all;
  }

  /** From now on, no row waits for others. */
  hurry(): void {
    this.isHurried = true;
    this.flush();
  }

  /** Resolves when nothing waits or runs any more. */
  async close(): Promise<void> {
    this.hurry();
    if (this.running > 0 || this.queue.length > 0) {
      await new Promise<void>((resolve) => {
        this.whenIdle = resolve;
      });
    }
    await this.engine.close();
  }

  private enqueue(samples: Samples, rows: number): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      this.queue.push({ samples, rows, resolve, reject });
      this.rows += rows;
      if (this.rows >= this.limit || this.isHurried) this.flush();
      else this.takeBack ??= this.flushSoon();
    });
  }

  /** A timer of 0 would wait for a whole millisecond. */
  private flushSoon(): () => void {
    if (this.delay === 0) {
      const immediate = setImmediate(() => this.flush());
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(() => this.flush(), this.delay);
    return () => clearTimeout(timer);
  }

  private flush(): void {
    this.takeBack?.();
    this.takeBack = null;
    while (this.queue.length > 0 && this.running < this.engine.width) {
      let rows = 0;
      let count = 0;
      for (const one of this.queue) {
        if (count > 0 && rows + one.rows > this.limit) break;
        rows += one.rows;
        count += 1;
      }
      this.rows -= rows;
      void this.run(this.queue.splice(0, count), rows);
    }
  }

  private async run(batch: readonly Waiting[], rows: number): Promise<void> {
    const { features, outputs } = this;
    this.running += 1;
    try {
      const samples = batch.length === 1 ? batch[0]!.samples : joined(batch, rows * features);
      this.onRun(rows);
      const given = await this.engine.run(samples);
      let at = 0;
      for (const one of batch) {
        one.resolve(given.subarray(at * outputs, (at + one.rows) * outputs));
        at += one.rows;
      }
    } catch (error) {
      for (const one of batch) one.reject(error);
    } finally {
      this.running -= 1;
      this.flush();
      if (this.running === 0 && this.queue.length === 0) this.whenIdle?.();
    }
  }
}

function joined(batch: readonly Waiting[], length: number): Samples {
  const isBytes = batch[0]!.samples instanceof Uint8Array;
  const all = isBytes ? new Uint8Array(length) : new Float32Array(length);
  let at = 0;
  for (const { samples } of batch) {
    all.set(samples, at);
    at += samples.length;
  }
  return all;
}
