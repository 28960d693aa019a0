import { type ChildProcess, spawn } from 'node:child_process';
import { Console } from 'node:console';
import { vi } from 'vitest';
import { command } from '../../../scripts/published.mjs';
import { run } from '../dist/run.js';
import type { Interruption } from '../src/interruption.js';

// Many starts of Node in one test take their time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

/** The command, as it is published. */
export const executable = command;

/** Where tests run: a command of this process may be elsewhere while another one is asked for. */
const home = process.cwd();

/** One JSON event. */
export interface Event {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every kind
  readonly [field: string]: any;
}

/** What a run of the program came to. */
export interface Result {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** As of a command that nobody interrupts. */
const neverInterrupted = (): Interruption => ({
  signal: new AbortController().signal,
  cause: () => null,
  heed: () => undefined,
});
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the built `bitgrad` of this repository in this process, one run after the other, with neither of its outputs a terminal. A
 * process of its own (`startCli`), of which most is loading modules, is for what is seen only there: streams,
 * signals, the environment, ending, working at the same time.
 *
 * @param folder to run in
 */
export function runCli(
  args: readonly string[],
  { folder = home }: { readonly folder?: string } = {},
): Promise<Result> {
  const result = last.then(() => runHere(args, folder));
  last = result.catch(() => undefined);
  return result;
}

async function runHere(args: readonly string[], folder: string): Promise<Result> {
  const before = { argv: process.argv, folder: process.cwd(), console: globalThis.console };
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  process.argv = [process.execPath, executable, ...args];
  process.chdir(folder);
  globalThis.console = new Console(process.stdout, process.stderr);
  try {
    const exitCode = await run(args, neverInterrupted());
    return { exitCode, signal: null, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    globalThis.console = before.console;
    process.chdir(before.folder);
    process.argv = before.argv;
    stdout.end();
    stderr.end();
  }
}

/** Takes what is written to a stream, until its end. */
function capture(stream: NodeJS.WriteStream): { text(): string; end(): void } {
  const parts: Buffer[] = [];
  const { write } = stream;
  stream.write = (part: string | Uint8Array, ...rest: unknown[]): boolean => {
    parts.push(Buffer.from(part as string));
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
  return {
    text: () => Buffer.concat(parts).toString(),
    end() {
      stream.write = write;
    },
  };
}

export interface StartOptions {
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Another program than the one of this repository. */
  readonly program?: readonly string[];
  /** Called when the process is there. */
  readonly onStart?: (child: ChildProcess) => Promise<unknown>;
  /** Called whenever something was written, until it is sent a signal: a second one would not wait. */
  readonly onOutput?: (child: ChildProcess, stdout: string, stderr: string) => unknown;
}

/** Runs `bitgrad` as a process of its own, neither of whose outputs is a terminal. */
export function startCli(args: readonly string[], options: StartOptions = {}): Promise<Result> {
  const {
    folder = home,
    environment,
    onOutput,
    onStart,
    program = [process.execPath, executable],
  } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program[0]!, [...program.slice(1), ...args], {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    const giveUp = (error: unknown): void => {
      child.kill('SIGKILL');
      reject(error);
    };
    const tell = async (): Promise<void> => {
      if (!child.killed) await onOutput?.(child, stdout, stderr);
    };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      tell().catch(giveUp);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
      tell().catch(giveUp);
    });
    onStart?.(child).catch(giveUp);
    child.on('error', reject);
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }));
  });
}

/** The JSON events on stdout, each on a line of its own. */
export function eventsIn({ stdout }: Result): Event[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
