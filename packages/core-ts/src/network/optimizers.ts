import type { Node, Parameter } from '../layers/layer.js';
import type { Op } from '../program/ops.js';
import type { SliceDeclaration } from '../program/program.js';

/** In order of increasing complexity. `none` stops at the gradients. */
export type OptimizerName = 'none' | 'sgd' | 'momentum' | 'nesterov' | 'adam' | 'adamw';

/** How parameters are changed. */
export interface OptimizerPlan {
  readonly optimizer: OptimizerName;
  /** Of `momentum` and `nesterov`; 0.9 if left out. */
  readonly momentum?: number;
  /** The L2 coefficient λ of weights (biases have none). */
  readonly l2: number;
}

/** Adam's constants, as its authors suggest. */
export const BETA1 = 0.9;
export const BETA2 = 0.999;
const EPSILON = 1e-8;

/** What an optimiser remembers of each parameter, from step to step. */
const MEMORY: Readonly<Record<OptimizerName, readonly string[]>> = {
  none: [],
  sgd: [],
  momentum: ['velocity'],
  nesterov: ['velocity'],
  adam: ['firstMoment', 'secondMoment'],
  adamw: ['firstMoment', 'secondMoment'],
};

/** Whether a step reads `scalars` `[steps, 3]` instead of `rates` `[steps]`. */
export function readsScalars(optimizer: OptimizerName): boolean {
  return optimizer === 'adam' || optimizer === 'adamw';
}

/** The last parts of the names of what an optimiser remembers, as in `layers.0.weight.velocity`. */
export function memoryNames(optimizer: OptimizerName): readonly string[] {
  return MEMORY[optimizer];
}

/** The slices in which an optimiser remembers; with the parameters, they are a training's state. */
export function optimizerSlices(
  { parameters }: Pick<Node, 'parameters'>,
  optimizer: OptimizerName,
): SliceDeclaration[] {
  const trained = parameters.filter(({ isTrained }) => isTrained);
  return MEMORY[optimizer].flatMap((memory) =>
    trained.map(({ name, shape }): SliceDeclaration => [`${name}.${memory}`, 'f32', ...shape]),
  );
}

/** The updates of one layer. L2 and weight decay pull on weights, never on biases. */
export function updateOps({ parameters }: Pick<Node, 'parameters'>, plan: OptimizerPlan): Op[] {
  return parameters.flatMap((parameter) => (parameter.isTrained ? updateOp(parameter, plan) : []));
}

function updateOp(
  { name: parameter, gradient, length, decays }: Parameter,
  { optimizer, momentum = 0.9, l2 }: OptimizerPlan,
): Op[] {
  if (optimizer === 'none') return [];
  const common = { parameter, gradient, length, l2: decays ? Math.fround(l2) : 0 };
  if (optimizer === 'sgd') return [{ op: 'sgd', ...common, rates: 'rates' }];
  if (optimizer === 'momentum' || optimizer === 'nesterov') {
    return [
      {
        op: 'momentum',
        ...common,
        velocity: `${parameter}.velocity`,
        rates: 'rates',
        momentum: Math.fround(momentum),
        nesterov: optimizer === 'nesterov',
      },
    ];
  }
  return [
    {
      op: 'adam',
      ...common,
      firstMoment: `${parameter}.firstMoment`,
      secondMoment: `${parameter}.secondMoment`,
      scalars: 'scalars',
      beta1: Math.fround(BETA1),
      beta2: Math.fround(BETA2),
      complement1: Math.fround(1 - BETA1),
      complement2: Math.fround(1 - BETA2),
      epsilon: Math.fround(EPSILON),
      decayed: optimizer === 'adamw' && decays,
    },
  ];
}
