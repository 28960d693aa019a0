import { resolve } from 'node:path';
import { show } from '@bitgrad/core';
import { parseInteger } from '../arguments.js';
import { prepareFolder, prepareOutput } from '../files.js';
import { UsageError } from '../usage-error.js';

/** Where a training's results go, as the caller named the places. */
export interface OutputRequest {
  readonly out: string;
  readonly checkpoint: string | undefined;
  /** Epochs between two checkpoints. */
  readonly checkpointEvery: number;
  readonly log: string | undefined;
}

/** The same places, known to be writable. */
export interface Outputs extends OutputRequest {
  readonly outTarget: string;
  readonly checkpointTarget: string | undefined;
}

/**
 * Reads the options that name files.
 *
 * @throws UsageError for a wrong value, or where the two files are one
 */
export function outputsOf(
  textFor: (option: string) => string | undefined,
  whereIs: (option: string) => string,
): OutputRequest {
  const out = textFor('out') ?? 'model.safetensors';
  const checkpoint = textFor('checkpoint');
  const every = textFor('checkpoint-every');
  const checkpointEvery = every === undefined ? 1 : parseInteger(every);
  if (checkpointEvery === undefined || checkpointEvery < 1) {
    throw new UsageError(
      `${whereIs('checkpoint-every')}: expected an integer of at least 1, received ${checkpointEvery ?? show(every)}`,
    );
  }
  if (every !== undefined && checkpoint === undefined) {
    throw new UsageError(
      `${whereIs('checkpoint-every')}: expected --checkpoint too, received none`,
      'say where to save, as in --checkpoint run.checkpoint',
    );
  }
  if (checkpoint !== undefined && resolve(checkpoint) === resolve(out)) {
    throw new UsageError(
      `${whereIs('checkpoint')}: expected another file than ${whereIs('out')}, received ${checkpoint}`,
    );
  }
  return { out, checkpoint, checkpointEvery, log: textFor('log') };
}

/** @throws BitgradError if one of the files cannot be written */
export async function prepareOutputs(request: OutputRequest): Promise<Outputs> {
  const { out, checkpoint, log } = request;
  if (log !== undefined) await prepareFolder(log, 'log');
  return {
    ...request,
    outTarget: await prepareOutput(out, 'out'),
    checkpointTarget:
      checkpoint === undefined ? undefined : await prepareOutput(checkpoint, 'checkpoint'),
  };
}
