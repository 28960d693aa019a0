import { BitgradError, show } from '@bitgrad/core';
import { parse } from 'yaml';
import { readFileBytes } from './files.js';
import { UsageError } from './usage-error.js';

/**
 * The largest file of settings, in bytes: 32 KiB, many times what all options take. The parser takes
 * time by the square of a broken file's length.
 */
const LARGEST = 2 ** 15;

/** Letters of the parser's reason that are shown: it may repeat the file. */
const LONGEST_REASON = 200;

/**
 * Reads a YAML or JSON file of options with their values. Integers come as BigInt.
 *
 * @throws BitgradError if the file cannot be read or is no such mapping
 */
export async function readYaml(path: string): Promise<Record<string, unknown>> {
  const text = new TextDecoder().decode(await readFileBytes(path, LARGEST));
  const content = parseYaml(text, path);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new BitgradError(
      `${path}: expected options with their values, received ${describe(content)}`,
      'write one option on each line, as in  epochs: 10',
    );
  }
  return content as Record<string, unknown>;
}

function parseYaml(text: string, path: string): unknown {
  try {
    // Integers as BigInt: a seed past 2^53 must not be rounded before it is refused.
    return parse(text, { intAsBigInt: true, prettyErrors: true, logLevel: 'error' });
  } catch (error) {
    const [reason] =
      error instanceof RangeError || /call stack/.test((error as Error).message)
        ? ['lists and mappings in each other at most a few hundred deep, received more']
        : (error as Error).message.split('\n');
    throw new BitgradError(
      `${path}: expected YAML or JSON: ${reason?.replace(/:$/, '').slice(0, LONGEST_REASON)}`,
    );
  }
}

/**
 * A value as the text that one would type; lists with commas.
 *
 * @param within the lists around it
 * @throws UsageError if it is neither a scalar nor a list of those
 */
export function scalarText(value: unknown, where: string, within: readonly unknown[] = []): string {
  // By an alias, a list may be in itself.
  if (Array.isArray(value) && !within.includes(value)) {
    return value.map((item) => scalarText(item, where, [...within, value])).join(',');
  }
  if (['string', 'number', 'bigint', 'boolean'].includes(typeof value) && value !== '') {
    return String(value);
  }
  throw new UsageError(`${where}: expected a value, received ${describe(value)}`);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'a mapping' : show(value);
}
