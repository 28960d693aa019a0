import { BitgradError, type EntryName, type Program } from '@bitgrad/core';
import { encodeEntry, Memory, type Runner } from '@bitgrad/core/backend';
import type { Addon, NativeSession } from './addon.js';

/** How many threads a session uses: `count`, or up to so many where that is faster. */
export interface Threads {
  readonly count: number;
  readonly isFixed: boolean;
}

/** A program in the addon's hands. The arena lies outside JavaScript's heap. */
export class CppRunner implements Runner {
  readonly memory: Memory;
  readonly #entryNames: readonly EntryName[];
  readonly #native: NativeSession;

  constructor(addon: Addon, isa: string, threads: Threads, program: Program) {
    const { bytes, entries, slices } = program;
    this.#entryNames = Object.keys(entries) as EntryName[];
    const control = slices.find((slice) => slice.name === 'control')!;
    this.#native = new addon.Session(
      isa,
      bytes,
      control.offset,
      this.#entryNames.map((name) => encodeEntry(program, entries[name]!, threads.count)),
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
    this.memory = new Memory(program, buffer);
  }

  run(entryName: EntryName, steps: number): number {
    return this.#native.run(this.#entryNames.indexOf(entryName), steps);
  }

  runAsync(entryName: EntryName, steps: number): Promise<number> {
    return this.#native.runAsync(this.#entryNames.indexOf(entryName), steps);
  }

  cancel(): void {
    this.#native.cancel();
  }

  freezeSamples(): void {
    this.#native.freezeSamples();
  }

  free(): void {
    this.#native.close();
  }
}
