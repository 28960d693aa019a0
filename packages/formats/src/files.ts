import { constants, type Stats } from 'node:fs';
import {
  type FileHandle,
  type FileReadResult,
  lstat,
  open,
  readdir,
  realpath,
  stat,
} from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { BitgradError } from '@bitgrad/core';

/** Bytes that are read at a time. */
const PIECE = 2 ** 18;

/**
 * Opens a regular file, or refuses what has no end or waits for somebody: named pipes, sockets and
 * devices.
 *
 * @throws BitgradError if it is anything else or cannot be opened, with the system's reason
 */
export async function openFile(path: string): Promise<FileHandle> {
  const named = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!named.isFile()) throw notRegular(path, named);
  // Should a named pipe have taken its place, opening does not wait for its writer.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
    (error: unknown) => {
      throw unreadable(path, error);
    },
  );
  const opened = await file.stat();
  if (opened.isFile()) return file;
  await file.close();
  throw notRegular(path, opened);
}

/**
 * Reads a regular file from its beginning, a piece at a time; the next one while whoever takes them is busy.
 *
 * @param areKept whether pieces stay as they are; else each only until the next but one is asked for, in memory that
 *   is used again: a large file's would have the engine look for garbage again and again
 * @throws BitgradError if it cannot be read, or becomes larger meanwhile
 */
export async function* readPieces(path: string, areKept = true): AsyncGenerator<Buffer> {
  const file = await openFile(path);
  try {
    const { size } = await file.stat();
    const memory: Buffer[] = [];
    const readFrom = (start: number): Promise<FileReadResult<Buffer>> => {
      // One byte more than there should be shows the end, or that there is more.
      const most = Math.min(PIECE, size - start + 1);
      // One is looked at, one may still be, and one is read into.
      const used = areKept || memory.length < 3 ? undefined : memory.shift();
      const buffer = used ?? Buffer.allocUnsafe(most);
      if (!areKept) memory.push(buffer);
      const reading = file.read(buffer, 0, most, start);
      // It may fail before it is awaited, or never be.
      reading.catch(() => undefined);
      return reading;
    };
    let ahead: ReturnType<typeof readFrom> | null = null;
    for (let done = 0; ; ) {
      const { bytesRead, buffer } = await (ahead ?? readFrom(done));
      if (bytesRead === 0) return;
      done += bytesRead;
      if (done > size) {
        throw new BitgradError(
          `${path}: expected a file of ${size} bytes, received more: it grows while it is read`,
          'Read it when it is written to its end.',
        );
      }
      // Whether there is more than there should be is only seen at the end.
      ahead = done < size ? readFrom(done) : null;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw error instanceof BitgradError ? error : unreadable(path, error);
  } finally {
    await file.close();
  }
}

/**
 * Reads a whole regular file.
 *
 * @param maximum the most bytes that it may have
 * @throws BitgradError if it is larger, grows, or cannot be read, with the system's reason
 */
export async function readBytes(path: string, maximum: number): Promise<Uint8Array> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (size > maximum) {
    throw new BitgradError(`${path}: expected at most ${maximum} bytes, received ${size}`);
  }
  const pieces: Buffer[] = [];
  for await (const piece of readPieces(path)) pieces.push(piece);
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

/** What is in a folder, in the order of the names; what is hidden is left aside. */
export interface FolderList {
  readonly folders: readonly string[];
  readonly files: readonly string[];
  /** Those of both that may be links. */
  readonly links: readonly string[];
}

/**
 * Lists a folder. Links are what they lead to.
 *
 * @throws BitgradError if it cannot be read
 */
export async function listFolder(folder: string): Promise<FolderList> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new BitgradError(
      `${folder}: expected a folder, received none that can be read (${systemReason(error)})`,
    );
  });
  const folders: string[] = [];
  const files: string[] = [];
  const links: string[] = [];
  for (const entry of entries) {
    const { name } = entry;
    if (name.startsWith('.')) continue;
    const isFolder =
      entry.isDirectory() ||
      (entry.isSymbolicLink() &&
        (await stat(join(folder, name)).catch(() => null))?.isDirectory() === true);
    (isFolder ? folders : files).push(name);
    if (!entry.isFile() && !entry.isDirectory()) links.push(name);
  }
  return { folders: folders.sort(), files: files.sort(), links };
}

/**
 * Makes sure that what is to be read of a data set's folder lies in it: a folder from elsewhere could
 * otherwise have any file of this machine read.
 *
 * @param paths in the folder, or in folders in it
 * @throws BitgradError at the first that is a link that leads out
 */
export async function checkInside(paths: readonly string[], folder: string): Promise<void> {
  let root: string | undefined;
  for (const path of paths) {
    const named = await lstat(path).catch((error: unknown) => {
      throw unreadable(path, error);
    });
    if (!named.isSymbolicLink()) continue;
    root ??= await realpath(folder);
    const real = await realpath(path).catch((error: unknown) => {
      throw unreadable(path, error);
    });
    const way = relative(root, real);
    if (way !== '..' && !way.startsWith(`..${sep}`) && way !== real) continue;
    throw new BitgradError(
      `${path}: expected a file or folder in ${folder}, received a link that leads out of it`,
      'Put the file itself there.',
    );
  }
}

function notRegular(path: string, found: Stats): BitgradError {
  const kinds: readonly (readonly [boolean, string])[] = [
    [found.isDirectory(), 'a folder'],
    [found.isFIFO(), 'a named pipe'],
    [found.isSocket(), 'a socket'],
  ];
  const [, received] = kinds.find(([isIt]) => isIt) ?? [true, 'a device'];
  return new BitgradError(`${path}: expected a regular file, received ${received}`);
}

function unreadable(path: string, error: unknown): BitgradError {
  return new BitgradError(`${path}: cannot be read (${systemReason(error)})`);
}

/** The system's own code for an error, as `ENOENT`. */
export function systemReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
