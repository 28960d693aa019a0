import { randomUUID } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BitgradError } from '@bitgrad/core';
import { systemReason } from './files.js';

/** The most bytes that come out of a pipe: as many as a Parquet or CSV file of 1 GiB of inputs needs. */
const MOST_BYTES = 2 ** 32;

/**
 * Takes what comes out of a pipe down in a temporary file, which is read more than once, does
 * something with that, and removes it.
 *
 * @param path of a named pipe, or `-` for stdin
 * @param pieces what comes out, where that is read already
 * @throws BitgradError if too much comes out, and what `work` throws
 */
export async function withSpooled<Result>(
  path: string,
  work: (file: string) => Promise<Result>,
  pieces: AsyncIterable<Uint8Array> = path === '-' ? process.stdin : createReadStream(path),
): Promise<Result> {
  const copy = join(tmpdir(), `bitgrad-${randomUUID()}`);
  const stopWatching = removeAtSignals(copy);
  try {
    await spool(path, pieces, copy);
    return await work(copy);
  } catch (error) {
    throw error instanceof BitgradError ? inItsName(error, copy, path) : error;
  } finally {
    await rm(copy, { force: true });
    stopWatching();
  }
}

async function spool(path: string, pieces: AsyncIterable<Uint8Array>, copy: string): Promise<void> {
  const file = await open(copy, 'wx', 0o600);
  try {
    let bytes = 0;
    for await (const piece of pieces) {
      bytes += piece.length;
      if (bytes > MOST_BYTES) {
        throw new BitgradError(`${path}: expected at most ${MOST_BYTES} bytes, received more`);
      }
      await file.writeFile(piece);
    }
  } catch (error) {
    if (error instanceof BitgradError) throw error;
    throw new BitgradError(`${path}: cannot be read (${systemReason(error)})`);
  } finally {
    await file.close();
  }
}

/** Ends the process by a signal as if nobody heard it, but without leaving a file behind. */
function removeAtSignals(file: string): () => void {
  const stops = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((name) => {
    const hear = (): void => {
      rmSync(file, { force: true });
      stop();
      process.kill(process.pid, name);
    };
    const stop = (): void => {
      process.off(name, hear);
    };
    process.on(name, hear);
    return stop;
  });
  return () => {
    for (const stop of stops) stop();
  };
}

/** An error that speaks of the pipe, not of the file. */
function inItsName(error: BitgradError, copy: string, path: string): BitgradError {
  if (!error.message.includes(copy)) return error;
  return new BitgradError(error.message.replaceAll(copy, path), error.fix);
}
