import type { ImageSize } from '../dataset.js';
import type { Metrics, TargetScores } from '../metrics/metrics.js';
import type { Recipe } from '../recipe/recipe.js';

/** The version of the numeric contract (docs/contract.md) that this code keeps. */
export const CONTRACT = 1;

/** The form of the receipts that this code writes; one without a `format` is of format 1. */
export const RECEIPT_FORMAT = 2;

/**
 * What a training was and what came of it: only what can be reproduced, so that two trainings of
 * the same recipe on the same data have equal receipts, byte for byte, whatever ran them. A field that
 * a receipt lacks, because it is older than the field, says nothing.
 */
export interface Receipt {
  /** Left out in format 1, which version 0.1.0 wrote. */
  readonly format?: number;
  readonly contract: number;
  readonly recipe: Recipe;
  readonly dataset: {
    readonly name: string;
    /** Of the raw inputs and labels. */
    readonly sha256: string;
    /** Of the network's inputs after preprocessing, and the labels. */
    readonly inputSha256: string;
    readonly features: number;
    /** Numbers that the network gives for a sample. */
    readonly outputs: number;
    /** 0 where the targets are numbers. */
    readonly classes: number;
    readonly image: ImageSize | null;
    /** Samples of each part. */
    readonly train: number;
    readonly validation: number;
    readonly test: number;
  };
  /** In format 1: SHA-256 of the compiled program's JSON, which `run` has since. Never compared. */
  readonly programSha256?: string;
  /** `weightsSha256` after each epoch. */
  readonly epochs: readonly string[];
  /**
   * SHA-256 of the whole state after each epoch (`stateSha256`), from which alone the rest of the
   * training follows. Format 1 has none.
   */
  readonly states?: readonly string[];
  /** The epoch whose weights are kept, counted from 1, if the recipe has patience. */
  readonly bestEpoch: number | null;
  /** Of the parameters in this file. */
  readonly weightsSha256: string;
  /**
   * Of the classes' names, a table's encoding, and its means and deviations; left out where the
   * model has none of them.
   */
  readonly preparationSha256?: string;
  /** Accuracies are fractions; null where the part is empty. */
  readonly validationAccuracy: number | null;
  readonly validationLoss: number | null;
  readonly testAccuracy: number | null;
  readonly testLoss: number | null;
  /** Measures of the test samples; left out where there are none, and before format 2 had them. */
  readonly metrics?: Metrics;
  /** The same of always saying the commonest class, or the mean, of the test samples. */
  readonly baseline?: Metrics;
  /** Both of each target, where there are several. */
  readonly targets?: readonly TargetScores[];
}

/** How this file came to be: what may differ from one training to the next. */
export interface RunRecord {
  /** Version of each Bitgrad package. */
  readonly versions: Readonly<Record<string, string>>;
  readonly backend: string;
  readonly isa: string;
  readonly threads: number;
  /** SHA-256 of the compiled program's JSON; left out before receipts of format 2. */
  readonly programSha256?: string;
  /** Training alone, in seconds. */
  readonly trainSeconds: number;
  readonly samplesPerSecond: number;
  /** ISO 8601, UTC. */
  readonly finishedAt: string;
}
