import type { Message } from './worker.js';
import { workerSource } from './worker-source.js';

/** A worker, whichever way the engine has of making one. */
export interface TeamWorker {
  tell(message: Message): void;
  end(): void;
}

/** What Node, Bun and Deno offer beside the web's `Worker`: one that keeps no process alive. */
interface NodeWorkers {
  readonly Worker: new (
    source: string,
    options: { readonly eval: true; readonly execArgv: readonly string[] },
  ) => {
    once(event: 'message' | 'error' | 'exit', listener: (value: unknown) => void): void;
    postMessage(message: Message): void;
    unref(): void;
    terminate(): unknown;
  };
}

interface Host {
  readonly process?: { getBuiltinModule?(name: 'node:worker_threads'): NodeWorkers | undefined };
}

/**
 * Starts a worker and tells it the first message.
 *
 * @param onEnd told why it ended, if it does by itself
 * @returns once it has answered
 */
export async function startWorker(
  first: Message,
  onEnd: (reason: string) => void,
): Promise<TeamWorker> {
  const node = (globalThis as Host).process?.getBuiltinModule?.('node:worker_threads');
  return node ? startInNode(node, first, onEnd) : startOnPage(first, onEnd);
}

function startInNode(
  { Worker }: NodeWorkers,
  first: Message,
  onEnd: (reason: string) => void,
): Promise<TeamWorker> {
  const port = "const port = process.getBuiltinModule('node:worker_threads').parentPort;";
  // Without the process's own options: a preload is meant for the program.
  const worker = new Worker(`${port}\n${workerSource}`, { eval: true, execArgv: [] });
  return new Promise((resolve, reject) => {
    const ended = (reason: string): void => {
      onEnd(reason);
      reject(new Error(reason));
    };
    worker.once('error', (error) => ended(String(error)));
    worker.once('exit', () => ended('a worker ended'));
    worker.once('message', () => {
      worker.unref();
      resolve({ tell: (message) => worker.postMessage(message), end: () => worker.terminate() });
    });
    worker.postMessage(first);
  });
}

function startOnPage(first: Message, onEnd: (reason: string) => void): Promise<TeamWorker> {
  const text = new Blob([`const port = globalThis;\n${workerSource}`], { type: 'text/javascript' });
  const url = URL.createObjectURL(text);
  const started = new Promise<TeamWorker>((resolve, reject) => {
    const worker = new Worker(url, { type: 'module' });
    worker.onerror = ({ message }) => {
      const reason = message || 'a worker could not be started';
      onEnd(reason);
      reject(new Error(reason));
    };
    worker.onmessage = () => {
      resolve({ tell: (message) => worker.postMessage(message), end: () => worker.terminate() });
    };
    worker.postMessage(first);
  });
  return started.finally(() => URL.revokeObjectURL(url));
}
