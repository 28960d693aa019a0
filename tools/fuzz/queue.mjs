// What lies in a queue: jobs that a worker takes, and answers that a sweep or a verification takes.

import { checkTrained, checkVerification } from '../../packages/cli/dist/queue/answers.js';
import { checkPayload } from '../../packages/cli/dist/queue/payload.js';
import {
  BitgradError,
  decodeCheckpoint,
  decodeModel,
  RECIPES,
} from '../../packages/core-ts/dist/index.js';
import { CORPUS } from './corpus.mjs';
import { mutateStructure } from './mutate.mjs';

const base64 = (bytes) => Buffer.from(bytes).toString('base64');
const digest = 'ab'.repeat(32);
const data = { name: 'iris.csv', isEmbedded: false, sha256: digest, options: { label: 'kind' } };

/** @param {import('./random.mjs').Random} random */
export function makeJob(random) {
  const [model, checkpoint] = [random.pick(CORPUS.model), random.pick(CORPUS.checkpoint)];
  return mutateStructure(
    random.once(2)
      ? {
          kind: 'train',
          recipe: random.pick(Object.values(RECIPES)),
          until: 3,
          checkpoint: random.once(2) ? null : base64(checkpoint),
          data,
        }
      : { kind: 'verify', model: base64(model), last: 2, checkpoint: null, start: null, data },
    random,
  );
}

/** Checks a job as a worker does, and reads what it brings. */
export async function readJob(job) {
  const { task } = checkPayload(job);
  if (task.checkpoint !== null) await decodeCheckpoint(task.checkpoint, 'checkpoint');
  if (task.kind === 'verify') await decodeModel(task.model, 'model');
}

/** A verification, the whole of a training, or its first epochs, with what was asked for. */
export async function makeAnswer(random) {
  const kind = random.pick(['verified', 'differs', 'trained', 'stopped']);
  const file = random.pick(kind === 'stopped' ? CORPUS.checkpoint : CORPUS.model);
  const [receipt, { recipe, dataset, epochs }] = await whatIs(file, kind);
  const until = epochs.length;
  const firstMismatch = { epoch: 1, field: 'epochs', expected: digest, received: epochs[0] };
  const found = { epochs: until, weightsSha256: epochs.at(-1) };
  const stopped = { ...found, stateSha256: null, validationLoss: 0.5, validationAccuracy: null };
  const answer = {
    verified: { verification: { verified: true, ...found, firstMismatch: null } },
    differs: { verification: { verified: false, ...found, firstMismatch } },
    trained: {
      outcome: { receipt },
      bytes: base64(file),
    },
    stopped: { outcome: { stopped }, bytes: base64(file) },
  }[kind];
  return { kind, recipe, until, sha256: dataset.sha256, answer: mutateStructure(answer, random) };
}

async function whatIs(file, kind) {
  if (kind === 'stopped') return [null, await decodeCheckpoint(file, 'file')];
  const { recipe, receipt } = await decodeModel(file, 'file');
  return [receipt, { ...receipt, recipe }];
}

/** What is taken of an answer must be of the work that was asked for, and nothing else. */
export async function readAnswer({ kind, recipe, until, sha256, answer }) {
  if (kind === 'verified' || kind === 'differs') {
    const { verified, epochs, weightsSha256, firstMismatch, ...others } = checkVerification(
      answer,
      until,
    );
    const isWhole = verified ? epochs === until && firstMismatch === null : epochs <= until;
    if (isWhole && /^\w{64}$/.test(weightsSha256) && Object.keys(others).length === 0) return;
    throw new Error(`took ${JSON.stringify(answer).slice(0, 200)}`);
  }
  const trial = { name: digest, recipe, settings: {} };
  const work = { trial, name: kind === 'stopped' ? 'cd'.repeat(32) : digest, until, after: null };
  const { outcome } = await checkTrained(answer, work, sha256);
  // An error that a worker met is an answer, and refuses as one.
  if ('error' in outcome) throw new BitgradError(outcome.error || 'an error without words');
  const { epochs } = outcome.receipt ?? outcome.stopped;
  const isOther = outcome.stopped ? epochs !== until : epochs.length !== until;
  if (isOther) throw new Error(`took ${JSON.stringify(outcome).slice(0, 200)}`);
}
