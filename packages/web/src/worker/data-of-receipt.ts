import { type Dataset, inputSha256, type Receipt } from '@bitgrad/core';
import { type OwnDigit, withOwnDigits } from '../data/own-digits.js';
import type { DataChoice } from '../data/store.js';

/** How many samples the first part has. More than that are never of it alone. */
const FIRST_SAMPLES = 7000;

/**
 * The data set that a receipt speaks of, among those that the page can make: found by the digest of
 * what the network is given, not by its name. Null where there is none.
 */
export async function dataOfReceipt(
  { dataset: wanted, recipe }: Receipt,
  load: (choice: DataChoice) => Promise<Dataset>,
  ownDigits: readonly OwnDigit[],
): Promise<Dataset | null> {
  const own = /\+own$/.test(wanted.name) ? ownDigits : [];
  const samples = wanted.train + wanted.validation + wanted.test;
  const choices: readonly DataChoice[] =
    samples <= FIRST_SAMPLES || own.length > 0 ? ['first', 'all'] : ['all'];
  for (const choice of choices) {
    const dataset = withOwnDigits(await load(choice), own);
    const digest = await inputSha256(dataset, recipe.preprocess);
    if (digest === wanted.inputSha256) return dataset;
  }
  return null;
}

/** Why a model cannot be repeated here, in words. */
export function sayNoData({ dataset: { name } }: Receipt): string {
  if (/\+random-labels$/.test(name))
    return 'It learned from labels that were dealt out by chance, for an experiment: there is nothing in them to verify.';
  return /\+own$/.test(name)
    ? 'It learned from digits that its maker drew, too, and the file does not hold them: only its maker can repeat it.'
    : `It learned from other data (“${name}”) than MNIST, which is all that this page has.`;
}
