import {
  AbortedError,
  encodeModel,
  type RunRecord,
  type TrainedModel,
  type TrainOptions,
  train,
} from '@bitgrad/core';
import { loadDataset } from '@bitgrad/formats';
import { type Choice, chooseBackend } from '../backends.js';
import type { Command } from '../command.js';
import type { Finish } from '../display/display.js';
import { humanDisplay } from '../display/human-display.js';
import { jsonDisplay } from '../display/json-display.js';
import { replaceFile } from '../files.js';
import { note } from '../output.js';
import { endEvent, epochEvent, startEvent } from '../train/events.js';
import { fitRecipe } from '../train/fit-recipe.js';
import { TRAIN_EPILOGUE, TRAIN_EXAMPLES, TRAIN_OPTIONS } from '../train/help.js';
import { prepareOutputs } from '../train/outputs.js';
import { readRequest, type TrainingRequest } from '../train/request.js';
import { openRunLog } from '../train/run-log.js';
import { InterruptedTrainingError, makeSaver, type Saver } from '../train/saver.js';
import { installedVersions } from '../versions.js';

/** `bitgrad train`. */
export const trainCommand: Command = {
  usage: 'train',
  summary: 'train a network by a recipe; write the model file',
  options: TRAIN_OPTIONS,
  examples: TRAIN_EXAMPLES,
  epilogue: TRAIN_EPILOGUE,

  async run(argv, { signal, json }) {
    const request = await readRequest(argv);
    const { data, checkpoint } = request;
    const outputs = await prepareOutputs(request.outputs);
    const choice = await chooseBackend(request.backend, request.threads, request.isa);
    const dataset = await loadDataset(data, request.loadOptions);
    const { recipe, notes } = checkpoint
      ? { recipe: checkpoint.recipe, notes: [] }
      : fitRecipe(request.recipe, request.given, dataset);
    for (const line of notes) note(`note: ${line}`);
    const display = json ? jsonDisplay() : humanDisplay();
    const log = outputs.log === undefined ? null : openRunLog(outputs.log, recipe.name);
    const saver = makeSaver(outputs, dataWords(request));
    const options: TrainOptions = {
      recipe,
      dataset,
      backend: choice.backend,
      checkpoint,
      signal,
      async onStart(report) {
        display.start(report, choice);
        await log?.write(startEvent(report, choice));
      },
      onProgress: (progress) => display.progress(progress),
      async onEpoch(report, training) {
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
    const bytes = encodeModel({ ...model, run: runRecord(choice, model) });
    if (signal.aborted) throw interrupted(saver);
    await replaceFile(outputs.outTarget, bytes);
    const finish: Finish = { model, out: outputs.out, bytes: bytes.length, data };
    await log?.write(endEvent(finish));
    display.finish(finish);
    return true;
  },
};

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

function runRecord(
  { backend }: Choice,
  { trainSeconds, samplesPerSecond }: TrainedModel,
): RunRecord {
  return {
    versions: installedVersions(),
    backend: backend.name,
    isa: backend.isa,
    threads: backend.threads,
    trainSeconds,
    samplesPerSecond,
    finishedAt: new Date().toISOString(),
  };
}
