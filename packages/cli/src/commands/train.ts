import { basename } from 'node:path';
import {
  AbortedError,
  type Dataset,
  type EpochReport,
  encodeModel,
  memoryNeeded,
  type Recipe,
  type TrainOptions,
  train,
} from '@bitgrad/core';
import { chooseBackend } from '../backends.js';
import type { Command } from '../command.js';
import { loadData } from '../data-options.js';
import type { Finish } from '../display/display.js';
import { humanDisplay } from '../display/human-display.js';
import { jsonDisplay } from '../display/json-display.js';
import { replaceFile } from '../files.js';
import { checkMemory } from '../memory.js';
import { note } from '../output.js';
import { endEvent, epochEvent, startEvent } from '../train/events.js';
import { type Fitted, fitRecipe } from '../train/fit-recipe.js';
import { crossValidate } from '../train/folds.js';
import { TRAIN_EPILOGUE, TRAIN_EXAMPLES, TRAIN_OPTIONS } from '../train/help.js';
import { InterruptedTrainingError } from '../train/interrupted.js';
import { keepOld } from '../train/keep-model.js';
import { prepareOutputs } from '../train/outputs.js';
import { drawPlot } from '../train/plot.js';
import { readRequest, type TrainingRequest } from '../train/request.js';
import { openRunLog } from '../train/run-log.js';
import { makeSaver, type Saver } from '../train/saver.js';
import { installedVersions } from '../versions.js';

/** `bitgrad train`. */
export const trainCommand: Command = {
  positionals: { file: 'the data, as --data has them' },
  options: TRAIN_OPTIONS,
  examples: TRAIN_EXAMPLES,
  epilogue: TRAIN_EPILOGUE,

  async run(argv, { signal, heedSignals, json }) {
    const request = await readRequest(argv);
    const { data, checkpoint } = request;
    const outputs = await prepareOutputs(request.outputs);
    const choice = await chooseBackend(request.backend, request.threads, request.isa);
    const dataset = await loadData(data, request.loadOptions);
    const recipeOf = (fold: string): Recipe => fitted(request, dataset, { fold }).recipe;
    const { recipe, notes } = checkpoint
      ? { recipe: checkpoint.recipe, notes: [] }
      : fitted(request, dataset, request.folds === null ? {} : { fold: `1/${request.folds}` });
    for (const line of notes) note(`note: ${line}`);
    if (request.folds !== null) {
      const { backend } = choice;
      const { folds } = request;
      await crossValidate({ request, folds, dataset, backend, signal, json, recipeOf }).catch(
        (error: unknown) => {
          throw request.explain(error);
        },
      );
      return true;
    }
    checkMemoryFor(recipe, dataset, request);
    const display = json ? jsonDisplay() : await humanDisplay();
    const log = outputs.log === undefined ? null : openRunLog(outputs.log, recipe.name);
    const saver = makeSaver(outputs, dataWords(request));
    const epochs: EpochReport[] = [];
    const options: TrainOptions = {
      recipe,
      dataset,
      backend: choice.backend,
      checkpoint,
      start: request.start,
      signal,
      async onStart(report) {
        heedSignals(() => saver.sayGoodbye());
        display.start(report, choice);
        await log?.write(startEvent(report, choice));
      },
      onProgress: (progress) => display.progress(progress),
      async onEpoch(report, training) {
        epochs.push(report);
        await saver.epoch(training);
        display.epoch(report);
        await log?.write(epochEvent(report));
      },
      onAbort: (training) => saver.abort(training),
    };
    const model = await train(options)
      .catch((error: unknown) => {
        throw error instanceof AbortedError ? interrupted(saver) : request.explain(error);
      })
      .finally(() => display.close());
    const run = { ...model.run, versions: installedVersions() };
    const bytes = encodeModel({ ...model, run });
    if (signal.aborted) throw interrupted(saver);
    const kept = request.outputs.isOutNamed ? null : await keepOld(outputs.outTarget);
    if (kept !== null) note(`note: the ${outputs.out} that was there is ${basename(kept)} now`);
    await replaceFile(outputs.outTarget, bytes);
    heedSignals();
    const { out, plot, plotTarget } = outputs;
    if (plot !== undefined && plotTarget !== undefined) {
      const { backend } = choice;
      const report = await drawPlot({ file: plot, model, epochs, dataset, backend, signal });
      await replaceFile(plotTarget, new TextEncoder().encode(report));
    }
    const { metricNames } = request;
    const finish: Finish = { model, out, bytes: bytes.length, data, plot, metricNames };
    await log?.write(endEvent(finish));
    display.finish(finish);
    return true;
  },
};

/** @throws UsageError or BitgradError if the recipe does not fit the data, or needs more than there is */
function checkMemoryFor(recipe: Recipe, dataset: Dataset, { explain }: TrainingRequest): void {
  try {
    checkMemory(memoryNeeded(recipe, dataset));
  } catch (error) {
    throw explain(error);
  }
}

function fitted(
  { base, changes, explain }: TrainingRequest,
  dataset: Dataset,
  more: Partial<Recipe>,
): Fitted {
  try {
    return fitRecipe(base, { ...changes, ...more }, dataset);
  } catch (error) {
    throw explain(error);
  }
}

/** The options that say which data. */
function dataWords({ data, loadOptions: { label } }: TrainingRequest): string[] {
  return [
    ...(data === 'mnist' ? [] : ['--data', data]),
    ...(label === undefined ? [] : ['--label', String(label)]),
  ];
}

function interrupted(saver: Saver): InterruptedTrainingError {
  const { message, fix } = saver.outcome();
  return new InterruptedTrainingError(message, fix);
}
