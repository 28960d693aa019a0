import { BitgradError, show } from '../errors.js';
import { type Field, OPERANDS, type Size } from './operands.js';
import type { Gather, GatherAffine, Op, Window } from './ops.js';
import { checkOverlaps } from './overlaps.js';
import {
  ALIGNMENT,
  CONTROL_OF_PARTS,
  ELEMENT_BYTES,
  type Entry,
  type Layout,
  type Program,
  placedSlices,
  SAMPLES_PLACE,
  type Slice,
} from './program.js';

const LARGEST_DIMENSION = 0x7fffffff;
/** Backends need room for one image inside a border. */
const LARGEST_IMAGE = 0x10000000;
/** Offsets are encoded as unsigned 32-bit numbers of bytes. */
export const LARGEST_ARENA = 0xffffffc0;
/** Those of samples apart as unsigned 31-bit numbers of 64 bytes. */
export const LARGEST_SAMPLES = 0x1fffffffc0;

/**
 * How many rows and steps a pass of an entry can have at most: what its `capacity` and `steps`
 * slices hold.
 */
export interface Limits {
  readonly rows: number;
  readonly steps: number;
}

/**
 * Checks a program once, so that no kernel has to: every operand exists, has the right type and is
 * large enough for the op's dimensions, and none overlaps another that is written.
 *
 * @throws BitgradError that names the entry, the op and the operand
 */
export function validateProgram(program: Program): void {
  if (!isObject(program) || !Array.isArray(program.slices) || !isObject(program.entries)) {
    throw new BitgradError(`open: expected a Program, received ${show(program)}`);
  }
  const { samples } = program;
  if (samples !== undefined && (!isObject(samples) || !Array.isArray(samples.slices))) {
    throw new BitgradError(`program: expected slices of samples, received ${show(samples)}`);
  }
  checkBytes('an arena', program.bytes, LARGEST_ARENA);
  if (samples) checkBytes('samples', samples.bytes, LARGEST_SAMPLES);
  const names = new Set<string>();
  checkSlices('the arena', program, names);
  if (samples) checkSlices('the samples', samples, names);
  const slices = placedSlices(program);
  const control = slices.get('control');
  if (
    control?.type !== 'u32' ||
    ![3, CONTROL_OF_PARTS].includes(control.length) ||
    isApart(control)
  ) {
    throw new BitgradError(
      `program: expected a slice "control" of type u32 and shape [3] or [${CONTROL_OF_PARTS}]`,
    );
  }
  for (const [name, entry] of Object.entries(program.entries)) {
    if (!isObject(entry) || !Array.isArray(entry.ops)) {
      throw new BitgradError(`program: expected an entry "${name}", received ${show(entry)}`);
    }
    if (!isCount(entry.batchSize) || entry.batchSize < 1) {
      throw new BitgradError(
        `program: expected a batch size of at least 1 in entry "${name}", received ${show(entry.batchSize)}`,
      );
    }
    for (const op of entry.ops) checkOp(op, entry, slices, name);
    checkOverlaps(entry, slices, name);
  }
}

/** The largest pass that `entry`, which must be valid, can run. */
export function entryLimits(program: Program, entry: Entry): Limits {
  let rows = LARGEST_DIMENSION;
  let steps = LARGEST_DIMENSION;
  for (const op of entry.ops) {
    for (const [name, field] of Object.entries(OPERANDS[op.op]) as [string, Field][]) {
      if (field.kind !== 'slice') continue;
      const slice = program.slices.find((one) => one.name === op[name as keyof Op]);
      if (slice === undefined) continue;
      const width = field.size
        .slice(1)
        .reduce<number>((product, size) => product * sizeOf(size, op, entry), 1);
      // A slice of which a row takes nothing holds as many rows as anybody wants.
      if (width === 0) continue;
      const limit = Math.floor(slice.length / width);
      if (field.size[0] === 'steps') steps = Math.min(steps, limit);
      if (field.size[0] === 'capacity') rows = Math.min(rows, limit);
    }
  }
  return { rows, steps };
}

function checkBytes(what: string, bytes: number, most: number): void {
  if (Number.isSafeInteger(bytes) && bytes >= 0 && bytes <= most) return;
  throw new BitgradError(
    `program: expected ${what} of at most ${most} bytes, received ${show(bytes)}`,
    'use fewer samples, narrower layers or a smaller batch',
  );
}

const isApart = ({ offset }: Slice): boolean => offset >= SAMPLES_PLACE;

function checkSlices(where: string, { slices, bytes }: Layout, names: Set<string>): void {
  for (const slice of slices) {
    const elementBytes = typeof slice?.type === 'string' ? ELEMENT_BYTES[slice.type] : undefined;
    const isPlaced =
      elementBytes !== undefined &&
      isCount(slice.length) &&
      Number.isSafeInteger(slice.offset) &&
      slice.offset >= 0 &&
      slice.offset % ALIGNMENT === 0 &&
      slice.offset + slice.length * elementBytes <= bytes;
    if (!isPlaced) {
      throw new BitgradError(
        `program: expected slice ${show(slice?.name)} inside ${where} of ${bytes} bytes, received ${show(slice)}`,
      );
    }
    if (names.has(slice.name))
      throw new BitgradError(`program: expected one slice ${show(slice.name)}, received two`);
    names.add(slice.name);
  }
}

function checkOp(
  op: Op,
  entry: Entry,
  slices: ReadonlyMap<string, Slice>,
  entryName: string,
): void {
  // What every object inherits is no op, and a list of one name is no name: only own names count.
  const fields: Readonly<Record<string, Field>> | undefined =
    typeof op?.op === 'string' && Object.hasOwn(OPERANDS, op.op) ? OPERANDS[op.op] : undefined;
  if (fields === undefined) {
    throw new BitgradError(`program: expected an op in entry "${entryName}", received ${show(op)}`);
  }
  const values = op as unknown as Readonly<Record<string, unknown>>;
  // Numbers first: the sizes of the slices are made of them.
  for (const [name, field] of Object.entries(fields)) {
    if (!isValue(field, values[name])) {
      throw new BitgradError(
        `${op.op}: expected ${describe(field)} for "${name}", received ${show(values[name])} (entry "${entryName}")`,
      );
    }
  }
  for (const [name, field] of Object.entries(fields)) {
    checkSliceOperand(op, name, field, entry, slices, entryName);
  }
  const hasImages = op.op === 'gatherAffine' || (op.op === 'gather' && op.shifts !== null);
  if (hasImages && !areImages(op)) {
    throw new BitgradError(
      `${op.op}: expected images of ${op.features} pixels to move, received ${op.height}×${op.width}`,
    );
  }
  if (op.op === 'gather' && op.shifts !== null && op.preprocess === 'none') {
    throw new BitgradError('gather: expected images of bytes to shift, received binary32 samples');
  }
  if ('strideVertical' in op) checkWindow(op);
}

/** Every window must cover some of its image, and an image with what lies around it have its limit. */
function checkWindow(op: Op & Window): void {
  const sides = [
    [op.height, op.kernelHeight, op.strideVertical, op.paddingTop, op.outHeight],
    [op.width, op.kernelWidth, op.strideHorizontal, op.paddingLeft, op.outWidth],
  ] as const;
  const coverAll = sides.every(
    ([size, kernel, stride, padding, places]) =>
      places === 0 || (padding < kernel && (places - 1) * stride < size + padding),
  );
  if (!coverAll) {
    throw new BitgradError(
      `${op.op}: expected windows that each cover a part of the image, received ${op.outHeight}×${op.outWidth} of ${op.kernelHeight}×${op.kernelWidth} on ${op.height}×${op.width}`,
    );
  }
  const [rows, columns] = sides.map(([size, kernel]) => size + 2 * kernel);
  const channels = Math.max(op.channels, 'filters' in op ? op.filters : 0);
  const numbers = rows! * columns! * channels;
  if (numbers > LARGEST_IMAGE) {
    throw new BitgradError(
      `${op.op}: expected an image of at most ${LARGEST_IMAGE} numbers, with two windows beside it, received ${numbers}`,
      'use smaller images, smaller windows or fewer channels',
    );
  }
}

/** Whether features are whole images; only an affine map knows of several channels. */
function areImages({ op, height, width, features }: Gather | GatherAffine): boolean {
  const pixels = height * width;
  return op === 'gather' || pixels === 0 ? pixels === features : features % pixels === 0;
}

function checkSliceOperand(
  op: Op,
  name: string,
  field: Field,
  entry: Entry,
  slices: ReadonlyMap<string, Slice>,
  entryName: string,
): void {
  if (field.kind !== 'slice' && field.kind !== 'samples') return;
  const sliceName = op[name as keyof Op] as unknown as string | null;
  if (sliceName === null) return;
  const type = field.type === 'inputs' ? inputTypeOf(op) : field.type;
  const sizes = field.size.map((size) => sizeOf(size, op, entry));
  const expected = `${name} ${type} [${sizes}]`;
  const slice = slices.get(sliceName);
  if (slice === undefined) {
    throw new BitgradError(
      `${op.op}: expected ${expected}, received no slice ${show(sliceName)} (entry "${entryName}")`,
    );
  }
  if (field.kind === 'slice' && isApart(slice)) {
    throw new BitgradError(
      `${op.op}: expected ${expected} in the arena, received one of the samples, which are only gathered from (slice "${sliceName}", entry "${entryName}")`,
    );
  }
  const needed = sizes.reduce((product, size) => product * size, 1);
  if (slice.type !== type || slice.length < needed) {
    throw new BitgradError(
      `${op.op}: expected ${expected}, received ${slice.type} [${slice.shape}] (slice "${sliceName}", entry "${entryName}")`,
    );
  }
}

function inputTypeOf(op: Op): 'f32' | 'u8' {
  return op.op === 'gather' && op.preprocess === 'none' ? 'f32' : 'u8';
}

/** A size in elements; what a pass indexes by position or step has no size of its own. */
function sizeOf(size: Size, op: Op, entry: Entry): number {
  if (typeof size === 'number') return size;
  if (size === 'rows') return entry.batchSize;
  if (size === 'capacity' || size === 'steps') return 0;
  const value = op[size as keyof Op] as unknown as number | 'rows';
  return value === 'rows' ? entry.batchSize : value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return (
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LARGEST_DIMENSION
  );
}

function isValue(field: Field, value: unknown): boolean {
  switch (field.kind) {
    case 'slice':
      return typeof value === 'string' || (value === null && field.optional === true);
    case 'samples':
      return typeof value === 'string';
    case 'count':
      return (
        isCount(value) && value >= (field.least ?? 0) && value <= (field.most ?? LARGEST_DIMENSION)
      );
    case 'word':
      return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffffffff;
    case 'dimension':
      return value === 'rows' || isCount(value);
    case 'float':
      return typeof value === 'number' && Number.isFinite(value) && Math.fround(value) === value;
    case 'double':
      return typeof value === 'number' && Number.isFinite(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'choice':
      return field.of.includes(value as string);
  }
}

function describe(field: Field): string {
  switch (field.kind) {
    case 'slice':
    case 'samples':
      return "a slice's name";
    case 'count':
      return field.most === undefined
        ? `an integer of at least ${field.least ?? 0}`
        : `an integer from ${field.least ?? 0} to ${field.most}`;
    case 'word':
      return 'an unsigned 32-bit integer';
    case 'dimension':
      return 'an integer of at least 0 or "rows"';
    case 'float':
      return 'a finite binary32 number';
    case 'double':
      return 'a finite number';
    case 'flag':
      return 'true or false';
    case 'choice':
      return `one of ${field.of.join(', ')}`;
  }
}
