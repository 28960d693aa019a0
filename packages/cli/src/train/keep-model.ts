import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { BitgradError } from '@bitgrad/core';

const MOST_KEPT = 10_000;

/**
 * Gives a file another name before a new one takes its own: `model.safetensors` becomes
 * `model-1.safetensors`, or the first of `model-2`, … that is not there.
 *
 * @returns the name that the old file has now, or null if there was none
 * @throws BitgradError if it cannot be renamed
 */
export async function keepOld(target: string): Promise<string | null> {
  if (!existsSync(target)) return null;
  const ending = extname(target);
  const names = Array.from({ length: MOST_KEPT }, (_, at) =>
    join(dirname(target), `${basename(target, ending)}-${at + 1}${ending}`),
  );
  const kept = names.find((name) => !existsSync(name));
  const fix = 'say where the new one goes, as in --out new.safetensors';
  if (kept === undefined) {
    throw new BitgradError(`${target}: expected fewer than ${MOST_KEPT} models beside it`, fix);
  }
  try {
    await rename(target, kept);
  } catch (error) {
    throw new BitgradError(`${target}: cannot be renamed (${(error as Error).message})`, fix);
  }
  return kept;
}
