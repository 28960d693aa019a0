import { BitgradError, type Recipe, show } from '@bitgrad/core';
import type { DataChoice } from '../data/store.js';
import { changedSettings, recipeFrom, recipeProblem, SETTINGS } from './settings.js';

/** What a share link carries. */
export interface Shared {
  readonly recipe: Recipe;
  readonly data: DataChoice;
  /** The sender's digest after the last epoch, to compare with, or null. */
  readonly digest: string | null;
}

/** Writes what is shared as the query of a hash, as in `recipe=mnist&seed=7`. */
export function encodeShared({ recipe, data, digest }: Shared): string {
  const query = new URLSearchParams({ recipe: recipe.name });
  for (const { option, value } of changedSettings(recipe)) query.set(option, value);
  if (data !== 'all') query.set('data', data);
  if (digest !== null) query.set('digest', digest);
  // Commas are allowed in a hash, and layers are easier to read with them.
  return query.toString().replaceAll('%2C', ',');
}

/** What a link may say beside settings. */
const OTHERS: readonly string[] = ['recipe', 'data', 'digest', 'drawing'];

/**
 * Reads a share link's query.
 *
 * @throws BitgradError if it holds anything that is not a valid recipe for this page
 */
export function decodeShared(text: string): Shared | null {
  const query = new Map(new URLSearchParams(text));
  const name = query.get('recipe');
  if (name === undefined) return null;
  for (const key of query.keys()) {
    // What is passed over in silence would train something else than was sent.
    if (!OTHERS.includes(key) && !SETTINGS.some(({ option }) => option === key))
      throw new BitgradError(`${show(key)}: expected a setting that this page has`);
  }
  const recipe = recipeFrom(name, query);
  const problem = recipeProblem(recipe);
  if (problem !== null) throw new BitgradError(`${problem.field}: ${problem.problem}`);
  const digest = query.get('digest') ?? null;
  if (digest !== null && !/^[0-9a-f]{64}$/.test(digest)) {
    throw new BitgradError('digest: expected 64 hexadecimal digits');
  }
  const data = query.get('data') ?? 'all';
  if (data !== 'all' && data !== 'first')
    throw new BitgradError(`data: expected all or first, received ${show(data)}`);
  return { recipe, data, digest };
}
