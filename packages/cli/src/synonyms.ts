import { commands } from './commands/index.js';

/** What other programs call some options. */
const OPTIONS: Readonly<Record<string, string>> = {
  target: 'label',
  hidden: 'layers',
  'hidden-layers': 'layers',
  device: 'backend',
  output: 'out',
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
  return words.map((word) => {
    const other = nameOf(word);
    const own = OPTIONS[other];
    if (!isOther(word) || own === undefined || Object.hasOwn(options, other)) return word;
    return Object.hasOwn(options, own) ? word.replace(`--${other}`, `--${own}`) : word;
  });
}

/** The name in `--name` or `--name=value`; of any other word, nothing. */
function nameOf(word: string): string {
  return /^--([a-z][a-z-]*)(?:=|$)/.exec(word)?.[1] ?? '';
}
