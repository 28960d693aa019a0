import { commands } from './commands/index.js';

/** What other programs call some options. */
const OPTIONS: Readonly<Record<string, string>> = {
  target: 'label',
  hidden: 'layers',
  'hidden-layers': 'layers',
  device: 'backend',
  output: 'out',
  'early-stopping': 'patience',
  'n-splits': 'folds',
  'k-folds': 'folds',
  cv: 'folds',
};

/** What other programs call some values of them: everything is computed on the processor. */
const VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  device: { cpu: 'auto' },
};

/**
 * The same command line with this program's names for options that other programs call otherwise,
 * where the command has the one and not the other.
 *
 * @param words after the program's name
 */
export async function withOwnNames(words: readonly string[]): Promise<string[]> {
  const isOther = (word: string): boolean => Object.hasOwn(OPTIONS, nameOf(word));
  if (!words.some(isOther)) return [...words];
  const name = words.find((word) => !word.startsWith('-'));
  const entry = commands.find(({ usage }) => usage.split(' ')[0] === name);
  if (entry === undefined) return [...words];
  const { options } = await entry.load();
  const isTaken = (other: string): boolean =>
    Object.hasOwn(OPTIONS, other) &&
    !Object.hasOwn(options, other) &&
    Object.hasOwn(options, OPTIONS[other]!);
  return words.map((word, at) => {
    const other = nameOf(word);
    const before = nameOf(words[at - 1] ?? '');
    if (isTaken(before) && !words[at - 1]!.includes('=')) return ownValue(before, word);
    if (!isTaken(other)) return word;
    const [, value] = /^[^=]*=(.*)$/s.exec(word) ?? [];
    const own = `--${OPTIONS[other]}`;
    return value === undefined ? own : `${own}=${ownValue(other, value)}`;
  });
}

function ownValue(other: string, value: string): string {
  const values = VALUES[other] ?? {};
  return Object.hasOwn(values, value) ? values[value]! : value;
}

/** The name in `--name` or `--name=value`, with dashes for underscores; of any other word, nothing. */
function nameOf(word: string): string {
  return (/^--([a-z][a-z_-]*)(?:=|$)/.exec(word)?.[1] ?? '').replaceAll('_', '-');
}
