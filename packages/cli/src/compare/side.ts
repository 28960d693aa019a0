import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BitgradError, type Checkpoint, type Told, taskOf } from '@bitgrad/core';
import type { LoadOptions } from '@bitgrad/formats';
import { labelOf, loadOptionsOf } from '../data-options.js';
import { isFolder } from '../files.js';
import { readModel } from '../model-file.js';
import { readAs, readCheckpoint } from '../train/resume.js';

/** One of two trainings, as far as its files tell. */
export interface Side {
  readonly path: string;
  readonly told: Told;
  /** How its data are loaded. */
  readonly loadOptions: (label: string | undefined) => LoadOptions;
  /** The checkpoint after so many epochs, or null where there is none. */
  checkpointAfter(epoch: number): Promise<Checkpoint | null>;
}

/**
 * Reads a model file, a checkpoint, or a folder of checkpoints (`….checkpoint`).
 *
 * @throws BitgradError if it is none of them
 */
export async function readSide(path: string): Promise<Side> {
  if (await isFolder(path)) return folderSide(path);
  const checkpoint = await readCheckpoint(path).catch(() => null);
  if (checkpoint) return sideOf(path, new Map([[checkpoint.epochs.length, path]]), checkpoint);
  const { model } = await readModel(path);
  return {
    path,
    told: model.receipt,
    loadOptions: (label) => loadOptionsOf(model, label),
    checkpointAfter: async () => null,
  };
}

async function folderSide(path: string): Promise<Side> {
  const names = (await readdir(path)).filter((name) => name.endsWith('.checkpoint')).sort();
  const files = new Map<number, string>();
  let longest: Checkpoint | null = null;
  for (const name of names) {
    const checkpoint = await readCheckpoint(join(path, name));
    files.set(checkpoint.epochs.length, join(path, name));
    if (longest === null || checkpoint.epochs.length > longest.epochs.length) longest = checkpoint;
  }
  if (longest) return sideOf(path, files, longest);
  throw new BitgradError(
    `${path}: expected checkpoints (files that end in .checkpoint), received none`,
  );
}

function sideOf(path: string, files: ReadonlyMap<number, string>, last: Checkpoint): Side {
  return {
    path,
    told: last,
    loadOptions: (label) => ({
      label: labelOf(label),
      ...readAs(last),
      modelImageSize: last.dataset.image ?? undefined,
      task: taskOf(last.recipe),
    }),
    checkpointAfter: async (epoch) => {
      const file = files.get(epoch);
      return file === undefined ? null : readCheckpoint(file);
    },
  };
}
