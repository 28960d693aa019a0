import {
  assertGradualUnderflow,
  BitgradError,
  checkPass,
  type EntryName,
  encodeEntry,
  type Limits,
  Memory,
  type Program,
  programLimits,
  RUN_STATUS,
  runError,
  type Session,
  STEP,
  validateProgram,
} from '@bitgrad/core';
import type { Bench } from './bench.js';
import { align, type Instance, instantiate, LARGEST_MEMORY } from './instance.js';

/** A program in an instance of its own: the arena, then each entry's plan. */
export class WasmSession implements Session {
  readonly memory: Memory;
  readonly #program: Program;
  readonly #limits: ReadonlyMap<EntryName, Limits>;
  readonly #control: number;
  /** The address of each entry's plan. */
  readonly #plans = new Map<EntryName, number>();
  /** Null once the session is closed. */
  #instance: Instance | null;

  constructor(module: WebAssembly.Module, bench: Bench, program: Program) {
    validateProgram(program);
    // What was checked must be what runs, whatever the caller does to the object later.
    this.#program = structuredClone(program);
    validateProgram(this.#program);
    this.#limits = programLimits(this.#program);
    const entries = Object.entries(this.#program.entries).map(([name, entry]) => {
      const words = encodeEntry(this.#program, entry);
      return { name: name as EntryName, words, planBytes: bench.planBytes(words) };
    });
    const arena = bench.base;
    let end = arena + align(this.#program.bytes);
    for (const { name, planBytes } of entries) {
      this.#plans.set(name, end);
      end += planBytes;
    }
    // Binding copies the words to the plan, so one place serves for all entries.
    const words = end;
    end += Math.max(0, ...entries.map((entry) => entry.words.byteLength));
    const instance = allocate(module, end, this.#program.bytes);
    for (const entry of entries) {
      new Uint32Array(instance.buffer, words, entry.words.length).set(entry.words);
      instance.exports.bind(words, entry.words.length, arena, this.#plans.get(entry.name)!);
    }
    const control = this.#program.slices.find((slice) => slice.name === 'control')!;
    this.#control = arena + control.offset;
    this.memory = new Memory(this.#program, instance.buffer, arena);
    this.#instance = instance;
  }

  run(entryName: EntryName, steps: number): void {
    if (this.#instance === null) {
      throw new BitgradError('run: expected an open session, received a closed one');
    }
    // The module computes with the thread's settings, which it cannot read.
    assertGradualUnderflow();
    checkPass(this.#program, this.#limits, this.memory, entryName, steps);
    const plan = this.#plans.get(entryName)!;
    const status = this.#instance.exports.run(plan, steps, this.#control);
    // Where a run ended early, `control` still stands at the step that was not done.
    if (status !== RUN_STATUS.done) throw runError(status, this.memory.u32('control')[STEP]!);
  }

  close(): void {
    this.#instance = null;
  }
}

function allocate(module: WebAssembly.Module, bytes: number, arenaBytes: number): Instance {
  const fix = 'use fewer samples, narrower layers or a smaller batch';
  if (bytes > LARGEST_MEMORY) {
    throw new BitgradError(
      `open: expected at most ${LARGEST_MEMORY} bytes, which is what WebAssembly's addresses reach, received a program that takes ${bytes}`,
      fix,
    );
  }
  const instance = instantiate(module, bytes);
  if (instance !== null) return instance;
  throw new BitgradError(
    `open: expected ${arenaBytes} bytes of memory for the program, received fewer`,
    fix,
  );
}
