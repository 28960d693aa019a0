import type { Session } from '../backend.js';
import { BitgradError } from '../errors.js';
import { assertGradualUnderflow } from '../math/underflow.js';
import { Memory } from '../program/memory.js';
import { PassCheck, RUN_STATUS, runError } from '../program/pass.js';
import { COUNT, type EntryName, POSITION, type Program, STEP } from '../program/program.js';
import { validateProgram } from '../program/validate.js';
import { type BoundOp, bindEntry } from './bind.js';

/** Runs a program's ops one after another, each as a call on typed arrays. */
export class TypeScriptSession implements Session {
  readonly memory: Memory;
  private readonly pass: PassCheck;
  private readonly bound = new Map<EntryName, BoundOp[]>();
  private isClosed = false;

  constructor(private readonly program: Program) {
    validateProgram(program);
    this.memory = new Memory(program, allocate(program.bytes));
    this.pass = new PassCheck(program, this.memory);
    this.bind(false);
  }

  run(entryName: EntryName, steps: number): void {
    this.checkOpen('run');
    assertGradualUnderflow();
    this.pass.check(entryName, steps);
    const control = this.memory.u32('control');
    const ops = this.bound.get(entryName)!;
    const { batchSize } = this.program.entries[entryName]!;
    const place = { rows: 0, position: control[POSITION]!, step: control[STEP]! };
    for (let done = 0; done < steps; done += 1) {
      place.rows = Math.min(batchSize, control[COUNT]! - place.position);
      for (const op of ops) {
        const status = op(place);
        if (status !== RUN_STATUS.done) throw runError(status, place.step);
      }
      place.position += place.rows;
      place.step += 1;
      control[POSITION] = place.position;
      control[STEP] = place.step;
    }
  }

  freezeSamples(): void {
    this.checkOpen('freezeSamples');
    this.bind(true);
  }

  close(): void {
    this.isClosed = true;
  }

  private bind(isFrozen: boolean): void {
    for (const [name, entry] of Object.entries(this.program.entries)) {
      this.bound.set(name as EntryName, bindEntry(entry, this.memory, isFrozen));
    }
  }

  private checkOpen(method: string): void {
    if (!this.isClosed) return;
    throw new BitgradError(`${method}: expected an open session, received a closed one`);
  }
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
