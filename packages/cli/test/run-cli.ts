import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

// Many starts of Node in one test take their time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

/** The command, as it is in this repository. */
export const executable = fileURLToPath(new URL('../bin/bitgrad.js', import.meta.url));

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

export interface RunOptions {
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Another program than the one of this repository. */
  readonly program?: readonly string[];
  /** Called when the process is there. */
  readonly onStart?: (child: ChildProcess) => Promise<unknown>;
  /** Called whenever something was written, until it is sent a signal: a second one would not wait. */
  readonly onOutput?: (child: ChildProcess, stdout: string, stderr: string) => void;
}

/** Runs `bitgrad` as a process of its own, neither of whose outputs is a terminal. */
export function runCli(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  const {
    folder,
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
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      if (!child.killed) onOutput?.(child, stdout, stderr);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
      if (!child.killed) onOutput?.(child, stdout, stderr);
    });
    onStart?.(child).catch(reject);
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
