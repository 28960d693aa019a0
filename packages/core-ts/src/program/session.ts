import { AbortedError, BitgradError } from '../errors.js';
import { BYTES_A_PIECE, ownTurn } from '../turns.js';
import type { Memory } from './memory.js';
import { PassCheck, RUN_STATUS, runError } from './pass.js';
import { COUNT, type EntryName, type Program, STEP } from './program.js';
import { checkSamples, type SampleMemory } from './sample-memory.js';
import { validateProgram } from './validate.js';

/** A program and its arena. */
export interface Session {
  /** The arena, and what the program gathers from. */
  readonly memory: Memory;
  /** What it shares with other sessions, if it does. */
  readonly samples?: SampleMemory;
  /**
   * Runs `steps` steps of a pass.
   *
   * @throws BitgradError if the pass has fewer steps left, a sample index or a target is out of
   *   range, or the session is closed or busy; NonFiniteError at a loss that is not finite
   */
  run(entry: EntryName, steps: number): void;
  /**
   * The same off the event loop, where the backend can. Until the promise settles, `run`, `close`
   * and a second `runAsync` refuse, and memory may only be read.
   *
   * @param signal ends the run between two steps with an AbortedError; the steps done stay done
   */
  runAsync?(entry: EntryName, steps: number, signal?: AbortSignal): Promise<void>;
  /**
   * Promises that what gather ops read from will not change any more, so that a backend may keep
   * what it works out from it. It changes no bit, only how long a pass takes.
   *
   * @throws BitgradError if the session is closed or busy
   */
  freezeSamples?(): void;
  /**
   * The same in short pieces, between which the event loop turns. Until the promise settles, all other calls but
   * looks at memory are refused.
   */
  freezeSamplesAsync?(): Promise<void>;
  /** Frees what the session holds. Closing twice is allowed; running afterwards is not. */
  close(): void;
}

/**
 * What a backend makes of a valid program: memory, and steps run in it. A session calls it only with
 * what has been checked, one call at a time, and never once it is freed.
 */
export interface Runner {
  readonly memory: Memory;
  /**
   * Runs steps of an entry.
   *
   * @returns a RUN_STATUS; where a run ends early, `control` stands at the step that was not done
   */
  run(entry: EntryName, steps: number): number;
  /** The same off the event loop. */
  runAsync?(entry: EntryName, steps: number): Promise<number>;
  /** Ends a runAsync before its next step, with the status `aborted`. */
  cancel?(): void;
  /** See `Session`. */
  freezeSamples?(): void;
  /** Goes on with that, by about so many bytes of samples, at least one. Returns whether that was all. */
  freezeSome?(bytes: number): boolean;
  free(): void;
}

/** Begins a pass of `count` rows. */
export function beginPass(memory: Memory, count: number): void {
  memory.u32('control').fill(0)[COUNT] = count;
}

/**
 * Opens a program on a backend.
 *
 * @param makeRunner is given a copy that nobody can change: what was checked is what runs
 * @param samples what the runner gathers from, if it has none of its own
 * @throws BitgradError if the program is not valid or the samples are not for it, and whatever the
 *   backend throws
 */
export function openSession(
  program: Program,
  makeRunner: (program: Program) => Runner,
  samples?: SampleMemory,
): Session {
  validateProgram(program);
  const copy = structuredClone(program);
  validateProgram(copy);
  if (samples) checkSamples(copy, samples);
  const runner = makeRunner(copy);
  const shell = new Shell(runner, new PassCheck(copy, runner.memory));
  return {
    memory: runner.memory,
    ...(samples && { samples }),
    run: (entry, steps) => shell.run(entry, steps),
    ...(runner.runAsync && {
      runAsync: (entry: EntryName, steps: number, signal?: AbortSignal) =>
        shell.runAsync(entry, steps, signal),
    }),
    ...(runner.freezeSamples && { freezeSamples: () => shell.freezeSamples() }),
    ...(runner.freezeSome && { freezeSamplesAsync: () => shell.freezeSamplesAsync() }),
    close: () => shell.close(),
  };
}

/** Stands between a caller and a runner. */
class Shell {
  private isClosed = false;
  /** The method under way, if there is one. */
  private busy: string | null = null;

  constructor(
    private readonly runner: Runner,
    private readonly pass: PassCheck,
  ) {}

  run(entry: EntryName, steps: number): void {
    this.checkIdle('run');
    this.pass.check(entry, steps);
    this.finish(this.runner.run(entry, steps));
  }

  async runAsync(entry: EntryName, steps: number, signal?: AbortSignal): Promise<void> {
    this.checkIdle('runAsync');
    this.pass.check(entry, steps);
    if (signal?.aborted) this.finish(RUN_STATUS.aborted);
    const cancel = (): void => this.runner.cancel?.();
    signal?.addEventListener('abort', cancel);
    this.busy = 'runAsync';
    try {
      this.finish(await this.runner.runAsync!(entry, steps));
    } finally {
      this.busy = null;
      signal?.removeEventListener('abort', cancel);
    }
  }

  freezeSamples(): void {
    this.checkIdle('freezeSamples');
    this.runner.freezeSamples!();
  }

  async freezeSamplesAsync(): Promise<void> {
    this.checkIdle('freezeSamplesAsync');
    this.busy = 'freezeSamplesAsync';
    try {
      do await ownTurn();
      while (!this.runner.freezeSome!(BYTES_A_PIECE));
    } finally {
      this.busy = null;
    }
  }

  close(): void {
    if (this.isClosed) return;
    this.checkIdle('close');
    this.runner.free();
    this.isClosed = true;
  }

  private checkIdle(method: string): void {
    if (this.isClosed) {
      throw new BitgradError(`${method}: expected an open session, received a closed one`);
    }
    if (this.busy !== null) {
      throw new BitgradError(
        `${method}: expected an idle session, received one with a ${this.busy} under way`,
        'await its promise first',
      );
    }
  }

  private finish(status: number): void {
    if (status === RUN_STATUS.done) return;
    const step = this.runner.memory.u32('control')[STEP]!;
    if (status === RUN_STATUS.aborted) {
      throw new AbortedError(`run: stopped by its AbortSignal after ${step} steps of this pass`);
    }
    throw runError(status, step);
  }
}
