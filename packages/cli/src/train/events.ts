import { CONTRACT, type EpochReport, type StartReport } from '@bitgrad/core';
import type { Choice } from '../backends.js';
import type { Finish } from '../display/display.js';
import { namedTargets } from '../display/metrics.js';

/** What a training tells programs, one JSON object each. */
export interface TrainingEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** The first event. */
export function startEvent(report: StartReport, { backend }: Choice): TrainingEvent {
  const { recipe, epochsDone } = report;
  const { name, sha256, train, validation, test } = report.dataset;
  return {
    event: 'start',
    backend: backend.name,
    isa: backend.isa,
    threads: backend.threads,
    contract: CONTRACT,
    recipe,
    dataset: { name, sha256, train, validation, test },
    ...(epochsDone > 0 ? { epochsDone } : {}),
  };
}

/** After each epoch. The digest of the whole state is for receipts and checkpoints. */
export function epochEvent({ stateSha256: _, ...report }: EpochReport): TrainingEvent {
  return { event: 'epoch', ...report };
}

/** The last event. */
export function endEvent({ model, out, plot }: Finish): TrainingEvent {
  const { receipt, trainSeconds, samplesPerSecond } = model;
  return {
    event: 'end',
    epochs: receipt.epochs.length,
    ...(receipt.bestEpoch === null ? {} : { bestEpoch: receipt.bestEpoch }),
    testAccuracy: receipt.testAccuracy,
    testLoss: receipt.testLoss,
    metrics: receipt.metrics ?? null,
    baseline: receipt.baseline ?? null,
    ...(receipt.targets ? { targets: namedTargets(receipt, model.encoding) } : {}),
    weightsSha256: receipt.weightsSha256,
    trainSeconds,
    samplesPerSecond,
    out,
    ...(plot === undefined ? {} : { plot }),
  };
}
