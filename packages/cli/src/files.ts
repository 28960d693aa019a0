import { constants } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { createReadStream, fsync, type Stats, writeSync } from 'node:fs';
import { appendFile, lstat, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { BitgradError } from '@bitgrad/core';
import { leadsTo } from './leads-to.js';
import { memoryThere } from './memory.js';

/** Bytes that are read at a time. */
const PIECE = 2 ** 20;
/** And of smaller files. */
const SMALL = 2 ** 14;

/** A good name of a file for each option, for messages. */
const EXAMPLES: Readonly<Record<string, string>> = {
  out: 'model.safetensors',
  checkpoint: 'run.checkpoint',
  plot: 'report.html',
};

/** The most that a command reads whole of a file, in bytes, and of what may have no end: a pipe, a device. */
const LARGEST_FILE = constants.MAX_LENGTH;
const LONGEST_STREAM = 2 ** 28;

/**
 * Reads a whole file, or what comes out of a pipe, counting what is there rather than trusting what
 * the system says of its size.
 *
 * @param most bytes
 * @throws BitgradError with the system's reason if it cannot be read, or is larger
 */
export async function readFileBytes(path: string, most = LARGEST_FILE): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    const found = await stat(path);
    const limit = found.isFile() ? most : Math.min(most, LONGEST_STREAM);
    // What says that it is too large is not read to see it.
    const there = Math.min(limit, memoryThere());
    if (found.isFile() && found.size > there) {
      throw new BitgradError(`${path}: expected at most ${there} bytes, received ${found.size}`);
    }
    const highWaterMark = found.size < SMALL ? SMALL : PIECE;
    for await (const piece of createReadStream(path, { highWaterMark })) {
      bytes += (piece as Buffer).length;
      if (bytes > limit) {
        throw new BitgradError(`${path}: expected at most ${limit} bytes, received more`);
      }
      pieces.push(piece as Buffer);
    }
  } catch (error) {
    if (error instanceof BitgradError) throw error;
    throw new BitgradError(`${path}: ${reasonOf(error, 'cannot be read')}`);
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, bytes);
}

/** Reads a file that this program keeps in a folder of its own; null where there is none, or no regular one. */
export async function readOwnFile(path: string): Promise<Uint8Array | null> {
  const found = await statOf(path);
  return found?.isFile() === true ? readFileBytes(path).catch(() => null) : null;
}

/**
 * Makes sure, before hours of training, that a file can be written.
 *
 * @param option that named it
 * @returns where it really lies: a symbolic link keeps being one, and where it leads to nothing, the file is made there
 * @throws BitgradError if the folder is missing or not writable, something other than a file has that
 *   name, or links lead round in a circle
 */
export async function prepareOutput(path: string, option: string): Promise<string> {
  const target = await leadsTo(path);
  // By its own name: /dev/stdout is a link whose text leads nowhere where stdout is a pipe.
  const found = (await statOf(path)) ?? (await statOf(target));
  if (found === null && (await lstat(target).catch(() => null)) !== null) {
    throw new BitgradError(
      `--${option}: expected the name of a file, received ${path}, a link that leads round in a circle`,
    );
  }
  if (found !== null && !found.isFile()) {
    throw new BitgradError(
      `--${option}: expected the name of a file, received ${path}, which is ${found.isDirectory() ? 'a folder' : 'no regular file'}`,
      found.isDirectory() ? `for example --${option} ${join(path, EXAMPLES[option]!)}` : undefined,
    );
  }
  const folder = dirname(target);
  const parent = await statOf(folder);
  if (!parent?.isDirectory()) {
    throw new BitgradError(
      `--${option}: expected a folder that is there, received ${folder}`,
      'make the folder first, or choose another one',
    );
  }
  const probe = temporaryName(target);
  try {
    try {
      await (await open(probe, 'wx')).close();
    } finally {
      await rm(probe, { force: true });
    }
  } catch (error) {
    throw new BitgradError(`--${option}: ${folder}: ${reasonOf(error, 'cannot be written to')}`);
  }
  await removeLeftovers(target);
  return target;
}

/**
 * Makes a folder, and those above it, unless they are there.
 *
 * @param option that named it
 * @throws BitgradError with the system's reason if that fails
 */
export async function prepareFolder(path: string, option: string): Promise<void> {
  try {
    await makeFolder(path);
  } catch (error) {
    const isLost = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = isLost
      ? 'cannot be made (the system has no place there)'
      : reasonOf(error, 'cannot be made');
    throw new BitgradError(`--${option}: ${path}: ${reason}`);
  }
}

/** As `mkdir -p`. Node's own is without an end where the system lets nothing be made, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  await mkdir(path).catch(async (error: unknown) => {
    // Another process may have been faster.
    if (!(await isFolder(path))) throw error;
  });
}

export async function isFolder(path: string): Promise<boolean> {
  return (await statOf(path))?.isDirectory() === true;
}

function statOf(path: string): Promise<Stats | null> {
  return stat(path).catch(() => null);
}

/**
 * Replaces a file so that, whatever happens, there is either the old one or the whole new one: a
 * temporary file in the same folder is written, brought to the disk and renamed.
 *
 * @param prepared what `prepareOutput` gave, where that is a pattern of several files' names
 * @throws BitgradError with the system's reason if that fails; nothing stays behind
 */
export async function replaceFile(
  target: string,
  bytes: Uint8Array,
  prepared = target,
): Promise<void> {
  const temporary = temporaryName(prepared);
  written.add(temporary);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await sync(file.fd);
    } finally {
      await file.close();
    }
    await rename(temporary, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await removeIfAllowed(temporary);
    const isLost = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = isLost ? 'no such folder' : reasonOf(error, 'cannot be written');
    throw new BitgradError(`${target}: ${reason}`);
  } finally {
    written.delete(temporary);
  }
}

/** Brings a file to the disk, by its number: the handles of Yarn's Plug'n'Play cannot. */
const sync = promisify(fsync);

/** Brings a new name to the disk, where the system lets a folder be opened for that. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path).catch(() => null);
  if (folder !== null) await sync(folder.fd).catch(() => undefined);
  await folder?.close().catch(() => undefined);
}

/** A file that is written piece by piece, and takes its name only when it is whole. */
export interface Replacement {
  /** @throws BitgradError with the system's reason if that fails */
  write(bytes: Uint8Array | string): void;
  /** Brings the file to the disk and gives it its name. */
  commit(): Promise<void>;
  /** Removes what was written, if it was not committed. */
  discard(): Promise<void>;
}

/**
 * Begins to replace a file: until `commit`, the old one stays.
 *
 * @param target what `prepareOutput` gave
 */
export async function openReplacement(target: string): Promise<Replacement> {
  const temporary = temporaryName(target);
  const failed = (error: unknown) =>
    new BitgradError(`${target}: ${reasonOf(error, 'cannot be written')}`);
  const file = await open(temporary, 'wx').catch((error: unknown) => {
    throw failed(error);
  });
  written.add(temporary);
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await file.close();
    isOpen = false;
    written.delete(temporary);
  };
  return {
    // At once, so that what is read faster than it is written does not pile up.
    write(bytes) {
      try {
        const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
        for (let at = 0; at < all.length; ) at += writeSync(file.fd, all, at);
      } catch (error) {
        throw failed(error);
      }
    },
    async commit() {
      try {
        await sync(file.fd);
        await close();
        await rename(temporary, target);
      } catch (error) {
        throw failed(error);
      }
    },
    async discard() {
      await close();
      await removeIfAllowed(temporary);
    },
  };
}

/** @throws BitgradError with the system's reason if that fails */
export async function appendLine(path: string, line: string): Promise<void> {
  try {
    await appendFile(path, `${line}\n`);
  } catch (error) {
    throw new BitgradError(`${path}: ${reasonOf(error, 'cannot be written')}`);
  }
}

/** The temporary files that this process is writing. */
const written = new Set<string>();

/** Where that is not allowed (any more), it is not the error to tell; a later run clears up. */
async function removeIfAllowed(temporary: string): Promise<void> {
  await rm(temporary, { force: true }).catch(() => undefined);
}

/** A temporary file that was not written to for so long is nobody's, in milliseconds. */
const ABANDONED = 3_600_000;

function temporaryName(target: string): string {
  const unique = `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`;
  return join(dirname(target), `.${basename(target)}.${unique}.tmp`);
}

/** Removes what killed processes left of a file that they were writing. */
export async function removeLeftovers(target: string): Promise<void> {
  const start = `.${basename(target)}.`;
  await removeTemporary(dirname(target), (name) => name.startsWith(start) && start.length);
}

/** Removes what killed processes left in a folder, of files whose names have one dot. */
export async function clearFolder(folder: string): Promise<void> {
  await removeTemporary(folder, (name) => /^\.[^.]+\.[a-z]+\./.exec(name)?.[0].length ?? false);
}

/**
 * Removes temporary files of processes that were killed while writing: of this machine's, those that run
 * no more (or had this process's number, as the first of a container always has); of others', and where a
 * number was given again, those that nobody wrote to for long.
 *
 * @param lengthOf how many letters of a temporary file's name stand for the file's own
 */
async function removeTemporary(
  folder: string,
  lengthOf: (name: string) => number | false,
): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const length = lengthOf(name);
    const rest = length === false ? '' : name.slice(length);
    const [, machine, id] = /^(.*)-(\d+)-[0-9a-f]{8}\.tmp$/.exec(rest) ?? [];
    if (machine === undefined || written.has(path)) continue;
    const isGone = machine === hostname() && !isRunningElsewhere(Number(id));
    if (isGone || (await isAbandoned(path))) await removeIfAllowed(path);
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const found = await statOf(path);
  return found !== null && Date.now() - found.mtimeMs > ABANDONED;
}

function isRunningElsewhere(processId: number): boolean {
  if (processId === process.pid) return false;
  try {
    // Signal 0 only asks.
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function reasonOf(error: unknown, otherwise: string): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'no such file',
    EEXIST: `${otherwise} (a file has that name)`,
    EISDIR: 'expected a file, received a folder',
    EACCES: `${otherwise} (permission denied)`,
    ENOSPC: `${otherwise} (the disk is full)`,
    EROFS: `${otherwise} (read-only)`,
  };
  return words[code] ?? `${otherwise} (${code})`;
}
