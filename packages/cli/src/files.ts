import { randomBytes } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { BitgradError } from '@bitgrad/core';

/** @throws BitgradError with the system's reason if a file cannot be read */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new BitgradError(`${path}: ${reasonOf(error, 'cannot be read')}`);
  }
}

/**
 * Makes sure, before hours of training, that a file can be written.
 *
 * @returns where it really lies: a symbolic link keeps being one
 * @throws BitgradError if the folder is missing or not writable, or something other than a file
 *   has that name
 */
export async function prepareOutput(path: string): Promise<string> {
  const target = await realpath(path).catch(() => resolve(path));
  const found = await stat(target).catch(() => null);
  if (found !== null && !found.isFile()) {
    throw new BitgradError(
      `--out: expected the name of a file, received ${path}, which is ${found.isDirectory() ? 'a folder' : 'no regular file'}`,
      found.isDirectory() ? `for example --out ${join(path, 'model.safetensors')}` : undefined,
    );
  }
  const folder = dirname(target);
  const parent = await stat(folder).catch(() => null);
  if (!parent?.isDirectory()) {
    throw new BitgradError(
      `--out: expected a folder that is there, received ${folder}`,
      'make the folder first, or choose another one',
    );
  }
  const probe = temporaryName(target);
  try {
    await (await open(probe, 'wx')).close();
    await rm(probe);
  } catch (error) {
    throw new BitgradError(`--out: ${folder}: ${reasonOf(error, 'cannot be written to')}`);
  }
  return target;
}

/**
 * Replaces a file so that, whatever happens, there is either the old one or the whole new one: a
 * temporary file in the same folder is written, brought to the disk and renamed.
 *
 * @throws BitgradError with the system's reason if that fails; nothing stays behind
 */
export async function replaceFile(target: string, bytes: Uint8Array): Promise<void> {
  const temporary = temporaryName(target);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new BitgradError(`${target}: ${reasonOf(error, 'cannot be written')}`);
  }
}

function temporaryName(target: string): string {
  const unique = `${process.pid}-${randomBytes(4).toString('hex')}`;
  return join(dirname(target), `.${basename(target)}.${unique}.tmp`);
}

function reasonOf(error: unknown, otherwise: string): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'no such file',
    EISDIR: 'expected a file, received a folder',
    EACCES: `${otherwise} (permission denied)`,
    ENOSPC: `${otherwise} (the disk is full)`,
    EROFS: `${otherwise} (read-only)`,
  };
  return words[code] ?? `${otherwise} (${code})`;
}
