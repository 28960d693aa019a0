import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync, rmSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BitgradError } from '@bitgrad/core';
import { systemReason } from './files.js';

/** The most bytes that come out of a pipe: as many as a Parquet or CSV file of 1 GiB of inputs needs. */
const MOST_BYTES = 2 ** 32;

/** Where Linux has what a process has open, also what has no name any more. */
const OPEN_FILES = '/proc/self/fd';

/**
 * Takes what comes out of a pipe down in a temporary file, which is read more than once, does
 * something with that, and removes it.
 *
 * @param path of a named pipe, or `-` for stdin
 * @param pieces what comes out, where that is read already
 * @throws BitgradError if too much comes out or it cannot be kept, and what `work` throws
 */
export async function withSpooled<Result>(
  path: string,
  work: (file: string) => Promise<Result>,
  pieces: AsyncIterable<Uint8Array> = path === '-' ? process.stdin : createReadStream(path),
): Promise<Result> {
  const copy = join(tmpdir(), `bitgrad-${randomUUID()}`);
  const { file, place } = await openCopy(copy).catch((error: unknown) => {
    throw notKept(path, error);
  });
  const stopWatching = place === copy ? removeAtSignals(copy) : null;
  try {
    await spool(path, pieces, file);
    return await work(place);
  } catch (error) {
    throw error instanceof BitgradError ? inItsName(error, place, path) : error;
  } finally {
    await file.close();
    await rm(copy, { force: true });
    stopWatching?.();
  }
}

/**
 * Opens a file for what is read, one without a name where that can be found: it is gone with the process, whatever ends it.
 *
 * @param isFound whether the system shows what a process has open
 */
export async function openCopy(
  copy: string,
  isFound: (place: string) => boolean = existsSync,
): Promise<{ file: FileHandle; place: string }> {
  const file = await open(copy, 'wx', 0o600);
  const place = `${OPEN_FILES}/${file.fd}`;
  if (!isFound(place)) return { file, place: copy };
  await rm(copy);
  if (isFound(place)) return { file, place };
  // Of some systems that do as Linux does, only what has a name is found there.
  await file.close();
  return { file: await open(copy, 'wx', 0o600), place: copy };
}

async function spool(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  file: FileHandle,
): Promise<void> {
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      bytes += piece.length;
      if (bytes > MOST_BYTES) {
        throw new BitgradError(`${path}: expected at most ${MOST_BYTES} bytes, received more`);
      }
      await file.writeFile(piece).catch((error: unknown) => {
        throw notKept(path, error);
      });
    }
  } catch (error) {
    if (error instanceof BitgradError) throw error;
    throw new BitgradError(`${path}: cannot be read (${systemReason(error)})`);
  }
}

function notKept(path: string, error: unknown): BitgradError {
  return new BitgradError(
    `${path}: expected a folder for temporary files that takes what is read, received ${systemReason(error)} in ${tmpdir()}`,
    `give it space, or name another folder in ${process.platform === 'win32' ? 'TEMP' : 'TMPDIR'}`,
  );
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
