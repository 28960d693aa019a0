import { BitgradError, type EntryName, type Program, type SampleMemory } from '@bitgrad/core';
import { encodeEntry, Memory, type Runner } from '@bitgrad/core/backend';
import type { Addon, NativeSession } from './addon.js';
import { CppSamples } from './sample-memory.js';

/** How many threads a session uses: `count`, or up to so many where that is faster. */
export interface Threads {
  readonly count: number;
  readonly isFixed: boolean;
}

const NO_SAMPLES = { slices: [], bytes: 0 };

/** A program in the addon's hands. The arena lies outside JavaScript's heap. */
export class CppRunner implements Runner {
  readonly memory: Memory;
  readonly #entryNames: readonly EntryName[];
  readonly #native: NativeSession;

  /** @param shared what the program gathers from, if that is not the runner's own */
  constructor(
    addon: Addon,
    isa: string,
    threads: Threads,
    program: Program,
    shared?: SampleMemory,
  ) {
    const { bytes, entries, slices } = program;
    const layout = program.samples ?? NO_SAMPLES;
    const samples = shared ?? new CppSamples(addon, layout);
    this.#entryNames = Object.keys(entries) as EntryName[];
    const control = slices.find((slice) => slice.name === 'control')!;
    this.#native = new addon.Session(
      isa,
      bytes,
      CppSamples.of(samples, layout.bytes),
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
    this.memory = new Memory(program, buffer, 0, samples.memory);
  }

  run(entryName: EntryName, steps: number): number {
    return this.#native.run(this.#entryNames.indexOf(entryName), steps);
  }

  runAsync(entryName: EntryName, steps: number): Promise<number> {
    return this.#native
      .runAsync(this.#entryNames.indexOf(entryName), steps)
      .catch((error: Error) => {
        // Whatever a run comes to is a status; there is none where the run did not begin.
        throw new BitgradError(
          `run: expected a thread beside that of JavaScript, received none (${error.message})`,
          'let this user or container have more threads (ulimit -u, pids.max), or take backend wasm or ts',
        );
      });
  }

  cancel(): void {
    this.#native.cancel();
  }

  freezeSamples(): void {
    while (!this.freezeSome(Number.MAX_SAFE_INTEGER));
  }

  freezeSome(bytes: number): boolean {
    return this.#native.freezeSome(bytes);
  }

  free(): void {
    this.#native.close();
  }
}
