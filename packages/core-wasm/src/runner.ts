import { BitgradError, COUNT, type EntryName, POSITION, type Program } from '@bitgrad/core';
import {
  assertGradualUnderflow,
  encodeEntry,
  Memory,
  RUN_STATUS,
  type Runner,
} from '@bitgrad/core/backend';
import { countFreed } from './ballast.js';
import type { Bench } from './bench.js';
import { align, type Instance, instantiate, LARGEST_MEMORY, type Meet } from './instance.js';
import { Pace } from './pace.js';
import type { Team } from './team.js';

/** As much as the linker gives the module's own. */
const STACK_BYTES = 65536;

/** Who runs a session's plans: a team of so many threads, or of fewer where plans are not worth it. */
export interface Crew {
  /** For shared memory. */
  readonly module: WebAssembly.Module;
  readonly team: Team;
  readonly threads: number;
  readonly isMost: boolean;
}

/** An entry's plan. */
interface Plan {
  readonly address: number;
  readonly members: number;
  /** Null where all members are to take part in every step. */
  readonly pace: Pace | null;
}

/**
 * A program in an instance of its own: the arena, what it gathers from (a module looks at no memory but
 * its own), each entry's plan, the workers' stacks.
 */
export class WasmRunner implements Runner {
  readonly memory: Memory;
  readonly #control: number;
  readonly #plans = new Map<EntryName, Plan>();
  readonly #team: Team | null;
  /** The session's number in its team. */
  readonly #number: number;
  /** Where each worker's stack begins. */
  readonly #stacks: readonly number[];
  /** Null once it is freed, so that its memory can be collected. */
  #instance: Instance | null;

  /** @param hands those that may help; null for one thread */
  constructor(alone: WebAssembly.Module, bench: Bench, hands: Crew | null, program: Program) {
    const wanted = Object.entries(program.entries).map(([name, entry]) => {
      const most = hands?.threads ?? 1;
      const words = encodeEntry(program, entry, most);
      const members = hands?.isMost ? bench.membersFor(words, most) : most;
      return { name: name as EntryName, entry, members };
    });
    // Engines do better with memory that is not shared: they know when to collect it.
    const crew = wanted.some(({ members }) => members > 1) ? hands : null;
    const threads = crew?.threads ?? 1;
    const arena = bench.base;
    const samples = arena + align(program.bytes);
    const samplesBytes = program.samples?.bytes ?? 0;
    let end = samples + align(samplesBytes);
    const entries = wanted.map(({ name, entry, members }) => {
      const words = encodeEntry(program, entry, threads);
      const address = end;
      end += bench.planBytes(words, threads);
      return { name, words, members, address };
    });
    // Binding copies the words to the plan, so one place serves for all entries.
    const wordsAt = end;
    end = align(end + Math.max(0, ...entries.map(({ words }) => words.byteLength)));
    this.#stacks = Array.from({ length: threads - 1 }, () => (end += STACK_BYTES));
    const module = crew?.module ?? alone;
    const instance = allocate(module, end, program.bytes + samplesBytes, crew?.team.meet);
    for (const { name, words, address, members } of entries) {
      new Uint32Array(instance.buffer, wordsAt, words.length).set(words);
      instance.exports.bind(wordsAt, words.length, arena, samples, address, threads);
      this.#plans.set(name, { address, members, pace: crew?.isMost ? new Pace() : null });
    }
    const control = program.slices.find((slice) => slice.name === 'control')!;
    this.#control = arena + control.offset;
    const gathered = program.samples && new Memory(program.samples, instance.buffer, samples);
    this.memory = new Memory(program, instance.buffer, arena, gathered);
    this.#instance = instance;
    this.#team = crew?.team ?? null;
    this.#number = this.#team?.register(this) ?? 0;
  }

  run(entryName: EntryName, steps: number): number {
    // The module computes with the thread's settings, which it cannot read.
    assertGradualUnderflow();
    return this.#runPlan(this.#instance!, this.#plans.get(entryName)!, steps);
  }

  free(): void {
    this.#team?.close(this.#number);
    if (this.#team !== null) countFreed(this.#instance!.buffer.byteLength);
    this.#instance = null;
  }

  #runPlan(instance: Instance, plan: Plan, steps: number): number {
    if (plan.members === 1 || steps === 0) return this.#runWith(1, instance, plan, steps);
    const { pace } = plan;
    if (pace === null) return this.#runWith(plan.members, instance, plan, steps);
    // A pass that is over in one step may have few rows for it.
    const control = this.memory.u32('control');
    const rows = control[COUNT]! - control[POSITION]!;
    if (instance.exports.membersFor(plan.address, plan.members, rows) === 1) {
      return this.#runWith(1, instance, plan, steps);
    }
    for (let left = steps; left > 0; ) {
      const block = Math.min(left, pace.steps);
      const status = pace.measure(block, (isTogether) =>
        this.#runWith(isTogether ? plan.members : 1, instance, plan, block),
      );
      if (status !== RUN_STATUS.done) return status;
      left -= block;
    }
    return RUN_STATUS.done;
  }

  #runWith(members: number, instance: Instance, { address }: Plan, steps: number): number {
    const { exports, memory } = instance;
    const control = this.#control;
    const work = (): number => exports.run(address, steps, control, members, 0);
    if (this.#team === null || members === 1) return work();
    const shared = { memory, stacks: this.#stacks };
    return this.#team.run(this.#number, shared, { plan: address, steps, control, members }, work);
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
