import type { Argv } from 'yargs';
import yargs from 'yargs';
import type { Arguments, Command, CommandEntry } from './command.js';
import { commands } from './commands/index.js';
import { withOwnNames } from './synonyms.js';
import { VERSION } from './versions.js';

/** What the command line asks for. */
export interface Invocation {
  readonly command: Command;
  readonly argv: Arguments;
}

/**
 * Reads the command line. Help and version are printed here.
 *
 * @param words after the program's name
 * @returns null where there is nothing more to do
 * @throws UsageError for an unknown command or option
 */
export async function parseCommandLine(words: readonly string[]): Promise<Invocation | null> {
  let invocation: Invocation | null = null;
  const parser = makeParser(await withOwnNames(words), (chosen) => {
    invocation = chosen;
  });
  try {
    await parser.parseAsync();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'YError') throw error;
    const { explainUsage } = await import('./explain-usage.js');
    throw await explainUsage(error.message, words);
  }
  return invocation;
}

/** The help of `bitgrad` itself. */
export function generalHelp(): Promise<string> {
  return makeParser([], () => undefined).getHelp();
}

/** What yargs says of a wrong command line, on its way to its explanation. */
class WrongUsage extends Error {
  /** As yargs calls such errors of its own. */
  override readonly name = 'YError';
}

/** What yargs says where there is no command. */
export const NO_COMMAND = 'expected a command, received none';

function makeParser(words: readonly string[], choose: (invocation: Invocation) => void): Argv {
  const parser = yargs(words.map((word) => (word === '-' ? DASH : word)))
    .scriptName('bitgrad')
    .usage('Usage: $0 <command> [options]\n\nTrains neural networks, bit-identical everywhere.')
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .locale('en')
    .wrap(Math.min(100, process.stdout.columns || 100))
    .option('json', { type: 'boolean', describe: 'print JSON Lines, one object an event' })
    .option('verbose', { type: 'boolean', describe: 'show the stack of an error' })
    .group(['json', 'verbose', 'help', 'version'], 'General:')
    .alias('h', 'help')
    .version(VERSION)
    .demandCommand(1, 1, NO_COMMAND)
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new WrongUsage(message);
    })
    .epilogue(
      'bitgrad <command> --help says more. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.',
    );
  for (const entry of commands) {
    parser.command(
      entry.usage,
      entry.summary,
      async (builder) => buildCommand(builder, entry, await entry.load()),
      async (argv) => choose({ command: await entry.load(), argv: withDashes(argv) }),
    );
  }
  return parser;
}

/** Stands for a lone dash, stdin, which yargs loses among positional arguments. No path holds a zero. */
const DASH = '\0-';

function withDashes(argv: Arguments): Arguments {
  const restored = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(restored) : value === DASH ? '-' : value;
  return Object.fromEntries(Object.entries(argv).map(([name, value]) => [name, restored(value)]));
}

/** What of yargs is not for others, at its pinned version. */
interface Internals {
  getInternalMethods(): { getUsageInstance(): { cacheHelpMessage(): void } };
}

/**
 * Every command that runs has its help laid out and kept, in case that it fails and wants to show it. None
 * here does, and it takes longer than all other reading of a command line.
 */
function spareHelp(builder: Argv): void {
  const internals = builder as unknown as Internals;
  internals.getInternalMethods().getUsageInstance().cacheHelpMessage = () => undefined;
}

function buildCommand(builder: Argv, { usage, summary }: CommandEntry, command: Command): Argv {
  const { positionals = {}, options, examples, epilogue = '' } = command;
  spareHelp(builder);
  builder.usage(`Usage: $0 ${usage} [options]\n\n${summary}`);
  for (const [name, describe] of Object.entries(positionals)) {
    builder.positional(name, { describe, type: 'string' });
  }
  return builder
    .options(options)
    .example(examples.map(([line, meaning]): [string, string] => [`$0 ${line}`, meaning]))
    .epilogue(epilogue);
}
