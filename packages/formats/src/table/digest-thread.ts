import { availableParallelism, endianness } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { DigestMeanwhile } from './digest.js';

/** Is told the memory, then how many bytes of it are there, then what follows them; and answers the last. */
const SOURCE = `
const { parentPort: port } = require('node:worker_threads');
const hash = require('node:crypto').createHash('sha256');
let bytes, done = 0;
port.on('message', ({ memory, end, rest }) => {
  if (memory) bytes = new Uint8Array(memory);
  if (end) hash.update(bytes.subarray(done, end)), (done = end);
  if (rest) port.postMessage(hash.update(rest).digest('hex'));
});
`;

/** Starts a thread that takes the digest of samples while they are made; null where it would have no processor of its own. */
export function startDigest(): DigestMeanwhile | null {
  if (availableParallelism() < 2 || endianness() !== 'LE') return null;
  try {
    return new DigestThread();
  } catch {
    return null;
  }
}

class DigestThread implements DigestMeanwhile {
  private readonly worker: Worker;
  private state: 'starting' | 'at work' | 'ended' = 'starting';
  private tell: (digest: string | undefined) => void = () => undefined;

  constructor() {
    // Without the process's own options: a preload is meant for the program.
    this.worker = new Worker(SOURCE, { eval: true, execArgv: [] });
    this.worker.unref();
    this.worker.on('online', () => {
      this.state = 'at work';
    });
    for (const event of ['error', 'exit'] as const) {
      this.worker.on(event, () => {
        this.state = 'ended';
        this.tell(undefined);
      });
    }
    this.worker.on('message', (digest: string) => this.tell(digest));
  }

  makeInputs(length: number): Float32Array {
    const memory = new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT);
    this.worker.postMessage({ memory });
    return new Float32Array(memory);
  }

  take(filled: number): void {
    this.worker.postMessage({ end: filled * Float32Array.BYTES_PER_ELEMENT });
  }

  async finish({
    buffer,
    byteOffset,
    byteLength,
  }: Uint32Array | Float32Array): Promise<string | undefined> {
    // Waiting for a thread that has not even started would take longer than doing without.
    if (this.state !== 'at work') return undefined;
    this.worker.ref();
    const digest = new Promise<string | undefined>((resolve) => {
      this.tell = resolve;
    });
    this.worker.postMessage({ rest: new Uint8Array(buffer, byteOffset, byteLength) });
    return await digest;
  }

  stop(): void {
    void this.worker.terminate();
  }
}
