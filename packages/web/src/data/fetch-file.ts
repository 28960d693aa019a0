import { BitgradError, sha256 } from '@bitgrad/core';
import type { PackedFile } from './manifest.js';

/** Files are named by their contents, so what is cached never goes stale. */
const CACHE_NAME = 'bitgrad-data';

/**
 * Fetches a file of the pack, from the cache where it is there, decompresses it and checks it.
 *
 * @param onBytes called with the number of compressed bytes received so far
 * @throws BitgradError if the network fails or the contents are not what they should be
 */
export async function fetchFile(
  file: PackedFile,
  folder: string,
  onBytes: (bytes: number) => void,
): Promise<Uint8Array> {
  const url = new URL(file.file, folder).href;
  const cache = await openCache();
  const cached = await cache?.match(url);
  if (cached) {
    const content = await inflate(cached, onBytes).catch(() => null);
    if (content !== null && (await isWhole(content, file))) return content;
    await cache?.delete(url);
  }
  const response = await download(url);
  // The cache stores a copy as it passes; a full disk must not keep anybody from learning.
  const stored = cache?.put(url, response.clone()).catch(() => undefined);
  const content = await inflate(response, onBytes).catch(() => {
    throw new BitgradError(`${file.file}: the download broke off${sayOffline()}`, RETRY);
  });
  await stored;
  if (await isWhole(content, file)) return content;
  await cache?.delete(url);
  throw new BitgradError(
    `${file.file}: expected ${file.contentBytes} bytes with SHA-256 ${file.sha256}, received other ones`,
    RETRY,
  );
}

/** Fetches and parses a small JSON file. */
export async function fetchJson(url: string): Promise<unknown> {
  return (await download(url)).json();
}

const RETRY = 'Check the connection and try again.';

async function download(url: string): Promise<Response> {
  // Each browser has words of its own for it, and none of them help.
  const response = await fetch(url).catch(() => {
    throw new BitgradError(`the data could not be fetched${sayOffline()}`, RETRY);
  });
  if (response.ok && response.body !== null) return response;
  throw new BitgradError(`${new URL(url).pathname}: the server answered ${response.status}`, RETRY);
}

function sayOffline(): string {
  return globalThis.navigator?.onLine === false ? ': this device is offline' : '';
}

async function openCache(): Promise<Cache | undefined> {
  try {
    return await globalThis.caches?.open(CACHE_NAME);
  } catch {
    // Private windows may have none.
    return undefined;
  }
}

async function inflate(response: Response, onBytes: (bytes: number) => void): Promise<Uint8Array> {
  let received = 0;
  const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      received += chunk.length;
      onBytes(received);
      controller.enqueue(chunk);
    },
  });
  const body = response.body!.pipeThrough(counter).pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(body).arrayBuffer());
}

async function isWhole(content: Uint8Array, file: PackedFile): Promise<boolean> {
  return content.length === file.contentBytes && (await sha256(content)) === file.sha256;
}
