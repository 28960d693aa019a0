import { NO_COMMAND } from './cli.js';
import type { CommandEntry } from './command.js';
import { commands } from './commands/index.js';
import { suggest } from './suggest.js';
import { UsageError } from './usage-error.js';

const GLOBAL_OPTIONS = ['json', 'verbose', 'help', 'version'];

/**
 * Turns what yargs says of a wrong command line into this program's own form, with a suggestion.
 *
 * @param message of yargs, in English
 * @param words after the program's name
 */
export async function explainUsage(message: string, words: readonly string[]): Promise<UsageError> {
  const first = words.find((word) => !word.startsWith('-'));
  const command = commands.find((one) => nameOf(one) === first);
  const help = `see bitgrad ${command === undefined ? '' : `${first} `}--help`;
  const names = /^Unknown (?:arguments?|commands?): (.*)$/.exec(message)?.[1];
  if (names !== undefined) {
    if (command === undefined && first !== undefined) return unknownCommand(first, help);
    const name = names.split(', ')[0]!;
    const typed = words.find((word) => isOptionOf(word, name));
    if (typed !== undefined) return unknownOption(typed, command, help);
    return new UsageError(`${name}: unexpected argument`, help);
  }

  const valueless = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
  if (valueless !== undefined) {
    return new UsageError(`--${valueless}: expected a value, received none`, help);
  }
  // An unknown option in front may have swallowed the command.
  const [option] = words.filter((word) => word.startsWith('-') && !isGlobal(word));
  if (message === NO_COMMAND && option !== undefined) {
    return unknownOption(option, undefined, 'see bitgrad --help');
  }
  if (command === undefined || !message.startsWith('Not enough non-option arguments')) {
    return new UsageError(message, help);
  }
  const given = Number(/got (\d+)/.exec(message)?.[1] ?? 0);
  const needed = command.usage.split(' ').filter((word) => !word.startsWith('['));
  const missing = needed.slice(1 + given).join(' ');
  return new UsageError(`expected bitgrad ${needed.join(' ')}, received no ${missing}`, help);
}

function unknownCommand(name: string, help: string): UsageError {
  const meant = suggest(name, commands.map(nameOf));
  const hint = meant === undefined ? help : `did you mean bitgrad ${meant}?`;
  return new UsageError(`${name}: unknown command`, hint);
}

async function unknownOption(
  typed: string,
  command: CommandEntry | undefined,
  help: string,
): Promise<UsageError> {
  const { suggestOption } = await import('./train/settings.js');
  const options = (await command?.load())?.options ?? {};
  const known = [...GLOBAL_OPTIONS, ...Object.keys(options)];
  const option = suggestOption(nameIn(typed), known);
  return new UsageError(
    `${typed.replace(/=.*$/, '')}: unknown option`,
    option === undefined ? help : `did you mean --${option}?`,
  );
}

function isGlobal(word: string): boolean {
  return GLOBAL_OPTIONS.includes(nameIn(word));
}

/** Whether yargs, which cuts `-ab` into letters, made `name` out of this word. */
function isOptionOf(word: string, name: string): boolean {
  if (word.startsWith('--')) return nameIn(word) === name || nameIn(word) === `no-${name}`;
  return word.startsWith('-') && nameIn(word).includes(name);
}

function nameIn(word: string): string {
  return word.replace(/^-+/, '').replace(/=.*$/s, '');
}

function nameOf({ usage }: CommandEntry): string {
  return usage.split(' ')[0]!;
}
