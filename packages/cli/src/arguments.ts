import type { Arguments } from './command.js';
import { UsageError } from './usage-error.js';

export { parseInteger } from '@bitgrad/core';

/**
 * The text of an option with one value, or undefined if it was not given.
 *
 * @throws UsageError if it was given twice, or without a value
 */
export function textOf(argv: Arguments, option: string): string | undefined {
  const value = argv[option];
  if (value === undefined) return undefined;
  if (value === false) throw new UsageError(`--no-${option}: unknown option`);
  if (Array.isArray(value)) {
    throw new UsageError(`--${option}: expected one value, received ${value.length}`);
  }
  if (value === '') throw new UsageError(`--${option}: expected a value, received none`);
  return String(value);
}

/** The same for an option that is a flag: `true` where it stands alone, `false` after `--no-`. */
export function flagTextOf(argv: Arguments, option: string): string | undefined {
  const value = argv[option];
  return typeof value === 'boolean' ? String(value) : textOf(argv, option);
}
