import { basename } from 'node:path';
import {
  AbortedError,
  type Dataset,
  type EpochReport,
  encodeModel,
  memoryNeeded,
  type Recipe,
  shareDataset,
  type TrainOptions,
  together,
  train,
} from '@bitgrad/core';
import type { MpiRanks } from '@bitgrad/mpi';
import { hasLongSteps } from '../at-once.js';
import { type Choice, chooseBackend } from '../backends.js';
import type { Arguments, Command, Context } from '../command.js';
import { loadData } from '../data-options.js';
import type { Finish } from '../display/display.js';
import { humanDisplay } from '../display/human-display.js';
import { jsonDisplay } from '../display/json-display.js';
import { silentDisplay } from '../display/silent-display.js';
import { replaceFile } from '../files.js';
import { checkMemory } from '../memory.js';
import { note } from '../output.js';
import { onRanks, threadsOf } from '../ranks/on-ranks.js';
import { endEvent, epochEvent, startEvent } from '../train/events.js';
import { type Fitted, fitRecipe } from '../train/fit-recipe.js';
import { crossValidate } from '../train/folds.js';
import { TRAIN_EPILOGUE, TRAIN_EXAMPLES, TRAIN_OPTIONS } from '../train/help.js';
import { InterruptedTrainingError } from '../train/interrupted.js';
import { keepOld } from '../train/keep-model.js';
import { noOutputs, type Outputs, prepareOutputs } from '../train/outputs.js';
import { lackingInFolds, lackingNotes } from '../train/part-classes.js';
import { drawPlot } from '../train/plot.js';
import { readRequest, type TrainingRequest } from '../train/request.js';
import { openRunLog } from '../train/run-log.js';
import { makeSaver, type Saver } from '../train/saver.js';
import { UsageError } from '../usage-error.js';
import { installedVersions } from '../versions.js';

/** `bitgrad train`. */
export const trainCommand: Command = {
  positionals: { file: 'the data, as --data has them' },
  options: TRAIN_OPTIONS,
  examples: TRAIN_EXAMPLES,
  epilogue: TRAIN_EPILOGUE,

  run: (argv, context) => onRanks((ranks) => trainOn(argv, context, ranks)),
};

/** @param ranks those that train together, if there are several */
async function trainOn(
  argv: Arguments,
  { signal, heedSignals, json }: Context,
  ranks: MpiRanks | undefined,
): Promise<boolean> {
  const isSpeaker = ranks === undefined || ranks.rank === 0;
  const { request, outputs, choice, dataset, recipe } = await sharing(
    ranks,
    await together(ranks, () => prepare(argv, { signal, json }, ranks)),
  );
  if (recipe === null) return true;
  const { data, checkpoint } = request;
  // What no signal could interrupt is left to the system, and then nothing may be left to save.
  const isHeard = !hasLongSteps(choice.backend, recipe);
  const display = !isSpeaker ? silentDisplay() : json ? jsonDisplay() : await humanDisplay(isHeard);
  const log = outputs.log === undefined ? null : openRunLog(outputs.log, recipe.name);
  const saver = makeSaver(outputs, dataWords(request), isHeard);
  if (!isHeard && outputs.checkpoint !== undefined) {
    const { name } = choice.backend;
    note(`note: steps are long on ${name}: a signal ends them at once, and each epoch is saved`);
  }
  const epochs: EpochReport[] = [];
  const options: TrainOptions = {
    recipe,
    dataset,
    backend: choice.backend,
    checkpoint,
    start: request.start,
    signal,
    ranks,
    async onStart(report) {
      if (isHeard) heedSignals(() => isSpeaker && saver.sayGoodbye());
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
  await together(ranks, async () => {
    if (!isSpeaker) return;
    const run = { ...model.run, versions: installedVersions() };
    const bytes = encodeModel({ ...model, run });
    if (signal.aborted) throw interrupted(saver);
    const kept = request.outputs.isOutNamed ? null : await keepOld(outputs.outTarget);
    if (kept !== null) note(`note: the ${outputs.out} that was there is ${basename(kept)} now`);
    await replaceFile(outputs.outTarget, bytes);
    if (isHeard) heedSignals();
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
  });
  return true;
}

/** What a training needs; the recipe is null where folds were asked for, and done. */
interface Prepared {
  readonly request: TrainingRequest;
  readonly outputs: Outputs;
  readonly choice: Choice;
  readonly dataset: Dataset;
  readonly recipe: Recipe | null;
}

/** Lets ranks of one machine share the data, each of which has read them for itself. */
async function sharing(ranks: MpiRanks | undefined, prepared: Prepared): Promise<Prepared> {
  if (ranks === undefined) return prepared;
  const dataset = await shareDataset(ranks, prepared.dataset);
  return dataset === null ? prepared : { ...prepared, dataset };
}

async function prepare(
  argv: Arguments,
  { signal, json }: Pick<Context, 'signal' | 'json'>,
  ranks: MpiRanks | undefined,
): Promise<Prepared> {
  const request = await readRequest(argv);
  const { data, checkpoint } = request;
  if (ranks !== undefined) refuseFolds(request);
  const isSpeaker = ranks === undefined || ranks.rank === 0;
  const outputs = isSpeaker ? await prepareOutputs(request.outputs) : noOutputs(request.outputs);
  const choice = await chooseOn(ranks, request);
  const dataset = await loadData(data, request.loadOptions);
  const recipeOf = (fold: string): Recipe => fitted(request, dataset, { fold }).recipe;
  const { recipe, notes } = checkpoint
    ? { recipe: checkpoint.recipe, notes: dataset.notes ?? [] }
    : fitted(request, dataset, request.folds === null ? {} : { fold: `1/${request.folds}` });
  for (const line of notes) note(`note: ${line}`);
  if (request.folds !== null) {
    const { backend } = choice;
    const { folds } = request;
    const recipes = Array.from({ length: folds }, (_, at) => recipeOf(`${at + 1}/${folds}`));
    const lacking = explained(request, () => lackingInFolds(dataset, recipes));
    for (const line of lacking) note(`note: ${line}`);
    await crossValidate({ request, recipes, dataset, backend, signal, json }).catch(
      (error: unknown) => {
        throw request.explain(error);
      },
    );
    return { request, outputs, choice, dataset, recipe: null };
  }
  const lacking = checkpoint ? [] : explained(request, () => lackingNotes(dataset, recipe));
  for (const line of lacking) note(`note: ${line}`);
  explained(request, () => checkMemory(memoryNeeded(recipe, dataset)));
  return { request, outputs, choice, dataset, recipe };
}

/** Ranks share their machine's threads. */
async function chooseOn(
  ranks: MpiRanks | undefined,
  { backend, threads, isa }: TrainingRequest,
): Promise<Choice> {
  if (ranks === undefined) return chooseBackend(backend, threads, isa);
  const isThreaded = backend === 'auto' || backend === 'native' || isa !== undefined;
  const share = isThreaded ? String(threadsOf(ranks)) : undefined;
  const choice = await chooseBackend(backend, threads ?? share, isa);
  const description = `${choice.description} on each of ${ranks.size} ranks (${ranks.library})`;
  return { ...choice, description };
}

/** What some work gives; what it throws is told in the command's words. */
function explained<Result>({ explain }: TrainingRequest, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw explain(error);
  }
}

function fitted(request: TrainingRequest, dataset: Dataset, more: Partial<Recipe>): Fitted {
  const { base, changes } = request;
  return explained(request, () => fitRecipe(base, { ...changes, ...more }, dataset));
}

/** @throws UsageError */
function refuseFolds({ folds }: TrainingRequest): void {
  if (folds === null) return;
  throw new UsageError(
    '--folds: expected none under mpirun, whose processes do one training together',
    'bitgrad sweep does many trainings on many machines',
  );
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
