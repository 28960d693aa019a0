import type { Model } from '../network/model.js';
import { decodeTargets } from './encoding.js';

/** What a model says of a sample. */
export type Prediction =
  | {
      /** The most probable class; of equals, the first. */
      readonly label: number;
      /** Its name, where classes have names. */
      readonly className?: string;
      /** `[classes]` */
      readonly probabilities: readonly number[];
    }
  | {
      /** `[outputs]`, where numbers are learnt. */
      readonly outputs: readonly number[];
    };

/**
 * Reads what a network gives for one sample.
 *
 * @param values `[outputs]`, as a `Predictor` gives them
 */
export function predictionOf(
  { recipe, classNames, encoding }: Pick<Model, 'recipe' | 'classNames' | 'encoding'>,
  values: Float32Array,
): Prediction {
  if (recipe.loss === 'squared-error') return { outputs: [...decodeTargets(encoding, values)] };
  const label = largestAt(values);
  return {
    label,
    ...(classNames ? { className: classNames[label]! } : {}),
    probabilities: [...values],
  };
}

/** Where the largest value is; of equals, the first. */
export function largestAt(values: Float32Array): number {
  let at = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i]! > values[at]!) at = i;
  return at;
}
