import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { BitgradError } from '@bitgrad/core';
import { UsageError } from '../usage-error.js';

/** Characters of what a process says to stderr that are kept: the last ones. */
const LONGEST_COMPLAINT = 4096;
const executable = fileURLToPath(new URL('../../bin/bitgrad.js', import.meta.url));

/** A JSON event of a command. */
export interface ChildEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** How a command in a process of its own came to its end. */
export interface ChildEnd {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  /** What it said was wrong, as an error of this process; only of use where it failed. */
  readonly error: BitgradError;
}

/** The exit code of a wrong command line. */
const WRONG_USAGE = 2;

/**
 * Runs a command of this program in a process of its own, for its JSON events.
 *
 * @param words the command line, without `--json`
 * @param signal ends it
 */
export function runChild(
  words: readonly string[],
  signal: AbortSignal,
  onEvent: (event: ChildEvent) => void,
): Promise<ChildEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [executable, ...words, '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const end = (): boolean => child.kill();
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-LONGEST_COMPLAINT);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = parse(line);
      if (event !== null) onEvent(event);
    });
    child.on('error', reject);
    child.on('close', (exitCode) => {
      signal.removeEventListener('abort', end);
      resolve({ exitCode, error: errorIn(said, exitCode) });
    });
  });
}

/** The error that a process printed: a line that begins with `error:`, and one with the fix. */
function errorIn(said: string, exitCode: number | null): BitgradError {
  const lines = said.trim().split('\n');
  const at = lines.findIndex((line) => line.startsWith('error: '));
  const [message, fix] = lines.slice(Math.max(0, at)).map((line) => line.replace(/^error: /, ''));
  if (at < 0) {
    return new BitgradError(
      `expected a process that does its part, received one that ended with ${exitCode ?? 'a signal'}: ${message}`,
    );
  }
  return new (exitCode === WRONG_USAGE ? UsageError : BitgradError)(message!, fix);
}

/** A process that is ended may leave half a line. */
function parse(line: string): ChildEvent | null {
  try {
    return JSON.parse(line) as ChildEvent;
  } catch {
    return null;
  }
}
