import { type Field, OPERANDS, type Size } from './operands.js';
import type { Dimension, Op } from './ops.js';
import { type Entry, type Program, placedSlices } from './program.js';

/** A slice as an op of an entry looks at it. */
export interface Operand {
  readonly field: string;
  /** Where it lies: slices of two names may be one. */
  readonly offset: number;
  readonly isWritten: boolean;
  /** As in `SliceField`. */
  readonly rows: 'step' | 'pass' | 'none';
  /** Elements of a row. */
  readonly width: number;
}

/** An op with its slices looked up. */
export interface Placed {
  readonly op: Op;
  readonly operands: readonly Operand[];
}

/** Looks up the slices of an entry's ops. @param program a valid one */
export function placeOps(program: Program, entry: Entry): Placed[] {
  const slices = placedSlices(program);
  return entry.ops.map((op) => {
    const operands: Operand[] = [];
    for (const [field, kind] of Object.entries(OPERANDS[op.op]) as [string, Field][]) {
      const offset = slices.get(op[field as keyof Op] as string)?.offset;
      if (kind.kind === 'samples') {
        operands.push({ field, offset: offset!, isWritten: false, rows: 'none', width: 0 });
      }
      if (kind.kind !== 'slice' || offset === undefined) continue;
      const isWritten = kind.access !== 'reads';
      const width = kind.size.slice(1).reduce<number>((all, size) => all * sizeIn(op, size), 1);
      operands.push({ field, offset, isWritten, rows: kind.rows, width });
    }
    return { op, operands };
  });
}

/** Where the op's slice of this field lies. */
export function offsetOf({ operands }: Placed, field: string): number {
  return operands.find((operand) => operand.field === field)!.offset;
}

/** Whether the op looks at what lies there by another field than `except`. */
export function looksAt({ operands }: Placed, offset: number, except?: string): boolean {
  return operands.some((operand) => operand.offset === offset && operand.field !== except);
}

/** The slices of both ops that one of them writes. */
export function conflicts(one: Placed, other: Placed): [Operand, Operand][] {
  return one.operands.flatMap((mine) =>
    other.operands
      .filter(({ offset, isWritten }) => offset === mine.offset && (isWritten || mine.isWritten))
      .map((theirs): [Operand, Operand] => [mine, theirs]),
  );
}

function sizeIn(op: Op, size: Size): number {
  const value = typeof size === 'number' ? size : (op[size as keyof Op] as unknown as Dimension);
  return value === 'rows' ? 0 : value;
}
