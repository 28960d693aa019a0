import type { Model } from '../network/model.js';
import { taskOf } from '../network/network.js';
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
    }
  | {
      /** `[labels]`: of each the text that is more probable, or 1 and 0 where they have no texts. */
      readonly labels: readonly (string | number)[];
      /** `[labels]`, of yes. */
      readonly probabilities: readonly number[];
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
  const task = taskOf(recipe);
  if (task === 'regression') return { outputs: [...decodeTargets(encoding, values)] };
  const probabilities = listOf(values);
  if (task === 'multi-label') {
    const labels = probabilities.map((probability, at) => labelOf(encoding, at, probability));
    return { labels, probabilities };
  }
  const label = largestAt(values);
  return {
    label,
    ...(classNames ? { className: classNames[label]! } : {}),
    probabilities,
  };
}

/** Spreading a typed array takes several times as long. */
function listOf(values: Float32Array): number[] {
  const list: number[] = [];
  for (let at = 0; at < values.length; at += 1) list.push(values[at]!);
  return list;
}

/**
 * What a label's probability of yes says: yes where it is above ½.
 *
 * @param at which label
 */
export function labelOf(
  encoding: Model['encoding'],
  at: number,
  probability: number,
): string | number {
  const flag = Number(probability > 0.5);
  return encoding?.targets?.[at]?.categories?.[flag] ?? flag;
}

/** Where the largest value is; of equals, the first. */
export function largestAt(values: Float32Array): number {
  let at = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i]! > values[at]!) at = i;
  return at;
}
