import { stat } from 'node:fs/promises';
import { parseDecimal, show } from '@bitgrad/core';
import { textOf } from '../arguments.js';
import { backendOptions, chooseBackend } from '../backends.js';
import { type Arguments, type Command, valueOption } from '../command.js';
import { isEmbedded } from '../data-options.js';
import { formatSeconds } from '../format.js';
import { backendTextsOf } from '../jobs/backend-texts.js';
import { Crew } from '../jobs/crew.js';
import { jobsOf } from '../jobs/side-by-side.js';
import { emit, note, print } from '../output.js';
import { digestOfDone, encodeDone } from '../queue/answers.js';
import { orderOf } from '../queue/find-data.js';
import { importQueue, prepareQueue, queueAskedFor, queueOption } from '../queue/load-queue.js';
import { checkPayload } from '../queue/payload.js';
import { UsageError } from '../usage-error.js';

/** `bitgrad worker`. */
export const workerCommand: Command = {
  options: {
    queue: queueOption,
    data: valueOption(
      'the data of the jobs, as for train, or a folder that holds such data under their names',
      'only what comes along',
      'Queue:',
    ),
    jobs: valueOption('how many jobs at a time', 'one a core', 'Queue:'),
    'lost-after': valueOption(
      'seconds of silence after which a worker is thought dead, and its job begun again',
      '30',
      'Queue:',
    ),
    ...backendOptions,
  },
  examples: [
    [
      'worker --queue redis://host --data iris.csv',
      'does what sweep --queue and verify --queue ask',
    ],
    ['worker --queue rediss://host --data /data --jobs 2', 'all data in a folder, two at a time'],
  ],
  epilogue: 'Ctrl-C ends it; what it was at goes back to the queue.',

  async run(argv, { json, signal, heedSignals }) {
    const queue = queueAskedFor(argv);
    const jobs = jobsOf(textOf(argv, 'jobs'));
    const lostAfter = secondsOf(argv);
    const given = await dataOf(argv);
    const by = backendTextsOf(argv, jobs);
    prepareQueue();
    // What is wrong with it would end every job, and with it who asked.
    await chooseBackend(by.backend, by.threads, by.isa);
    const { work } = await importQueue();
    heedSignals(() => false);
    const crew = new Crew(signal);
    try {
      await work({
        ...queue,
        jobs,
        lostAfter,
        signal,
        onNote: note,
        onReady(server, worker) {
          crew.prepare(jobs);
          if (json) emit({ event: 'ready', queue: server, worker, jobs });
          else print(`${worker} works at ${server}, ${jobs} at a time; Ctrl-C ends it`);
        },
        async handle(payload) {
          const checked = checkPayload(payload);
          const order = await orderOf(checked, given, by);
          if ('refusal' in order) return order;
          const { kind } = checked.task;
          const answer = await crew.run(order, kind === 'train' ? 'a trial' : 'a stretch');
          if ('refusal' in answer) return answer;
          const { done, seconds } = answer;
          const digest = await digestOfDone(done);
          if (json) emit({ event: 'job', kind, seconds, digest });
          else note(`${kind}  ${digest.slice(0, 8)}  ${formatSeconds(seconds)}`);
          return { answer: encodeDone(done), digest };
        },
      });
    } finally {
      crew.close();
    }
    return true;
  },
};

/** @throws UsageError if nothing is there: jobs come later, and by then nobody looks */
async function dataOf(argv: Arguments): Promise<string | undefined> {
  const path = textOf(argv, 'data');
  if (path === undefined || isEmbedded(path) || (await stat(path).catch(() => null))) return path;
  throw new UsageError(`--data: expected a file or a folder, received ${show(path)}`);
}

/** @throws UsageError if it is no such time */
function secondsOf(argv: Arguments): number {
  const text = textOf(argv, 'lost-after');
  if (text === undefined) return 30;
  const seconds = parseDecimal(text);
  if (seconds !== undefined && seconds >= 1 && seconds <= 86_400) return seconds;
  throw new UsageError(
    `--lost-after: expected seconds from 1 to 86400, received ${seconds ?? show(text)}`,
  );
}
