import { type Field, OPERANDS } from '../src/program/operands.js';
import type { Op } from '../src/program/ops.js';
import {
  type Program,
  planMemory,
  type SliceDeclaration,
  type SliceType,
} from '../src/program/program.js';

/** A program of one op, of which every slice is one of its own of 64 elements, and every dimension is 2. */
export function oneOp(name: Op['op']): { program: Program; slices: [string, Field][] } {
  const fields = Object.entries(OPERANDS[name]) as [string, Field][];
  const slices = fields.filter(([, { kind }]) => kind === 'slice' || kind === 'samples');
  const op = Object.fromEntries(
    fields.map(([field, operand]) => [field, valueFor(field, operand)]),
  );
  // Images of 2 pixels where they move; bytes where samples may be those; windows on the image.
  if ('preprocess' in op) Object.assign(op, { height: 1, preprocess: 'binarize' });
  if ('paddingTop' in op) Object.assign(op, { paddingTop: 1, paddingLeft: 1 });
  const declarations = slices.map(
    ([field, operand]): SliceDeclaration => [
      field,
      'type' in operand && operand.type !== 'inputs' ? (operand.type as SliceType) : 'u8',
      64,
    ],
  );
  const program = {
    ...planMemory([['control', 'u32', 3], ...declarations]),
    entries: { train: { batchSize: 2, ops: [{ op: name, ...op } as unknown as Op] } },
  };
  return { program, slices };
}

function valueFor(field: string, operand: Field): unknown {
  switch (operand.kind) {
    case 'slice':
    case 'samples':
      return field;
    case 'flag':
      return false;
    case 'choice':
      return operand.of.at(-1);
    default:
      return 2;
  }
}
