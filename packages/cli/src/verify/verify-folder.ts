import type { Receipt, SavedModel } from '@bitgrad/core';
import { textOf } from '../arguments.js';
import type { Arguments, Context } from '../command.js';
import { checkReadByAll, embeddedData, givenData, loadOptionsToVerify } from '../data-options.js';
import { isFolder, readFileBytes } from '../files.js';
import { formatCount, plural } from '../format.js';
import { backendTextsOf, checkBackend, checkLeftToWorkers } from '../jobs/backend-texts.js';
import { Crew } from '../jobs/crew.js';
import { jobsOf } from '../jobs/side-by-side.js';
import { emit, note, printPairs } from '../output.js';
import { prepareQueue, queueOf } from '../queue/load-queue.js';
import { UsageError } from '../usage-error.js';
import { readCheckpoints, unlike, type Verified, verifyParts } from './in-parts.js';
import { type Part, planParts } from './plan-stretches.js';
import { verifyByQueue } from './queue-parts.js';
import { printVerification, verificationEvent } from './report.js';
import { startModel } from './start-model.js';
import { parseStretch } from './stretch.js';

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
  model: SavedModel,
  { signal, heedSignals, json }: Context,
): Promise<boolean> {
  const { receipt } = model;
  const folder = textOf(argv, 'from')!;
  const queue = queueOf(argv);
  const asked = textOf(argv, 'jobs');
  const jobs = queue !== null && asked === undefined ? USUAL_PARTS : jobsOf(asked);
  const stretch = parseStretch(textOf(argv, 'epochs'), receipt.epochs.length);
  const [first, last] = [stretch.first ?? 1, stretch.last];
  if (queue === null) await checkBackend(argv);
  else checkLeftToWorkers(argv, ['backend', 'threads', 'isa']);
  const verified = await verifiedOf(argv, path, model);
  heedSignals();
  const crew = new Crew(signal);
  try {
    // They read their programs while the checkpoints are looked through.
    if (queue === null) crew.prepare(Math.min(jobs, last - first + 1));
    else prepareQueue();
    const { files, forged } = await readCheckpoints(folder, receipt);
    if (forged !== null) {
      const { file } = forged;
      const verification = unlike(forged, receipt);
      if (json) emit({ ...verificationEvent(verification), file });
      else printVerification(verification, first, receipt, file);
      return false;
    }
    const parts = planParts(first, last, files, jobs, folder);
    say(parts, jobs, path, receipt, json);
    let done = 0;
    const onEpoch = (epoch: number, weightsSha256: string): void => {
      done += 1;
      if (json) emit({ event: 'epoch', epoch, weightsSha256 });
      else note(`epoch ${epoch} (${done} of ${last - first + 1})  ${weightsSha256}  the same`);
    };
    const by = backendTextsOf(argv, Math.min(jobs, parts.length));
    const label = textOf(argv, 'label');
    const verification =
      queue === null
        ? await verifyParts(verified, parts, { crew, jobs, by }, onEpoch)
        : await verifyByQueue(verified, label, parts, queue, signal, onEpoch, note);
    if (json) emit(verificationEvent(verification));
    else printVerification(verification, first, receipt);
    return verification.verified;
  } finally {
    crew.close();
  }
}

async function verifiedOf(argv: Arguments, path: string, model: SavedModel): Promise<Verified> {
  const { receipt } = model;
  const data = givenData(argv) ?? embeddedData(receipt.dataset.name, path, 'train on again');
  await checkReadByAll(data);
  const startPath = textOf(argv, 'start');
  const start = await startModel(startPath, receipt.recipe, path);
  return {
    model: await readFileBytes(path),
    receipt,
    data,
    loadOptions: loadOptionsToVerify(model, textOf(argv, 'label'), start !== undefined),
    start: start === undefined ? null : await readFileBytes(startPath!),
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
