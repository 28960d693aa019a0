import { note } from './output.js';

/** The exit code of a command that Ctrl-C or a signal ended, as shells have it for SIGINT. */
export const INTERRUPTED = 130;

/** How long a command may take to end itself, in milliseconds, where nothing is left to save. */
const PATIENCE = 600;

/** Ctrl-C; what `kill` sends; a terminal that was closed (on Windows, the window). */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A progress bar hides it. */
const SHOW_CURSOR = '\u001B[?25h';

/** The system sends the first process of a container no signal that it does not ask for. */
const FIRST_PROCESS = 1;

type SignalName = (typeof SIGNALS)[number];

/** Tells commands to end early, and remembers why. */
export interface Interruption {
  /** Fires at a signal, once they are heeded, and when stdout can be written to no more. */
  readonly signal: AbortSignal;
  /** The signal's name, `closed output`, `full output` (which is told), or null as long as nothing happened. */
  cause(): string | null;
  /** See `Context.heedSignals`. */
  heed(sayGoodbye: Goodbye): void;
}

/**
 * Saves what is left to be saved, and says what a command leaves behind that is ended at once; false where it
 * ends by itself, which is waited for.
 */
export type Goodbye = () => boolean | Promise<boolean>;

/**
 * Turns a closed stdout (`| head -1`) and, from `heed` on, a full one and signals into one AbortSignal. Until then a
 * signal ends the process as the system has it, at once, whatever it does: nothing is left to save,
 * and neither drawn weights nor parsed data let the event loop turn. A second signal does so anyway.
 */
export function watchForInterruption(): Interruption {
  const controller = new AbortController();
  let cause: string | null = null;
  let isHeeded = false;
  let isSignalled = false;
  let goodbye: Goodbye = () => true;
  const interrupt = (reason: string): void => {
    cause ??= reason;
    controller.abort();
  };
  const hear = (name: SignalName): void => {
    // What closed stdout may be the same signal, as of `bitgrad train | tee log`: it is no first one.
    if (isSignalled) {
      endBy(name);
      return;
    }
    isSignalled = true;
    interrupt(name);
    // A step that takes long does not end with the run; nothing is lost where all is saved.
    setTimeout(async () => {
      if (await goodbye()) endBy(name);
    }, PATIENCE).unref();
  };
  const endBy = (name: SignalName): void => {
    for (const one of SIGNALS) process.removeAllListeners(one);
    if (process.stderr.isTTY === true) process.stderr.write(SHOW_CURSOR);
    // Elsewhere not process.exit, which waits for a thread that waits for a file.
    if (process.pid === FIRST_PROCESS) process.exit(INTERRUPTED);
    // Windows tells of a closed window by SIGHUP, and knows no such signal that could be sent.
    process.kill(process.pid, process.platform === 'win32' ? 'SIGTERM' : name);
  };
  const heed = (sayGoodbye: Goodbye): void => {
    goodbye = sayGoodbye;
    isHeeded = true;
    for (const name of SIGNALS) if (process.listenerCount(name) === 0) process.on(name, hear);
  };
  if (process.pid === FIRST_PROCESS) heed(() => true);
  let isCut = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    isCut = true;
    const isFull = error.code !== 'EPIPE';
    // Each write fails anew.
    if (isFull && cause === null) note(`error: stdout: cannot be written (${error.code})`);
    // Nothing is left to save.
    if (isFull && !isHeeded) process.exit(1);
    interrupt(isFull ? 'full output' : 'closed output');
  });
  // A command that does not hear of it has nevertheless not been read to its end.
  process.on('exit', (code) => {
    if (isCut) process.exitCode = code || 1;
  });
  process.stderr.on('error', () => interrupt('closed output'));
  return { signal: controller.signal, cause: () => cause, heed };
}
