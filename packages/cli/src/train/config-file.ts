import { show } from '@bitgrad/core';
import { kebab } from '../suggest.js';
import { UsageError } from '../usage-error.js';
import { readYaml, scalarText } from '../yaml-file.js';
import { suggestOption } from './settings.js';

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
  const content = await readYaml(path);
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
