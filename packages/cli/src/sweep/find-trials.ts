import { type Dataset, datasetSha256, type Split, splitDataset } from '@bitgrad/core';
import type { Arguments } from '../command.js';
import { checkReadByAll, isEmbedded, loadData } from '../data-options.js';
import type { Source } from '../jobs/tasks.js';
import { nameOfData } from '../queue/find-data.js';
import { type NamedData, READING_OPTIONS } from '../queue/payload.js';
import { fitRecipe } from '../train/fit-recipe.js';
import { readRequest } from '../train/request.js';
import { UsageError } from '../usage-error.js';
import { checkHalving } from './halving.js';
import type { Goal, Plan, Texts } from './plan.js';
import { type Trial, trialName } from './trial.js';

/** The trainings of a plan, each once, with the data that they share. */
export interface Trials {
  readonly trials: readonly Trial[];
  readonly source: Source;
  /** The same data as other machines are told of them. */
  readonly named: NamedData;
}

/**
 * Makes recipes of a plan, by its data.
 *
 * @param path of the plan, for messages
 * @throws UsageError that names what does not fit
 */
export async function findTrials(plan: Plan, path: string): Promise<Trials> {
  const requestOf = async (texts: Arguments) => {
    try {
      return await readRequest({ ...texts });
    } catch (error) {
      if (error instanceof UsageError) throw new UsageError(`${path}: ${error.message}`, error.fix);
      throw error;
    }
  };
  const { data, loadOptions } = await requestOf(plan.common);
  await checkReadByAll(data);
  const dataset = await loadData(data, loadOptions);
  const sha256 = dataset.sha256 ?? (await datasetSha256(dataset));
  const trials = new Map<string, Trial>();
  for (const { texts, settings } of plan.variants) {
    const { base, changes, explain } = await requestOf(texts);
    try {
      const { recipe } = fitRecipe(base, changes, dataset);
      const name = await trialName(recipe, sha256);
      if (!trials.has(name)) trials.set(name, { name, recipe, settings });
    } catch (error) {
      const explained = explain(error);
      if (explained instanceof UsageError)
        throw new UsageError(`${path}: ${explained.message}`, explained.fix);
      throw explained;
    }
  }
  const all = [...trials.values()];
  const { recipe } = all[0]!;
  const split = splitDataset(dataset, recipe);
  if (plan.goal) checkGoal(plan.goal, dataset, split, path);
  if (plan.halving) checkHalving(all, plan.halving, plan.goal, split.validation.length, path);
  return {
    trials: all,
    source: { data, loadOptions, sha256 },
    named: {
      name: nameOfData(data),
      isEmbedded: isEmbedded(data),
      sha256,
      options: readingOptions(plan.common),
    },
  };
}

/** @throws UsageError for a goal of which no training has a value */
function checkGoal(goal: Goal, { values }: Dataset, split: Split, path: string): void {
  const part = goal.startsWith('test') ? 'test' : 'validation';
  if (split[part].length === 0) {
    throw new UsageError(
      `${path}: goal: expected ${part} samples for ${goal}, received a recipe without any`,
      'keep some apart, as in  split: 0.7,0.15,0.15, or choose another goal',
    );
  }
  if (goal.endsWith('Accuracy') && values !== undefined) {
    throw new UsageError(
      `${path}: goal: expected ${part}Loss where one of several classes is not what is learnt, received ${goal}`,
    );
  }
}

function readingOptions(common: Texts): Texts {
  return Object.fromEntries(
    Object.entries(common).filter(([option]) => READING_OPTIONS.includes(option)),
  );
}
