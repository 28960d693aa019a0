import { imageFeatures } from '../dataset.js';
import { BitgradError, show } from '../errors.js';
import type { Checkpoint } from '../train/checkpoint.js';
import type { Best } from '../train/early-stopping.js';
import { CONTRACT, RECEIPT_FORMAT, type Receipt, type RunRecord } from './receipt.js';

interface Check {
  readonly isValid: (value: unknown) => boolean;
  readonly expected: string;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isDigest = (value: unknown): boolean =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const areDigests = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(isDigest);
const isSide = (value: unknown): boolean => isCount(value) && value !== 0;
const isImage = (value: unknown): boolean =>
  value === null ||
  (isObject(value) &&
    isSide(value.height) &&
    isSide(value.width) &&
    (value.channels === undefined || value.channels === 3));

const text: Check = { isValid: (value) => typeof value === 'string', expected: 'a text' };
const count: Check = { isValid: isCount, expected: 'an integer of at least 0' };
const number: Check = { isValid: Number.isFinite, expected: 'a finite number' };
const digest: Check = { isValid: isDigest, expected: 'a SHA-256 in 64 hexadecimal digits' };
const numberOrNull: Check = {
  isValid: (value) => value === null || Number.isFinite(value),
  expected: 'a finite number or null',
};

const digestOrNone: Check = {
  isValid: (value) => value === undefined || isDigest(value),
  expected: digest.expected,
};

const measuresOrNone: Check = {
  isValid: (value) =>
    value === undefined || (isObject(value) && Object.values(value).every(numberOrNull.isValid)),
  expected: 'finite numbers or null by name',
};

const targetsOrNone: Check = {
  isValid: (value) =>
    value === undefined ||
    (Array.isArray(value) &&
      value.every(
        (target) =>
          isObject(target) &&
          isObject(target.metrics) &&
          isObject(target.baseline) &&
          measuresOrNone.isValid(target.metrics) &&
          measuresOrNone.isValid(target.baseline),
      )),
  expected: 'metrics and a baseline for each target',
};

type Checks<Fields> = Readonly<Partial<Record<keyof Fields, Check>>>;

const RECEIPT: Checks<Receipt> = {
  format: {
    isValid: (value) => value === undefined || value === 1 || value === RECEIPT_FORMAT,
    expected: `1 or ${RECEIPT_FORMAT}, which this version knows`,
  },
  programSha256: digestOrNone,
  epochs: {
    isValid: (value) => areDigests(value) && value.length > 0,
    expected: 'a SHA-256 for each epoch',
  },
  bestEpoch: {
    isValid: (value) => value === null || isCount(value),
    expected: 'an epoch, or null',
  },
  weightsSha256: digest,
  preparationSha256: digestOrNone,
  validationAccuracy: numberOrNull,
  validationLoss: numberOrNull,
  testAccuracy: numberOrNull,
  testLoss: numberOrNull,
  metrics: measuresOrNone,
  baseline: measuresOrNone,
  targets: targetsOrNone,
};

const DATASET: Checks<Receipt['dataset']> = {
  name: text,
  sha256: digest,
  inputSha256: digest,
  features: count,
  outputs: count,
  classes: count,
  image: { isValid: isImage, expected: 'height and width, or null' },
  train: count,
  validation: count,
  test: count,
};

const CHECKPOINT: Checks<Checkpoint> = {
  contract: { isValid: (value) => value === CONTRACT, expected: `version ${CONTRACT}` },
  epochs: { isValid: areDigests, expected: 'a SHA-256 for each epoch done' },
  trainSeconds: {
    isValid: (value) => Number.isFinite(value) && (value as number) >= 0,
    expected: 'a number of at least 0',
  },
};

const BEST: Checks<Best> = { epoch: count, validationLoss: number };

const RUN: Checks<RunRecord> = {
  versions: {
    isValid: (value) => isObject(value) && Object.values(value).every(text.isValid),
    expected: 'a version for each package',
  },
  backend: text,
  isa: text,
  threads: count,
  programSha256: digestOrNone,
  trainSeconds: number,
  samplesPerSecond: number,
  finishedAt: text,
};

/**
 * Checks the form of a receipt that was read; contract and recipe are checked elsewhere.
 *
 * @throws BitgradError at the first field that is missing or not of its kind
 */
export function checkReceipt(receipt: Receipt, fileName: string): void {
  checkFields(receipt, RECEIPT, `${fileName}: receipt`);
  checkStates(receipt, `${fileName}: receipt`);
  checkFields(receipt.dataset, DATASET, `${fileName}: receipt: dataset`);
}

/**
 * Checks the form of a checkpoint's text; its recipe is checked elsewhere.
 *
 * @throws BitgradError at the first field that is missing or not of its kind
 */
export function checkCheckpointText(
  checkpoint: Checkpoint | Record<string, unknown>,
  fileName: string,
): asserts checkpoint is Checkpoint {
  const where = `${fileName}: checkpoint`;
  checkFields(checkpoint, CHECKPOINT, where);
  const { dataset, epochs, states, best } = checkpoint as Checkpoint;
  checkFields(dataset, DATASET, `${where}: dataset`);
  if (states !== undefined && !(areDigests(states) && states.length === epochs.length)) {
    throw new BitgradError(
      `${where}: states: expected a SHA-256 for each of ${epochs.length} epochs, received ${show(states)}`,
    );
  }
  if (best === null) return;
  checkFields(best, BEST, `${where}: best`);
  if (best.epoch >= 1 && best.epoch <= epochs.length) return;
  throw new BitgradError(
    `${where}: best: expected one of ${epochs.length} epochs, received ${best.epoch}`,
  );
}

/**
 * Checks that a network and what is said of its data belong together.
 *
 * @throws BitgradError if samples or results are of another size, or an image is
 */
export function checkDatasetFits(
  { features, outputs, image }: Receipt['dataset'],
  graph: { readonly features: number; readonly outputs: number },
  fileName: string,
): void {
  const pixels = image === null ? features : imageFeatures(image);
  const fits = features === graph.features && outputs === graph.outputs && features % pixels === 0;
  if (fits) return;
  throw new BitgradError(
    `${fileName}: dataset: expected samples of ${graph.features} numbers for ${graph.outputs} outputs, as the layers have it, received ${show({ features, outputs, image })}`,
  );
}

/** Every epoch has a state in format 2, none in format 1. */
function checkStates({ format = 1, epochs, states }: Receipt, where: string): void {
  const expected = format === 1 ? 0 : epochs.length;
  const received = states ?? [];
  if (areDigests(received) && received.length === expected) return;
  throw new BitgradError(
    `${where}: states: expected ${expected === 0 ? 'none in format 1' : `a SHA-256 for each of ${expected} epochs`}, received ${show(states)}`,
  );
}

/** @throws BitgradError at the first field of a run record that is missing or not of its kind */
export function checkRunRecord(run: RunRecord, fileName: string): void {
  checkFields(run, RUN, `${fileName}: run`);
}

function checkFields(fields: unknown, checks: Readonly<Record<string, Check>>, where: string) {
  if (!isObject(fields)) {
    throw new BitgradError(`${where}: expected an object, received ${show(fields)}`);
  }
  for (const [field, { isValid, expected }] of Object.entries(checks)) {
    if (isValid(fields[field])) continue;
    throw new BitgradError(
      `${where}: ${field}: expected ${expected}, received ${show(fields[field])}`,
    );
  }
}
