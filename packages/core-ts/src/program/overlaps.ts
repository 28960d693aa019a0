import { BitgradError, show } from '../errors.js';
import { type Field, OPERANDS } from './operands.js';
import type { Op } from './ops.js';
import { ELEMENT_BYTES, type Entry, type Slice } from './program.js';

/** A slice that an entry uses, and who writes it, or else reads it. */
interface Use {
  readonly slice: Slice;
  readonly user: string;
  readonly isWritten: boolean;
}

/**
 * Refuses an entry whose result would hang on the order in which a backend reads and writes: where an
 * op writes what it also reads or writes under another name (but for what ops.ts says may be one
 * slice), where two slices share bytes and one is written, and where an op touches `control`, which is
 * the session's own.
 *
 * @param entry whose ops have been checked one by one
 * @throws BitgradError that names the slices and who uses them
 */
export function checkOverlaps(
  { ops }: Entry,
  slices: ReadonlyMap<string, Slice>,
  entryName: string,
): void {
  const uses = new Map<string, Use>();
  for (const op of ops) {
    for (const { field, name, isWritten } of sliceFields(op)) {
      if (name === 'control') {
        throw new BitgradError(
          `${op.op}: expected ${show(field)} to be another slice than "control", which is the session's own (entry "${entryName}")`,
        );
      }
      const earlier = uses.get(name);
      if (earlier?.isWritten === true || (earlier && !isWritten)) continue;
      uses.set(name, { slice: slices.get(name)!, user: op.op, isWritten });
    }
    checkOp(op, entryName);
  }
  const control = { slice: slices.get('control')!, user: 'the session', isWritten: true };
  checkApart([...uses.values(), control], entryName);
}

interface SliceOperand {
  readonly field: string;
  /** The slice's name. */
  readonly name: string;
  readonly isWritten: boolean;
  /** The field whose slice it may be. */
  readonly inPlaceOf: string | undefined;
}

function sliceFields(op: Op): SliceOperand[] {
  const fields = Object.entries(OPERANDS[op.op]) as [string, Field][];
  return fields.flatMap(([field, operand]) => {
    const name = op[field as keyof Op] as string | null;
    if ((operand.kind !== 'slice' && operand.kind !== 'samples') || name === null) return [];
    const isWritten = operand.kind === 'slice' && operand.access !== 'reads';
    const inPlaceOf = operand.kind === 'slice' ? operand.inPlaceOf : undefined;
    return [{ field, name, isWritten, inPlaceOf }];
  });
}

function checkOp(op: Op, entryName: string): void {
  const operands = sliceFields(op);
  for (const written of operands.filter(({ isWritten }) => isWritten)) {
    const other = operands.find(
      ({ field, name }) =>
        name === written.name && field !== written.field && field !== written.inPlaceOf,
    );
    if (other === undefined) continue;
    throw new BitgradError(
      `${op.op}: expected ${show(written.field)}, which is written, to be another slice than ${show(other.field)}, received ${show(written.name)} for both (entry "${entryName}")`,
    );
  }
}

function checkApart(uses: readonly Use[], entryName: string): void {
  const ordered = uses
    .filter(({ slice }) => slice.length > 0)
    .sort((a, b) => a.slice.offset - b.slice.offset);
  /** Of those that begin no later, the one that ends last, and the last that is written. */
  let last: Use | undefined;
  let lastWritten: Use | undefined;
  for (const use of ordered) {
    const other = use.isWritten ? last : lastWritten;
    if (other !== undefined && endOf(other) > use.slice.offset) {
      throw new BitgradError(
        `program: expected slices that share no bytes where one is written, received ${describe(other)} and ${describe(use)} (entry "${entryName}")`,
        'give each slice a place of its own, as planMemory does',
      );
    }
    if (last === undefined || endOf(use) > endOf(last)) last = use;
    // What is written lies behind all that was written before: else it would have been refused.
    if (use.isWritten) lastWritten = use;
  }
}

function endOf({ slice: { offset, length, type } }: Use): number {
  return offset + length * ELEMENT_BYTES[type];
}

function describe(use: Use): string {
  const { slice, user, isWritten } = use;
  const verb = isWritten ? 'writes' : 'reads';
  return `${show(slice.name)} (bytes ${slice.offset} to ${endOf(use)}), which ${user} ${verb}`;
}
