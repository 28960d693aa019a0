import type { Options } from 'yargs';
import type { Goodbye } from './interruption.js';

/** Values of the options and positional arguments, by their names as typed, and strings unless flags. */
export type Arguments = Readonly<Record<string, unknown>>;

/** What every command is given besides its arguments. */
export interface Context {
  /** Ends the command between two steps: when nobody reads stdout any more, or by a heeded signal. */
  readonly signal: AbortSignal;
  /**
   * From now on Ctrl-C and other signals end the command through `signal`, and no longer at once: to
   * be called where something is to be saved, or the event loop turns.
   *
   * @param sayGoodbye what to say where the command does not end in time, and whether it may be ended
   */
  readonly heedSignals: (sayGoodbye?: Goodbye) => void;
  /** Whether stdout is for JSON events, and nothing else. */
  readonly json: boolean;
}

/** What the program's help says of a command; the rest is loaded when it is needed. */
export interface CommandEntry {
  /** As in `eval <model>`. */
  readonly usage: string;
  readonly summary: string;
  load(): Promise<Command>;
}

/** One command of `bitgrad`. */
export interface Command {
  readonly positionals?: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, Options>>;
  /** Command lines after `bitgrad`, and what each does. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  /** Printed at the end of the help. */
  readonly epilogue?: string;
  /** @returns whether the command came to a good end */
  run(argv: Arguments, context: Context): Promise<boolean>;
}

/**
 * An option with one value, which stays text: what a value means is decided in one place, strictly.
 *
 * @param defaultText shown in the help
 */
export function valueOption(describe: string, defaultText?: string, group?: string): Options {
  return {
    describe: defaultText === undefined ? describe : `${describe} (default ${defaultText})`,
    nargs: 1,
    ...(group === undefined ? {} : { group }),
  };
}
