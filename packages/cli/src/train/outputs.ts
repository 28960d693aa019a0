import { dirname, join } from 'node:path';
import { show } from '@bitgrad/core';
import { parseInteger } from '../arguments.js';
import { prepareFolder, prepareOutput } from '../files.js';
import { EPOCH, keepInputs, type NamedFile } from '../keep-inputs.js';
import { UsageError } from '../usage-error.js';
import { checkPlotName } from './plot.js';

/** Where a training's results go, as the caller named the places. */
export interface OutputRequest {
  readonly out: string;
  /** Whether somebody named it: else a model that is there is kept. */
  readonly isOutNamed: boolean;
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
 * @throws UsageError for a wrong value
 */
export function outputsOf(
  textFor: (option: string) => string | undefined,
  whereIs: (option: string) => string,
): OutputRequest {
  const named = textFor('out');
  const out = named ?? 'model.safetensors';
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
  if (checkpoint !== undefined && dirname(checkpoint).includes(EPOCH)) {
    throw new UsageError(
      `${whereIs('checkpoint')}: expected ${EPOCH} in the file's own name, received ${checkpoint}`,
      `as in ${join(dirname(checkpoint).replaceAll(EPOCH, ''), `run-${EPOCH}.checkpoint`)}`,
    );
  }
  const isOutNamed = named !== undefined;
  return { out, isOutNamed, checkpoint, checkpointEvery, log: textFor('log'), plot };
}

/**
 * Makes sure that a training writes no file twice, nor one that it reads; but the checkpoint that it
 * goes on from may be replaced by those that follow.
 *
 * @param read the files that are read, by option; undefined for what was not given
 * @throws UsageError that names both options
 */
export async function checkFiles(
  { out, checkpoint, plot }: OutputRequest,
  read: Readonly<Record<string, string | undefined>>,
  whereIs: (option: string) => string,
): Promise<void> {
  const named = (files: Readonly<Record<string, string | undefined>>): NamedFile[] =>
    Object.entries(files).flatMap(([option, path]) =>
      path === undefined
        ? []
        : [
            {
              where: whereIs(option),
              path,
              replaces: option === 'checkpoint' ? whereIs('resume') : undefined,
            },
          ],
    );
  await keepInputs(named({ out, checkpoint, plot }), named(read));
}

/** For those who write nothing, because another does. */
export function noOutputs({ out, isOutNamed, checkpointEvery }: OutputRequest): Outputs {
  return {
    out,
    isOutNamed,
    checkpointEvery,
    checkpoint: undefined,
    log: undefined,
    plot: undefined,
    outTarget: out,
    checkpointTarget: undefined,
    plotTarget: undefined,
  };
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
