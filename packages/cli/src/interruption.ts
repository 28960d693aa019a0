import { note } from './output.js';

/** The exit code of a command that Ctrl-C or a signal ended, as shells have it for SIGINT. */
export const INTERRUPTED = 130;

/** Tells commands to end early, and remembers why. */
export interface Interruption {
  /** Fires at Ctrl-C, at SIGTERM, and when nobody reads stdout any more. */
  readonly signal: AbortSignal;
  /** The signal's name, or `closed output`, or null as long as nothing happened. */
  cause(): string | null;
}

/**
 * Turns signals and a closed stdout (`| head -1`) into one AbortSignal. A second Ctrl-C ends the
 * process at once.
 */
export function watchForInterruption(): Interruption {
  const controller = new AbortController();
  let cause: string | null = null;
  const interrupt = (reason: string): void => {
    cause ??= reason;
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (cause !== null) process.exit(INTERRUPTED);
      interrupt(name);
    });
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') interrupt('closed output');
    else {
      note(`error: stdout: cannot be written (${error.code})`);
      process.exit(1);
    }
  });
  process.stderr.on('error', () => interrupt('closed output'));
  return { signal: controller.signal, cause: () => cause };
}
