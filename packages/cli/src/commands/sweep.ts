import { textOf } from '../arguments.js';
import { backendOptions } from '../backends.js';
import { type Arguments, type Command, valueOption } from '../command.js';
import { formatSeconds, plural } from '../format.js';
import { backendTextsOf, checkBackend, checkLeftToWorkers } from '../jobs/backend-texts.js';
import { Crew } from '../jobs/crew.js';
import { jobsOf } from '../jobs/side-by-side.js';
import { emit, note, print } from '../output.js';
import { prepareQueue, queueOf, queueOption } from '../queue/load-queue.js';
import { localExecutor } from '../sweep/executors.js';
import { findTrials } from '../sweep/find-trials.js';
import { keepRead } from '../sweep/keep-read.js';
import { PLAN_OPTIONS, type Plan, readPlan, USUAL_HALVING } from '../sweep/plan.js';
import { queueExecutor } from '../sweep/queue-executor.js';
import { type Group, tableOf } from '../sweep/results.js';
import { runSweep, type SweepListener, type SweepResult } from '../sweep/run-sweep.js';
import { taskOf } from '../sweep/task.js';
import { filesOf, type Outcome } from '../sweep/trial.js';
import { UsageError } from '../usage-error.js';

/** `bitgrad sweep PLAN`. */
export const sweepCommand: Command = {
  positionals: { plan: 'a YAML or JSON file: options of train, and what is varied' },
  options: {
    out: valueOption('the folder of results', 'sweep'),
    halving: {
      type: 'boolean',
      describe: 'train all settings a few epochs, the best third of them more, and so on',
    },
    jobs: valueOption('how many processes train side by side', 'one a core'),
    task: valueOption(
      'I/N: only the I-th of N slices of the plan; auto: as the variables of an array job say',
      'all',
    ),
    queue: queueOption,
    ...backendOptions,
  },
  examples: [
    ['sweep plan.yaml', 'every training of the plan, one a core at a time'],
    ['sweep plan.yaml --task 3/10 --out shared', 'a tenth of it, on one of ten machines'],
    ['sweep plan.yaml --queue redis://host', 'on all machines where bitgrad worker runs'],
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
  halving: { factor: 3, first: 2 }  # after epochs 2, 6, 18 only a third goes on

Interrupted or killed, the same command goes on where it was.`,

  async run(argv, { signal, heedSignals, json }) {
    const path = String(argv.plan);
    const folder = textOf(argv, 'out') ?? 'sweep';
    const task = taskOf(textOf(argv, 'task'), process.env);
    const read = await readPlan(path, PLAN_OPTIONS);
    const plan =
      argv.halving === true && !read.halving ? { ...read, halving: USUAL_HALVING } : read;
    checkTask(plan, argv);
    await keepRead(folder, plan, path);
    const jobs = jobsOf(textOf(argv, 'jobs'));
    const queue = queueOf(argv);
    if (queue === null) await checkBackend(argv);
    else checkLeftToWorkers(argv, ['jobs', 'backend', 'threads', 'isa']);
    const crew = new Crew(signal);
    try {
      const processes = Math.min(jobs, Math.ceil(plan.variants.length / task.count));
      // They read their programs while the trials are found.
      if (queue === null) crew.prepare(processes);
      else prepareQueue();
      const { trials, source, named } = await findTrials(plan, path);
      heedSignals();
      const execute =
        queue === null
          ? localExecutor(crew, jobs, folder, source, backendTextsOf(argv, processes))
          : queueExecutor(folder, named, queue, signal, note);
      const sweep = { plan, trials, dataSha256: named.sha256, folder, task, execute, signal };
      const result = await runSweep(sweep, listenerOf(json, jobs, folder, queue !== null));
      say(result, plan, folder, json);
      return true;
    } finally {
      crew.close();
    }
  },
};

/** @throws UsageError where a slice cannot be trained alone */
function checkTask(plan: Plan, argv: Arguments): void {
  if (textOf(argv, 'task') === undefined) return;
  if (plan.halving) {
    throw new UsageError(
      '--task: expected none with halving, which compares all trials after each round',
      'use --queue, or --jobs on one machine',
    );
  }
  if (textOf(argv, 'queue') !== undefined) {
    throw new UsageError('--task: expected none with --queue, whose workers share all trials');
  }
}

function listenerOf(json: boolean, jobs: number, out: string, isQueued: boolean): SweepListener {
  return {
    onStart(trials, done, until) {
      const round = until === null ? {} : { until };
      if (json) {
        emit({ event: 'start', trials, done, ...(isQueued ? {} : { jobs }), ...round, out });
        return;
      }
      const where = isQueued ? 'by the workers of the queue' : `at most ${jobs} at once`;
      const end = until === null ? '' : ` to epoch ${until}`;
      note(`${plural(trials, 'trial')}${end}, ${done} done before; ${where}`);
    },
    onTrial({ name, settings }, outcome, seconds, done, of) {
      if (json) {
        emit({ event: 'trial', trial: name, settings, seconds, ...short(outcome) });
        return;
      }
      const pairs = Object.entries(settings).map((pair) => pair.join(' '));
      note(`${done}/${of}  ${pairs.join(', ')}  ${inShort(outcome)}  ${formatSeconds(seconds)}`);
    },
  };
}

/** What an event tells of a trial. */
function short(outcome: Outcome): object {
  if (!('receipt' in outcome)) return outcome;
  const { weightsSha256, validationLoss, validationAccuracy, testLoss, testAccuracy } =
    outcome.receipt;
  return { weightsSha256, validationLoss, validationAccuracy, testLoss, testAccuracy };
}

function inShort(outcome: Outcome): string {
  if ('error' in outcome) return outcome.error;
  const { weightsSha256 } = 'receipt' in outcome ? outcome.receipt : outcome.stopped;
  return weightsSha256.slice(0, 8);
}

function say(result: SweepResult, plan: Plan, folder: string, json: boolean): void {
  const { results, missing, goal, groups, best } = result;
  if (goal === null) {
    if (json) emit({ event: 'end', trials: results.length, missing, out: folder });
    else
      print(
        `${plural(missing, 'trial')} of other slices missing: once they are in ${folder}, the same command without --task shows all`,
      );
    return;
  }
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
  const files = filesOf(folder);
  for (const line of tableOf(groups, plan.varied, goal)) print(line);
  print();
  print(`receipts  ${files.receipts}`);
  print(`report    ${files.report}`);
  if (best) print(`best      ${files.best} (trial ${best.trial.name.slice(0, 8)})`);
  if (plan.goal === null && goal === 'testLoss') {
    note(
      'note: chosen by the test part, so what the best scores on it is too good: keep a validation part (split)',
    );
  }
}

function describeGroup({ settings, results, mean, deviation, stopped }: Group): object {
  const epochs = stopped === null ? {} : { stopped };
  return { settings, trials: results.length, mean, deviation, ...epochs };
}
