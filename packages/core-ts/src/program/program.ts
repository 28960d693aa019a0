import type { Op } from './ops.js';

/** A typed array over a part of the arena. */
export type SliceType = 'f32' | 'f64' | 'u32' | 'i32' | 'u8';

/** A named part of the arena. */
export interface Slice {
  readonly name: string;
  readonly type: SliceType;
  /** Dimensions, slowest first. */
  readonly shape: readonly number[];
  /** Bytes from the arena's start, a multiple of 64. */
  readonly offset: number;
  /** Elements: the product of the shape. */
  readonly length: number;
}

/** Slices of one memory, in whose first byte their offsets begin. */
export interface Layout {
  readonly slices: readonly Slice[];
  readonly bytes: number;
}

/** What can be run: one list of ops, repeated for each step of a pass. */
export interface Entry {
  /** The largest number of rows of a step. */
  readonly batchSize: number;
  readonly ops: readonly Op[];
}

/**
 * What an entry is called. `compileTraining` and `compileInference` make `train`, `gradients`, `update`,
 * `evaluate` and `predict`; a program made by hand may have any.
 */
export type EntryName = string;

/**
 * A network, its loss and its optimiser, compiled: lists of kernel calls over one arena.
 *
 * Every program has the slice `control`, u32 `[3]`: the rows of this pass already done, the rows
 * of this pass, the steps of this pass already done. A step takes
 * `rows = min(batchSize, control[1] − control[0])` rows, then adds rows to control[0] and 1 to
 * control[2]; so a pass is begun by writing `(0, count, 0)`.
 *
 * Where `control` is u32 `[5]`, a step may be a part of a larger one, as a rank has only some of a
 * step's rows: control[3] is how many rows the whole step has (0 where these are all), control[4] how many of
 * them come before.
 */
export interface Program {
  readonly slices: readonly Slice[];
  /** Size of the arena in bytes. */
  readonly bytes: number;
  /**
   * What ops gather from, where that lies apart from the arena: no op writes it, and several sessions may
   * share it.
   */
  readonly samples?: Layout;
  readonly entries: Readonly<Record<EntryName, Entry>>;
}

/** Indices into the slice `control`. */
export const POSITION = 0;
export const COUNT = 1;
export const STEP = 2;
export const WHOLE = 3;
export const BEFORE = 4;

/** Elements of a `control` that knows of parts of steps. */
export const CONTROL_OF_PARTS = 5;

/** Bytes of one element. */
export const ELEMENT_BYTES: Readonly<Record<SliceType, number>> = {
  f32: 4,
  f64: 8,
  u32: 4,
  i32: 4,
  u8: 1,
};

/** Slices begin at multiples of this many bytes: a cache line, and the widest vector. */
export const ALIGNMENT = 64;

/** A slice that has no place yet. */
export type SliceDeclaration = readonly [name: string, type: SliceType, ...shape: number[]];

/**
 * Gives each declared slice its place in the arena, in the order declared. Neighbours whose sizes
 * are multiples of 64 bytes touch.
 */
export function planMemory(declarations: readonly SliceDeclaration[]): {
  slices: Slice[];
  bytes: number;
} {
  let bytes = 0;
  const slices = declarations.map(([name, type, ...shape]) => {
    const length = shape.reduce((product, dimension) => product * dimension, 1);
    const slice: Slice = { name, type, shape, offset: bytes, length };
    bytes += Math.ceil((length * ELEMENT_BYTES[type]) / ALIGNMENT) * ALIGNMENT;
    return slice;
  });
  return { slices, bytes };
}

/** Where samples apart begin, as far as one list of all places is concerned: behind any arena. */
export const SAMPLES_PLACE = 0x10000000000;

/** All slices of a program by their names, those of the samples as if they lay behind the arena. */
export function placedSlices({ slices, samples }: Program): Map<string, Slice> {
  const apart = (samples?.slices ?? []).map((slice) => ({
    ...slice,
    offset: slice.offset + SAMPLES_PLACE,
  }));
  return new Map([...slices, ...apart].map((slice) => [slice.name, slice]));
}
