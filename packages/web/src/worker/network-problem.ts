import { parameterCount, type Recipe, resolve } from '@bitgrad/core';

const SIDE = 28;
/** A page holds each weight several times: to learn, to show, and for each moment that can be gone back to. */
const MOST_WEIGHTS = 20_000_000;

/** Why a network is none for handwritten digits, by the field of its recipe; null where it is one. */
export function networkProblem(recipe: Recipe): { field: keyof Recipe; problem: string } | null {
  const { inputShape, features, outputs, nodes } = resolve(recipe);
  const [height, width = SIDE, channels = 1] = inputShape;
  const isImage = inputShape.length === 1 || (height === SIDE && width === SIDE && channels === 1);
  const last = nodes.filter(({ parameters }) => parameters.some(({ role }) => role === 'weight'));
  if (features !== SIDE * SIDE || !isImage || outputs !== 10 || recipe.loss !== 'cross-entropy')
    return {
      field: 'layers',
      problem: 'expected 784 inputs, or images of 28x28, and 10 outputs, which is what MNIST has',
    };
  const weights = parameterCount(recipe);
  if (weights > MOST_WEIGHTS)
    return {
      field: 'layers',
      problem: `expected at most ${MOST_WEIGHTS} weights, which is what a page can hold, received ${weights}`,
    };
  if (last.at(-1)?.spec.type !== 'dense')
    return { field: 'layers', problem: 'expected a dense layer of 10 at the end' };
  if (recipe.preprocess === 'none')
    return {
      field: 'preprocess',
      problem: 'expected binarize or scale, because MNIST holds bytes',
    };
  return null;
}
