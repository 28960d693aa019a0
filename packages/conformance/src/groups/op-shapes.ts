import type { Backend, Memory, Op, SliceDeclaration } from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { expectSamePass, programOf } from '../run-both.js';
import { caseStream, fillValues, VALUE_KINDS, type ValueKind } from '../values.js';

/** Around every width of a vector register, and what is left over of it. */
export const WIDTHS = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65] as const;

/** Full steps, then a partial one. */
export const PASSES = [
  { batchSize: 1, count: 2 },
  { batchSize: 7, count: 17 },
  { batchSize: 16, count: 33 },
  { batchSize: 33, count: 40 },
] as const;

/** A session's slices, by the names that an `OpRun` gave them. */
export type Slices = Pick<Memory, 'f32' | 'f64' | 'u32' | 'i32' | 'u8'>;

/** One op of one shape over one pass. */
export interface OpRun {
  readonly op: Op;
  readonly batchSize: number;
  readonly count: number;
  readonly declarations: readonly SliceDeclaration[];
  /** Fills what random values would not make valid. */
  readonly fix?: (slices: Slices) => void;
}

/** A case for each kind of values, each over many shapes of one op. */
export function kindCases(
  name: string,
  runs: () => Iterable<OpRun>,
  kinds: readonly ValueKind[] = VALUE_KINDS,
): GroupCase[] {
  return kinds.map((kind) => ({
    name: `${name}, ${kind}`,
    run: (backend) => {
      for (const together of groupByPass(runs())) expectSameOps(backend, kind, together);
    },
  }));
}

/** Every width in turn with every pass. */
export function* widthsAndPasses(
  extraWidths: readonly number[] = [],
): Iterable<{ width: number; batchSize: number; count: number }> {
  for (const width of [...extraWidths, ...WIDTHS]) {
    for (const pass of PASSES) yield { width, ...pass };
  }
}

function groupByPass(runs: Iterable<OpRun>): Iterable<OpRun[]> {
  const groups = new Map<string, OpRun[]>();
  for (const run of runs) {
    const key = `${run.batchSize}, ${run.count}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return groups.values();
}

/**
 * Runs ops of one pass on both backends with f32 slices full of values of a kind. They are put into
 * one program, each with slices of its own, because opening a session takes longer than such an op.
 */
function expectSameOps(backend: Backend, kind: ValueKind, runs: readonly OpRun[]): void {
  const [first] = runs;
  const placed = runs.map((run, at) => place(run, at));
  expectSamePass(backend, {
    program: programOf(
      placed.map(({ op }) => op),
      first!.batchSize,
      placed.flatMap(({ declarations }) => declarations),
    ),
    entry: 'train',
    count: first!.count,
    where: `${runs.length} shapes of ${first!.op.op}`,
    fill: (memory) => {
      for (const [at, { declarations, rename, fix }] of placed.entries()) {
        const stream = caseStream(at);
        for (const [name, type] of declarations) {
          if (type === 'f32') fillValues(memory.f32(name), kind, stream);
        }
        fix?.({
          f32: (name) => memory.f32(rename(name)),
          f64: (name) => memory.f64(rename(name)),
          u32: (name) => memory.u32(rename(name)),
          i32: (name) => memory.i32(rename(name)),
          u8: (name) => memory.u8(rename(name)),
        });
      }
    },
  });
}

/** Gives a run's slices names that no other run has, and that say in a message which op it was. */
function place(run: OpRun, at: number): OpRun & { readonly rename: (name: string) => string } {
  const own = new Set(run.declarations.map(([name]) => name));
  const label = `op ${at + 1}: ${describe(run.op)}`;
  const rename = (name: string): string => `${name} of ${label}`;
  const op = Object.fromEntries(
    Object.entries(run.op).map(([field, value]) => [field, own.has(value) ? rename(value) : value]),
  ) as unknown as Op;
  const declarations = run.declarations.map(
    ([name, type, ...shape]): SliceDeclaration => [rename(name), type, ...shape],
  );
  return { ...run, op, declarations, rename };
}

function describe(op: Op): string {
  const sizes = Object.entries(op).filter(
    ([, value]) => typeof value === 'number' || typeof value === 'boolean' || value === 'rows',
  );
  return `${op.op} ${sizes.map(([name, value]) => `${name}=${value}`).join(' ')}`;
}
