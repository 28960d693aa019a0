import type { Op, Preprocess } from '../program/ops.js';
import type { Graph } from './graph.js';
import { type Network, taskOf } from './network.js';

/** What the samples are and how they become the network's input. */
export interface InputPlan {
  readonly sampleCount: number;
  /** Samples of the largest pass. */
  readonly capacity: number;
  readonly preprocess: Preprocess;
  /** The images' size where training shifts them, else null. */
  readonly shift: { readonly height: number; readonly width: number } | null;
  /** The images' size where training moves them by affine maps; not together with `shift`. */
  readonly affine?: { readonly height: number; readonly width: number } | null;
}

/** The slice that says how each image of a pass is moved, if they are. */
export type ImageMotion = 'none' | 'shifts' | 'maps';

/** The op that fetches a step's inputs. */
export function gatherInputs(
  { features }: Pick<Graph, 'features'>,
  input: InputPlan,
  motion: ImageMotion,
): Op {
  const { sampleCount, preprocess } = input;
  const common = {
    samples: 'samples',
    order: 'order',
    input: 'input',
    sampleCount,
    features,
  };
  if (motion === 'maps' && input.affine && preprocess !== 'none') {
    const { height, width } = input.affine;
    return { op: 'gatherAffine', ...common, maps: 'maps', height, width, preprocess };
  }
  const shifted = motion === 'shifts' ? input.shift : null;
  return {
    op: 'gather',
    ...common,
    shifts: shifted ? 'shifts' : null,
    height: shifted?.height ?? 0,
    width: shifted?.width ?? 0,
    preprocess,
  };
}

/** The op that fetches a step's targets: classes, or a number for each output. */
export function gatherTargets(
  network: Network,
  { outputs }: Pick<Graph, 'outputs'>,
  { sampleCount }: InputPlan,
): Op {
  const common = { order: 'order', sampleCount };
  if (taskOf(network) === 'classification') {
    return { op: 'gatherTargets', labels: 'labels', targets: 'targets', ...common };
  }
  return {
    op: 'gather',
    samples: 'values',
    shifts: null,
    input: 'targets',
    features: outputs,
    height: 0,
    width: 0,
    preprocess: 'none',
    ...common,
  };
}
