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
import { countFreed } from './ballast.js';
import type { Bench } from './bench.js';
import { align, type Instance, instantiate, LARGEST_MEMORY, type Meet } from './instance.js';
import type { Team } from './team.js';

/** As much as the linker gives the module's own. */
const STACK_BYTES = 65536;

/** Who runs a session's plans: a team of so many threads, or of fewer where plans are not worth it. */
export interface Crew {
  readonly team: Team;
  readonly threads: number;
  readonly isMost: boolean;
}

/** An entry's plan. */
interface Plan {
  readonly address: number;
  readonly members: number;
}

/** A program in an instance of its own: the arena, each entry's plan, the workers' stacks. */
export class WasmSession implements Session {
  readonly memory: Memory;
  readonly #program: Program;
  readonly #limits: ReadonlyMap<EntryName, Limits>;
  readonly #control: number;
  readonly #plans = new Map<EntryName, Plan>();
  readonly #team: Team | null;
  /** The session's number in its team. */
  readonly #number: number;
  /** Where each worker's stack begins. */
  readonly #stacks: readonly number[];
  /** Null once the session is closed. */
  #instance: Instance | null;

  constructor(module: WebAssembly.Module, bench: Bench, crew: Crew | null, program: Program) {
    validateProgram(program);
    // What was checked must be what runs, whatever the caller does to the object later.
    this.#program = structuredClone(program);
    validateProgram(this.#program);
    this.#limits = programLimits(this.#program);
    const threads = crew?.threads ?? 1;
    const arena = bench.base;
    let end = arena + align(this.#program.bytes);
    const entries = Object.entries(this.#program.entries).map(([name, entry]) => {
      const words = encodeEntry(this.#program, entry);
      const address = end;
      end += bench.planBytes(words, threads);
      return { name: name as EntryName, words, address };
    });
    // Binding copies the words to the plan, so one place serves for all entries.
    const wordsAt = end;
    end = align(end + Math.max(0, ...entries.map(({ words }) => words.byteLength)));
    this.#stacks = Array.from({ length: threads - 1 }, () => (end += STACK_BYTES));
    const instance = allocate(module, end, this.#program.bytes, crew?.team.meet);
    const { bind, membersFor } = instance.exports;
    for (const { name, words, address } of entries) {
      new Uint32Array(instance.buffer, wordsAt, words.length).set(words);
      bind(wordsAt, words.length, arena, address, threads);
      const members = crew?.isMost ? membersFor(address, threads) : threads;
      this.#plans.set(name, { address, members });
    }
    const control = this.#program.slices.find((slice) => slice.name === 'control')!;
    this.#control = arena + control.offset;
    this.memory = new Memory(this.#program, instance.buffer, arena);
    this.#instance = instance;
    this.#team = crew?.team ?? null;
    this.#number = this.#team?.register(this) ?? 0;
  }

  run(entryName: EntryName, steps: number): void {
    if (this.#instance === null) {
      throw new BitgradError('run: expected an open session, received a closed one');
    }
    // The module computes with the thread's settings, which it cannot read.
    assertGradualUnderflow();
    checkPass(this.#program, this.#limits, this.memory, entryName, steps);
    const status = this.#runPlan(this.#instance, this.#plans.get(entryName)!, steps);
    // Where a run ended early, `control` still stands at the step that was not done.
    if (status !== RUN_STATUS.done) throw runError(status, this.memory.u32('control')[STEP]!);
  }

  close(): void {
    if (this.#instance === null) return;
    this.#team?.close(this.#number);
    if (this.#team !== null) countFreed(this.#instance.buffer.byteLength);
    this.#instance = null;
  }

  #runPlan({ exports, memory }: Instance, { address, members }: Plan, steps: number): number {
    const control = this.#control;
    if (this.#team === null || members === 1 || steps === 0) {
      return exports.run(address, steps, control, 1, 0);
    }
    const shared = { memory, stacks: this.#stacks };
    const run = { plan: address, steps, control, members };
    return this.#team.run(this.#number, shared, run, () =>
      exports.run(address, steps, control, members, 0),
    );
  }
}

function allocate(
  module: WebAssembly.Module,
  bytes: number,
  arenaBytes: number,
  meet: Meet | undefined,
): Instance {
  const fix = 'use fewer samples, narrower layers or a smaller batch';
  if (bytes > LARGEST_MEMORY) {
    throw new BitgradError(
      `open: expected at most ${LARGEST_MEMORY} bytes, which is what WebAssembly's addresses reach, received a program that takes ${bytes}`,
      fix,
    );
  }
  const instance = instantiate(module, bytes, meet);
  if (instance !== null) return instance;
  throw new BitgradError(
    `open: expected ${arenaBytes} bytes of memory for the program, received fewer`,
    fix,
  );
}
