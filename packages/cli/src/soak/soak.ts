import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AbortedError, BitgradError } from '@bitgrad/core';
import type { Context } from '../command.js';
import { formatClock, formatCount, plural } from '../format.js';
import { lastWords } from '../jobs/last-words.js';
import { colorsOf, emit, note, print, shown } from '../output.js';
import { ownFile } from '../own-file.js';
import { type Cores, findCores } from './cores.js';
import type { Told } from './rounds.js';

const program = fileURLToPath(ownFile('soak/core-process.js'));
/** How often is said how far it is, in milliseconds: on a terminal, and elsewhere. */
const REDRAWN = 1000;
const REPEATED = 60_000;
/** Differences that are told; a broken core has no end of them. */
const MOST_TOLD = 20;

/** A case whose result was another than it must be. */
export interface Difference {
  readonly core: number;
  readonly backend: string;
  /** As in `ops: activation relu, ordinary`. */
  readonly name: string;
  readonly message: string;
}

interface Found {
  cases: number;
  differences: number;
  /** Cores with differences. */
  readonly cores: Set<number>;
}

/**
 * Has every core run the suite's cases for so many minutes, and tells which case came out otherwise on
 * which core.
 *
 * @param names of backends
 * @param minutes more than 0
 * @param checker the program that checks a core
 * @returns whether nothing differed
 * @throws AbortedError by the context's signal; BitgradError if a process cannot do it
 */
export async function soak(
  names: readonly string[],
  minutes: number,
  context: Context,
  checker = program,
): Promise<boolean> {
  const cores = findCores();
  const found: Found = { cases: 0, differences: 0, cores: new Set() };
  if (cores.unpinned !== null) note(`not pinned to cores: ${cores.unpinned}`);
  if (!context.json) {
    print(
      `${plural(cores.numbers.length, 'core')}, ${names.join(' and ')}, ${formatClock(60 * minutes)}`,
    );
  }
  const ending = new AbortController();
  const begun = performance.now();
  const timer = setTimeout(() => ending.abort(), Math.min(60_000 * minutes, 2 ** 31 - 1));
  const stop = (): void => ending.abort();
  context.signal.addEventListener('abort', stop);
  if (context.signal.aborted) stop();
  const progress = showProgress(found, begun, minutes, context.json);
  try {
    await Promise.all(
      cores.numbers.map((core) =>
        checkCore({ core, names, cores, checker, found, json: context.json }, ending.signal),
      ),
    );
  } finally {
    clearTimeout(timer);
    progress.close();
    ending.abort();
    context.signal.removeEventListener('abort', stop);
  }
  report(found, cores, (performance.now() - begun) / 1000, context.json);
  if (context.signal.aborted) throw new AbortedError('the check was interrupted');
  return found.differences === 0;
}

interface Check {
  readonly core: number;
  readonly names: readonly string[];
  readonly cores: Cores;
  readonly checker: string;
  readonly found: Found;
  readonly json: boolean;
}

/** Until the signal fires. A process that dies of a case is a difference, and another goes on. */
async function checkCore(check: Check, signal: AbortSignal): Promise<void> {
  const { core, found, names } = check;
  while (!signal.aborted) {
    let last: Extract<Told, { kind: 'begin' }> | null = null;
    let refusal: string | null = null;
    const [command, ...words] = [...check.cores.pin(core), process.execPath, check.checker];
    const child = spawn(command!, [...words, String(core), ...names], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const said = lastWords(child);
    child.on('message', (told: Told) => {
      if (told.kind === 'begin') {
        last = told;
        found.cases += 1;
      } else if (told.kind === 'differs') tell({ core, ...told }, check);
      else refusal = told.message;
    });
    const end = await endOf(child, signal);
    if (refusal !== null) throw new BitgradError(`core ${core}: ${refusal}`);
    if (end === null) return;
    if (last === null)
      throw new BitgradError(`core ${core}: the process ended with ${end}${said()}`);
    const { backend, name } = last as Extract<Told, { kind: 'begin' }>;
    tell({ core, backend, name, message: `the process ended with ${end}${said()}` }, check);
  }
}

/** @returns by what a process ended, or null where the signal ended it */
function endOf(child: ChildProcess, signal: AbortSignal): Promise<string | null> {
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, by) => {
      signal.removeEventListener('abort', kill);
      resolve(signal.aborted ? null : String(by ?? code));
    });
  });
}

function tell({ core, backend, name, message }: Difference, { found, json }: Check): void {
  found.differences += 1;
  found.cores.add(core);
  if (json) emit({ event: 'difference', core, backend, case: name, message });
  else if (found.differences <= MOST_TOLD) {
    const { red } = colorsOf(process.stdout);
    print(`${red(`core ${core}, ${backend}, ${name}`)}: ${message.split('\n')[0]}`);
  } else if (found.differences === MOST_TOLD + 1) print('… more are counted, and not shown');
}

/** On a terminal one line that is drawn again; elsewhere one a minute. */
function showProgress(
  found: Found,
  begun: number,
  minutes: number,
  json: boolean,
): { close(): void } {
  const isTerminal = process.stderr.isTTY === true && !json;
  const draw = (): void => {
    const seconds = (performance.now() - begun) / 1000;
    const { cases, differences } = found;
    if (json)
      emit({ event: 'progress', seconds: Math.round(seconds), minutes, cases, differences });
    else {
      const line = `${formatClock(seconds)} of ${formatClock(60 * minutes)}  ${formatCount(cases)} cases, ${plural(differences, 'difference')}`;
      if (isTerminal) process.stderr.write(`\r${shown(line)}\u001b[K`);
      else note(line);
    }
  };
  const timer = setInterval(draw, isTerminal ? REDRAWN : REPEATED);
  return {
    close() {
      clearInterval(timer);
      if (isTerminal) process.stderr.write('\r\u001b[K');
    },
  };
}

function report(found: Found, { numbers, unpinned }: Cores, seconds: number, json: boolean): void {
  const { cases, differences } = found;
  const bad = [...found.cores].sort((a, b) => a - b);
  if (json) {
    const isPinned = unpinned === null;
    emit({ event: 'end', cores: numbers, isPinned, seconds, cases, differences, badCores: bad });
    return;
  }
  const which =
    bad.length === 0 ? '' : ` on ${bad.length === 1 ? 'core' : 'cores'} ${bad.join(', ')}`;
  print(
    `${plural(numbers.length, 'core')}: ${formatCount(cases)} cases, ${plural(differences, 'difference')}${which}`,
  );
}
