import {
  AbortedError,
  BitgradError,
  type EntryName,
  encodeEntry,
  Memory,
  PassCheck,
  type Program,
  RUN_STATUS,
  runError,
  type Session,
  STEP,
  validateProgram,
} from '@bitgrad/core';
import type { Addon, NativeSession } from './addon.js';

/** How many threads a session uses: `count`, or up to so many where that is faster. */
export interface Threads {
  readonly count: number;
  readonly isFixed: boolean;
}

/** A program in the addon's hands. The arena lies outside JavaScript's heap. */
export class CppSession implements Session {
  readonly memory: Memory;
  readonly #program: Program;
  readonly #entryNames: readonly EntryName[];
  readonly #pass: PassCheck;
  readonly #native: NativeSession;
  #state: 'open' | 'busy' | 'closed' = 'open';

  constructor(addon: Addon, isa: string, threads: Threads, program: Program) {
    validateProgram(program);
    // What was checked must be what runs, whatever the caller does to the object later.
    this.#program = structuredClone(program);
    validateProgram(this.#program);
    this.#entryNames = Object.keys(this.#program.entries) as EntryName[];
    const control = this.#program.slices.find((slice) => slice.name === 'control')!;
    const { bytes } = this.#program;
    this.#native = new addon.Session(
      isa,
      bytes,
      control.offset,
      this.#entryNames.map((name) =>
        encodeEntry(this.#program, this.#program.entries[name]!, threads.count),
      ),
      threads.count,
      threads.isFixed,
    );
    const buffer = this.#native.buffer();
    if (buffer === undefined) {
      throw new BitgradError(
        `open: expected ${bytes} bytes of memory for the program, received fewer`,
        'use fewer samples, narrower layers or a smaller batch',
      );
    }
    this.memory = new Memory(this.#program, buffer);
    this.#pass = new PassCheck(this.#program, this.memory);
  }

  run(entryName: EntryName, steps: number): void {
    this.#check('run', entryName, steps);
    this.#finish(this.#native.run(this.#entryNames.indexOf(entryName), steps));
  }

  async runAsync(entryName: EntryName, steps: number, signal?: AbortSignal): Promise<void> {
    this.#check('runAsync', entryName, steps);
    if (signal?.aborted) this.#finish(RUN_STATUS.aborted);
    const cancel = (): void => this.#native.cancel();
    signal?.addEventListener('abort', cancel);
    this.#state = 'busy';
    try {
      this.#finish(await this.#native.runAsync(this.#entryNames.indexOf(entryName), steps));
    } finally {
      this.#state = 'open';
      signal?.removeEventListener('abort', cancel);
    }
  }

  freezeSamples(): void {
    if (this.#state === 'closed') {
      throw new BitgradError('freezeSamples: expected an open session, received a closed one');
    }
    this.#checkIdle('freezeSamples');
    this.#native.freezeSamples();
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#checkIdle('close');
    this.#native.close();
    this.#state = 'closed';
  }

  #check(method: string, entryName: EntryName, steps: number): void {
    if (this.#state === 'closed') {
      throw new BitgradError(`${method}: expected an open session, received a closed one`);
    }
    this.#checkIdle(method);
    this.#pass.check(entryName, steps);
  }

  #checkIdle(method: string): void {
    if (this.#state === 'busy') {
      throw new BitgradError(
        `${method}: expected an idle session, received one with a runAsync under way`,
        'await its promise first',
      );
    }
  }

  /** Where a run ended early, `control` still stands at the step that was not done. */
  #finish(status: number): void {
    if (status === RUN_STATUS.done) return;
    const step = this.memory.u32('control')[STEP]!;
    if (status === RUN_STATUS.aborted) {
      throw new AbortedError(`run: stopped by its AbortSignal after ${step} steps of this pass`);
    }
    throw runError(status, step);
  }
}
