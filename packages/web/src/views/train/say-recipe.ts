import { layersText, parseAugmentation, partsOf, type Recipe } from '@bitgrad/core';
import type { DataChoice } from '../../data/store.js';
import { grouped } from '../../parts/format.js';

const ACTIVATIONS: Readonly<Record<string, string>> = {
  relu: 'ReLU',
  'leaky-relu': 'leaky ReLU',
  elu: 'ELU',
};

/** Layers as one would type them, with `between` each two; what is no list of layers stays as it was typed. */
export function sayLayers(layers: Recipe['layers'], between: string): string {
  return (Array.isArray(layers) ? layersText(layers) : String(layers)).replaceAll(',', between);
}

/** How many samples a recipe trains on. */
export function samplesOf({ subset, split }: Recipe, data: DataChoice): number {
  const [train, test] = data === 'all' ? [60_000, 10_000] : [6_000, 1_000];
  const taken = subset ?? (split === null ? train : train + test);
  return split === null ? taken : Math.floor(partsOf(split).fractions[0] * taken);
}

/**
 * A recipe as one would tell it.
 *
 * @param samples how many it trains on
 */
export function sayRecipe(recipe: Recipe, samples: number): string {
  const { layers, activation, learningRate, schedule, batchSize, epochs, seed, augment } = recipe;
  const network = `${sayLayers(layers, ' → ')} with ${ACTIVATIONS[activation] ?? activation}`;
  const pixels = recipe.preprocess === 'binarize' ? 'black and white' : 'grey';
  const moved = sayAugmentation(augment);
  const falling = schedule === 'constant' ? '' : ', falling';
  const rows = batchSize === 1 ? 'one by one' : `in steps of ${batchSize}`;
  return `${network}, taught with ${grouped(samples)} ${pixels} digits${moved}, ${rows}, for ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} at rate ${learningRate}${falling}. Seed ${seed}.`;
}

function sayAugmentation(augment: string): string {
  const { isAffine, flips, shift } = parseAugmentation(augment);
  const mirrored = flips ? ', half of them mirrored' : '';
  if (isAffine) return `, each stretched, slanted and moved a little${mirrored}`;
  return `${shift > 0 ? `, each shifted by up to ${shift}\u00a0px` : ''}${mirrored}`;
}
