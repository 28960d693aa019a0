import type { LayerItem } from '../layers/spec.js';
import type { ActivationName } from '../program/ops.js';

/** What each loss is for. */
const TASKS = {
  'cross-entropy': 'classification',
  'squared-error': 'regression',
  'binary-cross-entropy': 'multi-label',
} as const;

export type LossName = keyof typeof TASKS;

/** Whether a network learns one of several classes, numbers, or a yes or no of each label. */
export type Task = (typeof TASKS)[LossName];

/** What a network learns by its loss. */
export function taskOf({ loss = 'cross-entropy' }: Pick<Network, 'loss'>): Task {
  return TASKS[loss];
}

/** A feed-forward network: layers, one after the other. */
export interface Network {
  /**
   * First the input, then the layers: widths, as in `[784, 32, 10]`, or descriptions of layers of other
   * kinds.
   */
  readonly layers: readonly LayerItem[];
  /** Of every layer with weights but the last. */
  readonly activation: ActivationName;
  /** Of the last layer with weights, before softmax. `relu` there is a mistake that the `listing` recipe needs. */
  readonly outputActivation: 'none' | 'relu';
  /**
   * `cross-entropy` of softmax, for classes (the default); `squared-error` of the last layer, for
   * numbers; `binary-cross-entropy` of sigmoids, for a yes or no of each output.
   */
  readonly loss?: LossName;
  /** The share that is dropped after each hidden activation while training; 0 if left out. */
  readonly dropout?: number;
}

/** The widths of a network of plain dense layers alone, from input to output; null for any other. */
export function denseWidths({ layers }: Pick<Network, 'layers'>): readonly number[] | null {
  const widths = layers.filter((item): item is number => typeof item === 'number');
  return widths.length === layers.length ? widths : null;
}
