import { BitgradError } from '../errors.js';
import { assertGradualUnderflow } from '../math/underflow.js';
import { Memory } from '../program/memory.js';
import { RUN_STATUS } from '../program/pass.js';
import {
  BEFORE,
  COUNT,
  type EntryName,
  type Layout,
  POSITION,
  type Program,
  STEP,
  WHOLE,
} from '../program/program.js';
import type { Runner } from '../program/session.js';
import { bindEntry } from './bind.js';
import type { BoundOp } from './bound-op.js';

/** Runs a program's ops one after another, each as a call on typed arrays. */
export class TypeScriptRunner implements Runner {
  readonly memory: Memory;
  private readonly bound = new Map<EntryName, BoundOp[]>();

  /** @param samples what the program gathers from, if that is not the runner's own */
  constructor(
    private readonly program: Program,
    samples?: Memory,
  ) {
    const own = program.samples && openArena(program.samples);
    this.memory = new Memory(program, allocate(program.bytes), 0, samples ?? own);
    this.bind(false);
  }

  run(entryName: EntryName, steps: number): number {
    assertGradualUnderflow();
    const control = this.memory.u32('control');
    const ops = this.bound.get(entryName)!;
    const { batchSize } = this.program.entries[entryName]!;
    const place = {
      ...{ rows: 0, position: control[POSITION]!, step: control[STEP]! },
      ...{ whole: 0, before: control[BEFORE] ?? 0 },
    };
    for (let done = 0; done < steps; done += 1) {
      place.rows = Math.min(batchSize, control[COUNT]! - place.position);
      place.whole = control[WHOLE] || place.rows;
      for (const op of ops) {
        const status = op(place);
        if (status !== RUN_STATUS.done) return status;
      }
      place.position += place.rows;
      place.step += 1;
      control[POSITION] = place.position;
      control[STEP] = place.step;
    }
    return RUN_STATUS.done;
  }

  freezeSamples(): void {
    this.bind(true);
  }

  free(): void {
    this.bound.clear();
  }

  private bind(isFrozen: boolean): void {
    for (const [name, entry] of Object.entries(this.program.entries)) {
      this.bound.set(name as EntryName, bindEntry(entry, this.memory, isFrozen));
    }
  }
}

/** Memory of a layout's size, filled with zeros. @throws BitgradError if there is not enough */
export function openArena(layout: Layout): Memory {
  return new Memory(layout, allocate(layout.bytes));
}

function allocate(bytes: number): ArrayBuffer {
  try {
    return new ArrayBuffer(bytes);
  } catch {
    throw new BitgradError(
      `open: expected ${bytes} bytes of memory for the program, received fewer`,
      'use fewer samples, narrower layers or a smaller batch',
    );
  }
}
