import { availableParallelism } from 'node:os';
import type { Receipt, SavedModel, Verification } from '@bitgrad/core';
import { textOf } from '../arguments.js';
import type { Arguments, Context } from '../command.js';
import { embeddedData } from '../data-options.js';
import { readFileBytes } from '../files.js';
import { formatCount, plural } from '../format.js';
import { jobsOf } from '../jobs/side-by-side.js';
import { emit, note, printPairs } from '../output.js';
import { queueOf } from '../queue/load-queue.js';
import { UsageError } from '../usage-error.js';
import { isFolder, readCheckpoints, verifyParts } from './in-parts.js';
import { type Part, planParts } from './plan-stretches.js';
import { type Verified, verifyByQueue } from './queue-parts.js';
import { printVerification, verificationEvent } from './report.js';
import { parseStretch } from './stretch.js';

/** Options that every process is given as they are. */
const PASSED_ON = ['data', 'label', 'start', 'backend', 'isa'];

/** How many stretches a queue's workers share, unless `--jobs` says it or there are fewer checkpoints. */
const USUAL_PARTS = 32;

/** Whether `--from`, `--jobs` or `--queue` ask for many stretches at once. */
export async function asksForFolder(argv: Arguments): Promise<boolean> {
  const from = textOf(argv, 'from');
  const hasFolder = from !== undefined && (await isFolder(from));
  const option = ['jobs', 'queue'].find((one) => textOf(argv, one) !== undefined);
  if (hasFolder || option === undefined) return hasFolder;
  throw new UsageError(
    `--${option}: expected a folder of checkpoints with --from, received ${from ?? 'none'}`,
    "keep them while training, as in train --checkpoint 'run-{epoch}.checkpoint'",
  );
}

/**
 * Verifies a model in stretches, all at once, each from a checkpoint of a folder.
 *
 * @param path of the model
 * @returns whether every epoch gave the receipt's digests, and every checkpoint has them
 */
export async function verifyFolder(
  argv: Arguments,
  path: string,
  { receipt }: SavedModel,
  { signal, heedSignals, json }: Context,
): Promise<boolean> {
  const folder = textOf(argv, 'from')!;
  const queue = queueOf(argv);
  const asked = textOf(argv, 'jobs');
  const jobs = queue !== null && asked === undefined ? USUAL_PARTS : jobsOf(asked);
  const stretch = parseStretch(textOf(argv, 'epochs'), receipt.epochs.length);
  const [first, last] = [stretch.first ?? 1, stretch.last];
  heedSignals();
  const { files, forged } = await readCheckpoints(folder, receipt);
  if (forged !== null) {
    const { file, mismatch } = forged;
    const epochs = mismatch.epoch!;
    const verification: Verification = {
      verified: false,
      epochs,
      weightsSha256: receipt.epochs[epochs - 1] ?? '',
      firstMismatch: mismatch,
    };
    if (json) emit({ ...verificationEvent(verification), file });
    else printVerification(verification, first, receipt, file);
    return false;
  }
  const parts = planParts(first, last, files, jobs, folder);
  say(parts, jobs, path, receipt, json);
  // Each process has a core of its own, unless there are more cores than parts.
  const threads = Math.max(1, Math.floor(availableParallelism() / parts.length));
  const options = PASSED_ON.flatMap((option) => {
    const text = textOf(argv, option);
    return text === undefined ? [] : [`--${option}`, text];
  });
  const wordsFor = ({ first, last, from }: Part): string[] => [
    ...['verify', path, ...options, '--epochs', `${first}..${last}`],
    ...['--threads', textOf(argv, 'threads') ?? String(threads)],
    ...(from === null ? [] : ['--from', from]),
  ];
  let done = 0;
  const onEpoch = (epoch: number, weightsSha256: string): void => {
    done += 1;
    if (json) emit({ event: 'epoch', epoch, weightsSha256 });
    else note(`epoch ${epoch} (${done} of ${last - first + 1})  ${weightsSha256}  the same`);
  };
  const verification =
    queue === null
      ? await verifyParts(parts, jobs, wordsFor, signal, onEpoch)
      : await verifyByQueue(await queued(argv, path, receipt), parts, queue, signal, onEpoch, note);
  if (json) emit(verificationEvent(verification));
  else printVerification(verification, first, receipt);
  return verification.verified;
}

async function queued(argv: Arguments, path: string, receipt: Receipt): Promise<Verified> {
  const start = textOf(argv, 'start');
  return {
    model: await readFileBytes(path),
    receipt,
    data: textOf(argv, 'data') ?? embeddedData(receipt.dataset.name, path, 'train on again'),
    label: textOf(argv, 'label'),
    start: start === undefined ? undefined : await readFileBytes(start),
  };
}

function say(
  parts: readonly Part[],
  jobs: number,
  path: string,
  receipt: Receipt,
  json: boolean,
): void {
  const [first, last] = [parts[0]!.first, parts.at(-1)!.last];
  if (json) {
    const epochs = { first, last };
    emit({ event: 'start', model: path, epochs, jobs, parts: parts.map((part) => ({ ...part })) });
    return;
  }
  printPairs(
    [
      [
        'model',
        `${path}: ${plural(last - first + 1, 'epoch')} of ${formatCount(receipt.epochs.length)}, from ${first}`,
      ],
      [
        'parts',
        `${parts.map((part) => `${part.first}..${part.last}`).join(', ')}; at most ${plural(jobs, 'job')} at once`,
      ],
    ],
    process.stderr,
  );
  if (receipt.states === undefined && parts.length > 1) {
    note(
      'note: this receipt is of format 1: what the optimiser remembers between the parts is taken from the checkpoints on trust',
    );
  }
}
