import { resolve } from 'node:path';
import { show } from '@bitgrad/core';
import { parseInteger } from '../arguments.js';
import { prepareFolder, prepareOutput } from '../files.js';
import { UsageError } from '../usage-error.js';
import { checkPlotName } from './plot.js';

/** Where a training's results go, as the caller named the places. */
export interface OutputRequest {
  readonly out: string;
  readonly checkpoint: string | undefined;
  /** Epochs between two checkpoints. */
  readonly checkpointEvery: number;
  readonly log: string | undefined;
  readonly plot: string | undefined;
}

/** The same places, known to be writable. */
export interface Outputs extends OutputRequest {
  readonly outTarget: string;
  readonly checkpointTarget: string | undefined;
  readonly plotTarget: string | undefined;
}

/**
 * Reads the options that name files.
 *
 * @throws UsageError for a wrong value, or where two files are one
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
  const plot = textFor('plot');
  if (plot !== undefined) checkPlotName(plot, whereIs('plot'));
  checkDistinct({ out, checkpoint, plot }, whereIs);
  return { out, checkpoint, checkpointEvery, log: textFor('log'), plot };
}

function checkDistinct(
  files: Readonly<Record<string, string | undefined>>,
  whereIs: (option: string) => string,
): void {
  const seen = new Map<string, string>();
  for (const [option, file] of Object.entries(files)) {
    if (file === undefined) continue;
    const other = seen.get(resolve(file));
    if (other !== undefined) {
      throw new UsageError(
        `${whereIs(option)}: expected another file than ${whereIs(other)}, received ${file}`,
      );
    }
    seen.set(resolve(file), option);
  }
}

/** @throws BitgradError if one of the files cannot be written */
export async function prepareOutputs(request: OutputRequest): Promise<Outputs> {
  const { out, checkpoint, log, plot } = request;
  if (log !== undefined) await prepareFolder(log, 'log');
  return {
    ...request,
    outTarget: await prepareOutput(out, 'out'),
    checkpointTarget:
      checkpoint === undefined ? undefined : await prepareOutput(checkpoint, 'checkpoint'),
    plotTarget: plot === undefined ? undefined : await prepareOutput(plot, 'plot'),
  };
}
