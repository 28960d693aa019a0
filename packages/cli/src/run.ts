import { AbortedError, BitgradError } from '@bitgrad/core/errors';
import { INTERRUPTED, type Interruption } from './interruption.js';
import { colorsOf, emit, note, print } from './output.js';
import { placeIn } from './ranks/job.js';
import { limitIn } from './system-limits.js';
import { InterruptedTrainingError } from './train/interrupted.js';
import { UsageError } from './usage-error.js';
import { VERSION } from './versions.js';

const FAILED = 1;
const WRONG_USAGE = 2;

/**
 * Does what a command line asks for, and says what went wrong.
 *
 * @param words after the program's name
 * @returns the exit code
 */
export function run(words: readonly string[], interruption: Interruption): Promise<number> {
  return obey(words, interruption).catch((thrown) => reportError(thrown, words, interruption));
}

async function obey(words: readonly string[], interruption: Interruption): Promise<number> {
  if (words.length === 1 && words[0] === '--version') {
    print(VERSION);
    return 0;
  }
  const { generalHelp, parseCommandLine } = await import('./cli.js');
  if (words.length === 0) {
    for (const line of (await generalHelp()).split('\n')) note(line);
    return WRONG_USAGE;
  }
  const invocation = await parseCommandLine(words).catch(async (error: unknown) => {
    if (words[0] !== 'train' || placeIn(process.env) === null) throw error;
    // Of the processes of `mpirun bitgrad train` one says what is wrong with the words.
    const { failOnRanks } = await import('./ranks/on-ranks.js');
    return failOnRanks(error);
  });
  if (invocation === null) return 0;
  const { command, argv } = invocation;
  const isGood = await command.run(argv, {
    signal: interruption.signal,
    heedSignals: (sayGoodbye = () => true) => interruption.heed(sayGoodbye),
    json: argv.json === true,
  });
  return isGood ? 0 : FAILED;
}

/** Says what went wrong, in one line and one with the fix. @returns the exit code */
function reportError(
  thrown: unknown,
  words: readonly string[],
  interruption: Interruption,
): number {
  const error = limitIn(folderGoneIn(thrown));
  const cause = interruption.cause();
  if (error instanceof AbortedError && cause !== null) {
    const what = cause === 'closed output' ? 'error: nobody reads stdout any more' : 'interrupted';
    const isTraining = error instanceof InterruptedTrainingError;
    if (isTraining) note(`${what}; ${error.message}`);
    else if (cause !== 'full output') note(what);
    if (isTraining && error.fix !== undefined) note(error.fix);
    return cause.endsWith('output') ? FAILED : INTERRUPTED;
  }
  const { red, dim } = colorsOf(process.stderr);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const isExpected = error instanceof BitgradError;
  if (words.includes('--json') && !cause?.endsWith('output')) {
    const fix = isExpected ? ((error as BitgradError).fix ?? null) : null;
    emit({ event: 'error', message, fix });
  }
  note(`${red('error:')} ${isExpected ? '' : 'this is a bug in Bitgrad: '}${message}`);
  if (isExpected && error.fix !== undefined) note(error.fix);
  const isVerbose = words.includes('--verbose');
  if (isVerbose) for (const line of String(stack).split('\n')) note(dim(line));
  else if (!isExpected) note('please report it with what --verbose shows');
  return error instanceof UsageError ? WRONG_USAGE : FAILED;
}

/** A folder that somebody removed while a shell was in it is nobody's bug. */
function folderGoneIn(error: unknown): unknown {
  if ((error as NodeJS.ErrnoException | undefined)?.syscall !== 'uv_cwd') return error;
  return new BitgradError(
    'expected the folder that this was started in to be there, received none',
    'go into one that is there',
  );
}
