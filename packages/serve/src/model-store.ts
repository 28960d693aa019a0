import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { type Backend, BitgradError, decodeModel, resolve } from '@bitgrad/core';
import { Batcher } from './batcher.js';
import { type Engine, localEngine } from './engine.js';
import { RequestError } from './errors.js';
import { LOOK_INTERVAL, type LogLine, MOST_WAITING } from './options.js';
import { ServedModel } from './served-model.js';
import type { WorkerPool } from './worker-engine.js';

interface Entry {
  readonly path: string;
  /** Changes when the file does. */
  mark: string;
  current: ServedModel;
}

export interface StoreOptions {
  readonly backend: Backend;
  readonly pool: WorkerPool | null;
  readonly batchRows: number;
  readonly batchDelay: number;
  /** How long a request may take that has found a model, in milliseconds. */
  readonly requestTimeout: number;
  readonly onRun: (model: string, rows: number) => void;
  readonly log: (line: LogLine) => void;
}

/** The models that are served. A file that changes is taken up; what was asked before is answered by the old one. */
export class ModelStore {
  private readonly entries = new Map<string, Entry>();
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> = Promise.resolve();

  private constructor(private readonly options: StoreOptions) {}

  /** @throws BitgradError if a file is no model, or two have one name */
  static async open(paths: readonly string[], options: StoreOptions): Promise<ModelStore> {
    const store = new ModelStore(options);
    if (paths.length === 0) throw new BitgradError('serve: expected model files, received none');
    for (const path of paths) {
      const name = basename(path, extname(path));
      const other = store.entries.get(name);
      if (other !== undefined) {
        throw new BitgradError(
          `${path}: expected another name than that of ${other.path}, received ${name}`,
          'models are called as their files are',
        );
      }
      const mark = await markOf(path);
      store.entries.set(name, { path, mark, current: await store.load(path, name, '1') });
    }
    const look = (): void => {
      store.looking = store.look().finally(() => {
        if (store.timer !== null) store.timer = setTimeout(look, LOOK_INTERVAL);
      });
    };
    store.timer = setTimeout(look, LOOK_INTERVAL);
    return store;
  }

  get names(): string[] {
    return [...this.entries.keys()];
  }

  /** @throws RequestError with status 404 if there is none, or not in this version */
  find(name: string, version?: string): ServedModel {
    const found = this.entries.get(name)?.current;
    if (found === undefined) throw new RequestError(404, 'no such model');
    if (version === undefined || version === found.version) return found;
    throw new RequestError(404, `no such version: ${found.version} is served`);
  }

  /** From now on, no row waits for others to be computed with. */
  hurry(): void {
    for (const { current } of this.entries.values()) current.batcher.hurry();
  }

  async close(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    await this.looking;
    await Promise.all([...this.entries.values()].map(({ current }) => current.batcher.close()));
  }

  /** Takes up files that have changed; one that cannot be read leaves the old model in place. */
  async look(): Promise<void> {
    const { log, requestTimeout } = this.options;
    for (const [name, entry] of this.entries) {
      const mark = await markOf(entry.path).catch(() => entry.mark);
      if (mark === entry.mark) continue;
      entry.mark = mark;
      const old = entry.current;
      const version = String(Number(old.version) + 1);
      try {
        entry.current = await this.load(entry.path, name, version);
        log({ event: 'reload', model: name, version, receipt: entry.current.receiptSha256 });
        // Whoever found the old one has asked it by then.
        setTimeout(() => void old.batcher.close(), requestTimeout).unref();
      } catch (error) {
        log({ event: 'error', model: name, message: (error as Error).message });
      }
    }
  }

  private async load(path: string, name: string, version: string): Promise<ServedModel> {
    const { backend, pool, batchRows, batchDelay, onRun } = this.options;
    const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      throw new BitgradError(`${path}: cannot be read (${error.code ?? error.message})`);
    });
    const saved = await decodeModel(bytes, path);
    const { features, outputs } = resolve(saved.recipe);
    const engine: Engine = pool
      ? pool.engine(bytes, batchRows)
      : localEngine(saved, backend, batchRows);
    const told = (rows: number): void => onRun(name, rows);
    const batcher = new Batcher(
      engine,
      features,
      outputs,
      batchRows,
      batchDelay,
      MOST_WAITING,
      told,
    );
    return ServedModel.of(name, version, saved, batcher);
  }
}

async function markOf(path: string): Promise<string> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new BitgradError(`${path}: cannot be read (${error.code ?? error.message})`);
  });
  // A pipe or a device may have no end, and cannot be looked at again.
  if (!found.isFile()) throw new BitgradError(`${path}: expected a file, received something else`);
  const { mtimeMs, size, ino } = found;
  return [mtimeMs, size, ino].join(' ');
}
