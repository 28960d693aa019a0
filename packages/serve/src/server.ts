import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { BitgradError } from '@bitgrad/core';
import { printable } from '@bitgrad/core/errors';
import { makeApp } from './app.js';
import { isLoopback } from './guard.js';
import { Metrics } from './metrics.js';
import { ModelStore } from './model-store.js';
import { type LogLine, type ServeOptions, TIMEOUTS } from './options.js';
import { WorkerPool } from './worker-engine.js';

/** A server that runs. */
export interface Server {
  /** As in `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly models: readonly string[];
  /** Takes no more requests, answers those that are there, and ends. */
  close(): Promise<void>;
}

/**
 * Serves models over HTTP.
 *
 * @throws BitgradError if a model cannot be read, the options are not safe, or the port is taken
 */
export async function serve(options: ServeOptions): Promise<Server> {
  const { host = '127.0.0.1', port = 8080, token, isOpen = false, workers = 0 } = options;
  const { batchRows = 64, batchDelay = 0, bodyBytes = 2 ** 24, requests = 256 } = options;
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const log = options.log ?? logToStderr;
  const isLocal = isLoopback(host);
  if (!isLocal && token === undefined && !isOpen) {
    throw new BitgradError(
      `host: expected a token, because others reach ${host}, received none`,
      'give --token, or --insecure where everyone may ask',
    );
  }
  if (token !== undefined && token.length < 16) {
    throw new BitgradError(
      `token: expected at least 16 characters, received ${token.length}`,
      'for example from: openssl rand -hex 32',
    );
  }
  if (workers > 0 && options.backendModule === undefined) {
    throw new BitgradError('workers: expected backendModule too, which gives them a backend');
  }
  let underWay = 0;
  let isReady = true;
  const metrics = new Metrics(() => underWay);
  const pool = workers === 0 ? null : await WorkerPool.open(workers, options.backendModule!, log);
  const store = await ModelStore.open(options.models, {
    backend: options.backend,
    pool,
    batchRows,
    batchDelay,
    requestTimeout: timeouts.request,
    onRun: (model, rows) => metrics.computed(model, rows),
    log,
  }).catch(async (error: unknown) => {
    await pool?.close();
    throw error;
  });
  const app = makeApp({
    store,
    metrics,
    token,
    isLocal,
    bodyBytes,
    timeouts,
    version: versionOf(),
    isReady: () => isReady && pool?.isReady !== false,
    enter() {
      if (underWay >= requests) return false;
      underWay += 1;
      return true;
    },
    leave() {
      underWay -= 1;
    },
    log,
  });
  const close = async (): Promise<void> => {
    isReady = false;
    store.hurry();
    const timer = setTimeout(() => app.server.closeAllConnections(), timeouts.close);
    await app.close();
    clearTimeout(timer);
    await store.close();
    await pool?.close();
    log({ event: 'closed' });
  };
  try {
    await app.listen({ host, port });
  } catch (error) {
    await close();
    const { code, message } = error as NodeJS.ErrnoException;
    throw new BitgradError(
      `port: expected ${host}:${port} to be free, received ${code ?? message}`,
      code === 'EADDRINUSE' ? 'choose another one, as in --port 8081' : undefined,
    );
  }
  const { port: taken } = app.server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
  log({ event: 'listening', url, models: store.names });
  return { url, models: store.names, close };
}

function logToStderr(line: LogLine): void {
  // What a file or a client is called may hold what controls a terminal.
  const text = JSON.stringify({ time: new Date().toISOString(), ...line });
  process.stderr.write(`${printable(text)}\n`);
}

function versionOf(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}
