import type { EpochReport, Progress, StartReport, TrainedModel } from '@bitgrad/core';
import type { Choice } from '../backends.js';
import type { metricNamesOf } from './metrics.js';

/** A training that came to its end, and where its model lies. */
export interface Finish {
  readonly model: TrainedModel;
  /** As the caller named it. */
  readonly out: string;
  readonly bytes: number;
  /** The report, likewise, where there is one. */
  readonly plot: string | undefined;
  /** The data, as the caller named them. */
  readonly data: string;
  /** The measures to print; null for all. */
  readonly metricNames: ReturnType<typeof metricNamesOf>;
}

/** Shows a training as it goes. The calls come in this order. */
export interface Display {
  start(report: StartReport, choice: Choice): void;
  progress(progress: Progress): void;
  epoch(report: EpochReport): void;
  /** Takes away what was only there for the time of the training, however it ended. */
  close(): void;
  finish(finish: Finish): void;
}
