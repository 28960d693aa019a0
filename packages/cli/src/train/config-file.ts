import { BitgradError, show } from '@bitgrad/core';
import { parse } from 'yaml';
import { readFileBytes } from '../files.js';
import { kebab } from '../suggest.js';
import { UsageError } from '../usage-error.js';
import { suggestOption } from './settings.js';

/** The largest file of settings, in bytes: 1 MiB. */
const LARGEST = 2 ** 20;

/**
 * Reads a configuration file, YAML or JSON: a mapping of option names (`batch-size`, `batchSize`)
 * to values. Lists may be written as lists.
 *
 * @param options the names that may occur
 * @returns each option's value as the text that one would type
 * @throws BitgradError if the file cannot be read or is not such a mapping; UsageError for a name
 *   that is no option, or a value that is no scalar
 */
export async function readConfigFile(
  path: string,
  options: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const text = new TextDecoder().decode(await readFileBytes(path, LARGEST));
  const content = parseYaml(text, path);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new BitgradError(
      `${path}: expected options with their values, received ${describe(content)}`,
      'write one option on each line, as in  epochs: 10',
    );
  }
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(content)) {
    const option = kebab(key);
    if (!options.includes(option)) {
      const meant = suggestOption(key, options);
      throw new UsageError(
        `${path}: unknown option ${show(key)}`,
        meant === undefined ? 'see bitgrad train --help' : `did you mean ${meant}?`,
      );
    }
    if (texts.has(option)) throw new UsageError(`${path}: ${option} is there twice`);
    texts.set(option, scalarText(value, `${path}: ${key}`));
  }
  return texts;
}

function parseYaml(text: string, path: string): unknown {
  try {
    // Integers as BigInt: a seed past 2^53 must not be rounded before it is refused.
    return parse(text, { intAsBigInt: true, prettyErrors: true });
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new BitgradError(`${path}: expected YAML or JSON: ${reason?.replace(/:$/, '')}`);
  }
}

function scalarText(value: unknown, where: string): string {
  if (Array.isArray(value)) return value.map((item) => scalarText(item, where)).join(',');
  if (['string', 'number', 'bigint', 'boolean'].includes(typeof value) && value !== '') {
    return String(value);
  }
  throw new UsageError(`${where}: expected a value, received ${describe(value)}`);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'a mapping' : show(value);
}
