import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { BitgradError, datasetSha256 } from '@bitgrad/core';
import { textOf } from '../arguments.js';
import { backendOptions } from '../backends.js';
import { type Arguments, type Command, valueOption } from '../command.js';
import { loadData } from '../data-options.js';
import { prepareFolder, replaceFile } from '../files.js';
import { formatSeconds, plural } from '../format.js';
import { jobsOf } from '../jobs/side-by-side.js';
import { emit, note, print } from '../output.js';
import { trainAll } from '../sweep/crew.js';
import { type Plan, readPlan } from '../sweep/plan.js';
import {
  bestOf,
  type Group,
  groupResults,
  jsonLines,
  type Result,
  tableOf,
  usualGoal,
} from '../sweep/results.js';
import { taskOf } from '../sweep/task.js';
import { filesOf, readOutcome, type Trial, trialName } from '../sweep/trial.js';
import { TABLE_OPTIONS } from '../table-options.js';
import { fitRecipe } from '../train/fit-recipe.js';
import { InterruptedTrainingError } from '../train/interrupted.js';
import { readRequest } from '../train/request.js';
import { SETTINGS } from '../train/settings.js';
import { UsageError } from '../usage-error.js';

/** What a plan may set for all of its trainings. */
const PLAN_OPTIONS = [
  ...['recipe', 'data', 'label', 'image-size', ...Object.keys(TABLE_OPTIONS)],
  ...SETTINGS.map(({ option }) => option),
];

/** `bitgrad sweep PLAN`. */
export const sweepCommand: Command = {
  positionals: { plan: 'a YAML or JSON file: options of train, and what is varied' },
  options: {
    out: valueOption('the folder of results', 'sweep'),
    jobs: valueOption('how many processes train side by side', 'one a core'),
    task: valueOption(
      'I/N: only the I-th of N slices of the plan; auto: as the variables of an array job say',
      'all',
    ),
    ...backendOptions,
  },
  examples: [
    ['sweep plan.yaml', 'every training of the plan, one a core at a time'],
    ['sweep plan.yaml --task 3/10 --out shared', 'a tenth of it, on one of ten machines'],
  ],
  epilogue: `A plan:
  data: iris.csv
  label: species
  epochs: 50
  grid:                       # every combination
    lr: [0.01, 0.1]
    layers: ["4,8,3", "4,32,3"]
  random:                     # so many draws
    trials: 10
    seed: 1
    batch-size: { from: 8, to: 64 }
    dropout: { from: 0.001, to: 0.5, scale: log }
  seeds: 3                    # each with seeds 1, 2, 3; or a list
  folds: 5                    # each tested on five parts in turn
  goal: validationLoss        # what the best has least of; …Accuracy: most of

Interrupted or killed, the same command goes on where it was.`,

  async run(argv, { signal, heedSignals, json }) {
    const path = String(argv.plan);
    const folder = textOf(argv, 'out') ?? 'sweep';
    const task = taskOf(textOf(argv, 'task'), process.env);
    const plan = await readPlan(path, PLAN_OPTIONS);
    const { trials, data, loadOptions } = await trialsOf(plan, path);
    await prepareFolder(filesOf(folder).trials, 'out');
    const known = new Map<string, Result>();
    for (const trial of trials) {
      const outcome = await readOutcome(folder, trial.name);
      if (outcome) known.set(trial.name, { trial, outcome });
    }
    const mine = trials.filter((_, at) => at % task.count === task.index - 1);
    const left = mine.filter(({ name }) => !known.has(name));
    const jobs = jobsOf(textOf(argv, 'jobs'));
    const done = mine.length - left.length;
    if (json) emit({ event: 'start', trials: mine.length, done, jobs, out: folder });
    else note(`${plural(mine.length, 'trial')}, ${done} done before; at most ${jobs} at once`);
    const threads = Math.max(
      1,
      Math.floor(availableParallelism() / Math.min(jobs, left.length || 1)),
    );
    const begin = {
      data,
      loadOptions,
      folder,
      backend: textOf(argv, 'backend') ?? 'auto',
      isa: textOf(argv, 'isa'),
      threads: textOf(argv, 'threads') ?? String(threads),
    };
    heedSignals();
    let count = done;
    await trainAll(left, jobs, begin, signal, (trial, outcome, seconds) => {
      known.set(trial.name, { trial, outcome });
      count += 1;
      if (json)
        emit({
          event: 'trial',
          trial: trial.name,
          settings: trial.settings,
          seconds,
          ...short(outcome),
        });
      else {
        const settings = Object.entries(trial.settings).map((pair) => pair.join(' '));
        const result =
          'error' in outcome ? outcome.error : outcome.receipt.weightsSha256.slice(0, 8);
        note(
          `${count}/${mine.length}  ${settings.join(', ')}  ${result}  ${formatSeconds(seconds)}`,
        );
      }
    });
    if (signal.aborted) {
      throw new InterruptedTrainingError(
        `${count} of ${plural(mine.length, 'trial')} done`,
        'the same command goes on from there',
      );
    }
    const results = trials.flatMap(({ name }) => known.get(name) ?? []);
    if (results.length < trials.length) {
      const missing = trials.length - results.length;
      if (json) emit({ event: 'end', trials: results.length, missing, out: folder });
      else
        print(
          `${plural(missing, 'trial')} of other slices missing: once they are in ${folder}, the same command without --task shows all`,
        );
      return true;
    }
    await finish(results, plan, folder, json);
    return true;
  },
};

/** What an event tells of a trial. */
function short(outcome: Result['outcome']): object {
  if ('error' in outcome) return outcome;
  const { weightsSha256, validationLoss, validationAccuracy, testLoss, testAccuracy } =
    outcome.receipt;
  return { weightsSha256, validationLoss, validationAccuracy, testLoss, testAccuracy };
}

async function finish(
  results: readonly Result[],
  plan: Plan,
  folder: string,
  json: boolean,
): Promise<void> {
  const files = filesOf(folder);
  await replaceFile(files.receipts, new TextEncoder().encode(jsonLines(results)));
  const first = results.find(({ outcome }) => 'receipt' in outcome)?.outcome;
  if (first === undefined || !('receipt' in first)) {
    throw new BitgradError(
      'sweep: expected a training that comes to an end, received none',
      'lower learning rates usually help',
    );
  }
  const goal = plan.goal ?? usualGoal(first.receipt);
  const groups = groupResults(results, goal);
  const best = bestOf(groups, goal);
  if (best) await replaceFile(files.best, await readFile(files.model(best.trial.name)));
  if (json) {
    emit({
      event: 'end',
      trials: results.length,
      goal,
      groups: groups.map(describeGroup),
      best: best?.trial.name ?? null,
      out: folder,
    });
    return;
  }
  for (const line of tableOf(groups, plan.varied, goal)) print(line);
  print();
  print(`receipts  ${files.receipts}`);
  if (best) print(`best      ${files.best} (trial ${best.trial.name.slice(0, 8)})`);
  if (plan.goal === null && goal === 'testLoss') {
    note(
      'note: chosen by the test part, so what the best scores on it is too good: keep a validation part (split)',
    );
  }
}

function describeGroup({ settings, results, mean, deviation }: Group): object {
  return { settings, trials: results.length, mean, deviation };
}

/** The plan's trainings, each once, with the data that they share. */
async function trialsOf(plan: Plan, path: string) {
  const requestOf = async (texts: Arguments) => {
    try {
      return await readRequest({ ...texts });
    } catch (error) {
      if (error instanceof UsageError) throw new UsageError(`${path}: ${error.message}`, error.fix);
      throw error;
    }
  };
  const { data, loadOptions } = await requestOf(plan.common);
  const dataset = await loadData(data, loadOptions);
  const sha256 = dataset.sha256 ?? (await datasetSha256(dataset));
  const trials = new Map<string, Trial>();
  for (const { texts, settings } of plan.variants) {
    const { base, changes, explain } = await requestOf(texts);
    try {
      const { recipe } = fitRecipe(base, changes, dataset);
      const name = await trialName(recipe, sha256);
      if (!trials.has(name)) trials.set(name, { name, recipe, settings });
    } catch (error) {
      const explained = explain(error);
      if (explained instanceof UsageError)
        throw new UsageError(`${path}: ${explained.message}`, explained.fix);
      throw explained;
    }
  }
  return { trials: [...trials.values()], data, loadOptions };
}
