import { Stream, show } from '@bitgrad/core';
import { parseInteger } from '../arguments.js';
import { kebab } from '../suggest.js';
import { TABLE_OPTIONS } from '../table-options.js';
import { SETTINGS, suggestOption } from '../train/settings.js';
import { UsageError } from '../usage-error.js';
import { readYaml, scalarText } from '../yaml-file.js';

/** Values of options of `train`, as the texts that one would type. */
export type Texts = Readonly<Record<string, string>>;

/** What the sweep looks for. */
export const GOALS = ['validationLoss', 'validationAccuracy', 'testLoss', 'testAccuracy'] as const;
export type Goal = (typeof GOALS)[number];

/** One training of a sweep. */
export interface Variant {
  /** What was varied, by option; variants that differ in seed and fold alone have the same. */
  readonly settings: Texts;
  /** All options of the training. */
  readonly texts: Texts;
}

/** A plan, read and checked. */
export interface Plan {
  /** Options that all trainings have in common. */
  readonly common: Texts;
  /** The options that are varied. */
  readonly varied: readonly string[];
  readonly variants: readonly Variant[];
  /** Null where the data decide. */
  readonly goal: Goal | null;
  /** Null where every training goes to its end. */
  readonly halving: Halving | null;
}

/** Successive halving: all settings train some epochs, the best of them more, and so on. */
export interface Halving {
  /** Of so many settings, one goes on. */
  readonly factor: number;
  /** After which epoch it is first decided; null where the number of settings decides. */
  readonly first: number | null;
}

/** What is usual where a plan or the command only says that there is halving. */
export const USUAL_HALVING: Halving = { factor: 3, first: null };

/** What a plan may set for all of its trainings. */
export const PLAN_OPTIONS: readonly string[] = [
  ...['recipe', 'data', 'label', 'image-size', 'channels', ...Object.keys(TABLE_OPTIONS)],
  ...SETTINGS.map(({ option }) => option),
];

const OWN_KEYS = ['grid', 'random', 'seeds', 'folds', 'goal', 'halving'];
const SETTING_NAMES = SETTINGS.map(({ option }) => option);
/** Digits of a number drawn at random: few enough that every machine draws the same one. */
const DIGITS = 3;
/** Trainings of a plan, and of whatever it counts. */
const MOST = 100_000;

/**
 * Reads a plan: a file of `train`'s options, as for `--config`, and what is varied.
 *
 * - `grid`: lists of values by option; every combination of them.
 * - `random`: `trials` and `seed`, and by option a list, or `{from, to}` for a number between (with
 *   `scale: log` as likely in each order of magnitude); so many draws, each beside the whole grid.
 * - `seeds`: a list, or how many (from 1 on); every variant with each.
 * - `folds`: how many; every variant with each part as the tested one.
 * - `goal`: what to choose the best by.
 * - `halving`: `true`, or `factor` and `first`: see `Halving`.
 *
 * @param options that a plan may set for all trainings
 * @throws UsageError that names the key
 */
export async function readPlan(path: string, options: readonly string[]): Promise<Plan> {
  return planOf(await readYaml(path), path, options);
}

/**
 * The same of a plan that is no file.
 *
 * @param path what to call it in messages
 */
export function planOf(
  content: Readonly<Record<string, unknown>>,
  path: string,
  options: readonly string[],
): Plan {
  const own = Object.entries(content).filter(([key]) => !OWN_KEYS.includes(key));
  const common = byOption(own, options, path, OWN_KEYS, (value, key) =>
    scalarText(value, `${path}: ${key}`),
  );
  const grid = valuesIn(content.grid ?? {}, `${path}: grid`);
  const draws = drawsIn(content.random, `${path}: random`);
  const seeds = seedsIn(content.seeds, `${path}: seeds`);
  const folds = foldsIn(content.folds, `${path}: folds`);
  const goal = goalIn(content.goal, `${path}: goal`);
  const halving = halvingIn(content.halving, `${path}: halving`);
  const varied = [...Object.keys(grid), ...Object.keys(draws[0]!)];
  checkOnce(
    [
      ['set', Object.keys(common)],
      ['varied by grid', Object.keys(grid)],
      ['varied by random', Object.keys(draws[0]!)],
      ['varied by seeds', Object.keys(seeds[0]!)],
      ['varied by folds', Object.keys(folds[0]!)],
    ],
    path,
  );
  const sizes = [draws, ...Object.values(grid), seeds, folds].map(({ length }) => length);
  const count = sizes.reduce((product, size) => product * size, 1);
  if (count > MOST) {
    throw new UsageError(
      `${path}: expected at most ${MOST} trainings, received ${sizes.filter((size) => size > 1).join(' × ')} = ${count}`,
      'draw some of them with random, or make several plans',
    );
  }
  const settings = draws.flatMap((drawn) =>
    combinations(grid).map((texts): Texts => ({ ...texts, ...drawn })),
  );
  const variants = settings.flatMap((own) =>
    seeds.flatMap((seed) =>
      folds.map(
        (fold): Variant => ({ settings: own, texts: { ...common, ...own, ...seed, ...fold } }),
      ),
    ),
  );
  return { common, varied, variants, goal, halving };
}

/** @throws UsageError if one thing would be decided twice */
function checkOnce(
  ways: readonly (readonly [way: string, options: string[]])[],
  path: string,
): void {
  const decided = new Map<string, string>();
  for (const [way, options] of ways) {
    for (const option of options) {
      const before = decided.get(option);
      if (before !== undefined) {
        throw new UsageError(
          `${path}: ${option} is both ${before} and ${way}`,
          'leave one of them out',
        );
      }
      decided.set(option, way);
    }
  }
}

/**
 * What keys hold, by the options that they name.
 *
 * @param others that may stand beside them
 * @throws UsageError if a key names no option, or two name the same one
 */
function byOption<Value>(
  entries: readonly (readonly [key: string, value: unknown])[],
  options: readonly string[],
  where: string,
  others: readonly string[],
  read: (value: unknown, key: string) => Value,
): Record<string, Value> {
  const keys = new Map<string, string>();
  const found: Record<string, Value> = {};
  for (const [key, value] of entries) {
    const option = optionOf(key, options, where, others);
    const before = keys.get(option);
    if (before !== undefined) {
      throw new UsageError(
        `${where}: ${before} and ${key} are the same option`,
        'leave one of them out',
      );
    }
    keys.set(option, key);
    found[option] = read(value, key);
  }
  return found;
}

function optionOf(
  key: string,
  options: readonly string[],
  where: string,
  others: readonly string[],
): string {
  // A recipe's fields are understood by their own names, too.
  const option = SETTINGS.find(({ field }) => field === key)?.option ?? kebab(key);
  if (options.includes(option)) return option;
  const meant = suggestOption(key, [...options, ...others]);
  throw new UsageError(
    `${where}: expected ${['an option of train', ...others].join(', ')}, received ${show(key)}`,
    meant === undefined ? 'see bitgrad train --help' : `did you mean ${meant}?`,
  );
}

/** Lists of values by option. */
function valuesIn(value: unknown, where: string): Record<string, readonly string[]> {
  return byOption(Object.entries(mapping(value, where)), SETTING_NAMES, where, [], (list, key) =>
    listOf(list, `${where}: ${key}`),
  );
}

function listOf(value: unknown, where: string): string[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new UsageError(`${where}: expected a list of values, received ${show(value)}`);
  }
  return value.map((one) => scalarText(one, where));
}

function drawsIn(value: unknown, where: string): Texts[] {
  if (value === undefined) return [{}];
  const { trials, seed = 1n, ...ranges } = mapping(value, where);
  const count = countIn(trials, `${where}: trials`);
  const stream = new Stream(seedIn(seed, `${where}: seed`), 'shuffle', 0);
  const others = ['trials', 'seed'];
  const drawers = Object.entries(
    byOption(Object.entries(ranges), SETTING_NAMES, where, others, (range, key) =>
      drawerOf(range, `${where}: ${key}`),
    ),
  );
  if (drawers.length === 0) {
    throw new UsageError(
      `${where}: expected options to draw, received trials and seed alone`,
      'as in  random: { trials: 10, lr: { from: 0.001, to: 0.1, scale: log } }',
    );
  }
  return Array.from({ length: count }, () =>
    Object.fromEntries(drawers.map(([option, draw]) => [option, draw(stream)])),
  );
}

function drawerOf(range: unknown, where: string): (stream: Stream) => string {
  if (Array.isArray(range)) {
    const values = listOf(range, where);
    return (stream) => values[stream.below(values.length)]!;
  }
  const { from, to, scale = 'linear', ...others } = mapping(range, where);
  const [low, high] = [numberIn(from, `${where}: from`), numberIn(to, `${where}: to`)];
  const isLog = scale === 'log';
  const isWhole = typeof from === 'bigint' && typeof to === 'bigint';
  if ((!isLog && scale !== 'linear') || Object.keys(others).length > 0 || !(low < high)) {
    throw new UsageError(
      `${where}: expected a list, or from, a larger to, and scale: log or linear, received ${show(JSON.stringify(range, (_, one) => (typeof one === 'bigint' ? Number(one) : one)))}`,
    );
  }
  if (isLog && low <= 0) {
    throw new UsageError(`${where}: from: expected a number above 0, received ${low}`);
  }
  return (stream) => {
    const share = stream.nextUint32() / 2 ** 32;
    const drawn = isLog ? low * Math.exp(share * Math.log(high / low)) : low + share * (high - low);
    return String(isWhole ? Math.round(drawn) : Number(drawn.toPrecision(DIGITS)));
  };
}

function seedsIn(value: unknown, where: string): Texts[] {
  if (value === undefined) return [{}];
  const seeds = Array.isArray(value)
    ? listOf(value, where)
    : Array.from({ length: countIn(value, where) }, (_, at) => String(at + 1));
  return seeds.map((seed) => ({ seed }));
}

function foldsIn(value: unknown, where: string): Texts[] {
  if (value === undefined) return [{}];
  const folds = countIn(value, where, 2);
  return Array.from({ length: folds }, (_, at) => ({ fold: `${at + 1}/${folds}` }));
}

function goalIn(value: unknown, where: string): Goal | null {
  const goal = GOALS.find((one) => one === value);
  if (goal === undefined && value !== undefined) {
    throw new UsageError(`${where}: expected ${GOALS.join(', ')}, received ${show(value)}`);
  }
  return goal ?? null;
}

function halvingIn(value: unknown, where: string): Halving | null {
  if (value === undefined || value === false) return null;
  if (value === true) return USUAL_HALVING;
  const { factor = USUAL_HALVING.factor, first, ...others } = mapping(value, where);
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new UsageError(`${where}: expected factor, first, received ${show(other)}`);
  }
  const count = countIn(factor, `${where}: factor`, 2);
  return { factor: count, first: first === undefined ? null : countIn(first, `${where}: first`) };
}

function combinations(lists: Readonly<Record<string, readonly string[]>>): Texts[] {
  return Object.entries(lists).reduce<Texts[]>(
    (all, [option, values]) =>
      all.flatMap((texts) => values.map((value) => ({ ...texts, [option]: value }))),
    [{}],
  );
}

function mapping(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new UsageError(`${where}: expected options with their values, received ${show(value)}`);
}

function countIn(value: unknown, where: string, least = 1): number {
  const count = parseInteger(String(value));
  if (count !== undefined && count >= least && count <= MOST) return count;
  throw new UsageError(
    `${where}: expected an integer from ${least} to ${MOST}, received ${show(value)}`,
  );
}

function seedIn(value: unknown, where: string): number {
  const seed = numberIn(value, where);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new UsageError(
    `${where}: expected an integer from 0 to ${Number.MAX_SAFE_INTEGER}, received ${seed}`,
  );
}

function numberIn(value: unknown, where: string): number {
  const number = Number(value);
  if (['number', 'bigint'].includes(typeof value) && Number.isFinite(number)) return number;
  throw new UsageError(`${where}: expected a number, received ${show(value)}`);
}
