import { checkRecipe, RECIPES, type Recipe, RecipeError, show } from '@bitgrad/core';
import { flagTextOf, textOf } from '../arguments.js';
import type { Arguments } from '../command.js';
import { suggest } from '../suggest.js';
import { UsageError } from '../usage-error.js';
import { readConfigFile } from './config-file.js';
import { RECIPE_NAMES, SETTINGS } from './settings.js';

const DEFAULT_RECIPE = 'mnist';
const FLAGS = SETTINGS.filter(({ isFlag }) => isFlag).map(({ option }) => option);
const OTHER_OPTIONS = ['recipe', 'data', 'loss', 'backend', 'threads', 'isa', 'out'];
const ALL_OPTIONS = [...SETTINGS.map(({ option }) => option), ...OTHER_OPTIONS];

/** What somebody asks `train` to do. */
export interface TrainingRequest {
  readonly recipe: Recipe;
  /** Values that are no part of the recipe, as texts. */
  readonly data: string;
  readonly out: string;
  readonly backend: string;
  readonly threads: string | undefined;
  readonly isa: string | undefined;
  /** The same error, or for one about a recipe's field, one that names the option instead. */
  readonly explain: (error: unknown) => unknown;
}

/**
 * Puts a request together: the recipe's values, those of `--config` over them, options over both.
 *
 * @throws UsageError for a wrong value, named as the option or the line of the file that holds it
 */
export async function readRequest(argv: Arguments): Promise<TrainingRequest> {
  const configFile = textOf(argv, 'config');
  const configured =
    configFile === undefined
      ? new Map<string, string>()
      : await readConfigFile(configFile, ALL_OPTIONS);
  const textFor = (option: string): string | undefined =>
    (FLAGS.includes(option) ? flagTextOf : textOf)(argv, option) ?? configured.get(option);
  /** Where an option's value came from, for messages. */
  const labelOf = (option: string): string =>
    argv[option] === undefined && configured.has(option)
      ? `${configFile}: ${option}`
      : `--${option}`;

  const explain = (error: unknown): unknown => {
    if (!(error instanceof RecipeError)) return error;
    const setting = SETTINGS.find(({ field }) => field === error.field);
    if (setting === undefined) return error;
    const problem = error.problem.replace(/, or null\b/, ', or all');
    return new UsageError(`${labelOf(setting.option)}: ${problem}`);
  };

  checkLoss(textFor('loss'), labelOf('loss'));
  const base = findRecipe(textFor('recipe') ?? DEFAULT_RECIPE, labelOf('recipe'));
  const changes = SETTINGS.flatMap(({ option, field, parse }) => {
    const text = textFor(option);
    return text === undefined ? [] : [[field, parse(text)]];
  });
  try {
    const recipe = checkRecipe({ ...base, ...Object.fromEntries(changes) });
    return {
      recipe,
      data: textFor('data') ?? 'mnist',
      out: textFor('out') ?? 'model.safetensors',
      backend: textFor('backend') ?? 'auto',
      threads: textFor('threads'),
      isa: textFor('isa'),
      explain,
    };
  } catch (error) {
    throw explain(error);
  }
}

function findRecipe(name: string, label: string): Recipe {
  if (Object.hasOwn(RECIPES, name)) return RECIPES[name]!;
  const meant = suggest(name, Object.keys(RECIPES));
  throw new UsageError(
    `${label}: expected ${RECIPE_NAMES}, received ${show(name)}`,
    meant === undefined ? undefined : `did you mean ${meant}?`,
  );
}

function checkLoss(loss: string | undefined, label: string): void {
  if (loss === undefined || loss === 'cross-entropy') return;
  throw new UsageError(`${label}: expected cross-entropy, received ${show(loss)}`);
}
