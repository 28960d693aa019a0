import { expect, it } from 'vitest';
import type { Op } from '../src/program/ops.js';
import { checkOverlaps } from '../src/program/overlaps.js';
import type { Slice, SliceType } from '../src/program/program.js';

/** Slices by what their names begin with: `f` binary32, `u` integers. */
type Places = Readonly<Record<string, readonly [offset: number, length: number]>>;

const writes = (output: string): Op => ({
  op: 'activation',
  output,
  width: 1,
  activation: 'relu',
});
const argmax = (logits: string, predicted: string): Op => ({
  op: 'argmax',
  logits,
  predicted,
  classes: 1,
});
const adds = (output: string, bias: string): Op => ({ op: 'biasAdd', output, bias, width: 1 });

/** The error for ops over slices that lie there; control lies at 1024. */
function errorOf(ops: readonly Op[], places: Places): string | null {
  const all = { control: [1024, 3] as const, ...places };
  const slices = Object.entries(all).map(([name, [offset, length]]): [string, Slice] => {
    const type: SliceType = name.startsWith('f') ? 'f32' : 'u32';
    return [name, { name, type, shape: [length], offset, length }];
  });
  try {
    checkOverlaps({ batchSize: 1, ops }, new Map(slices), 'train');
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

const refusal = (first: string, second: string): string =>
  `program: expected slices that share no bytes where one is written, received ${first} and ${second} (entry "train")`;

it('a slice that was written stays so when it is read after', () => {
  const ops = [writes('f1'), adds('f4', 'f2'), adds('f5', 'f1'), writes('f1')];
  const places: Places = { f1: [0, 16], f2: [32, 4], f4: [128, 4], f5: [192, 4] };
  expect(errorOf(ops, places)).toBe(
    refusal(
      '"f1" (bytes 0 to 64), which activation writes',
      '"f2" (bytes 32 to 48), which biasAdd reads',
    ),
  );
  expect(errorOf(ops, { ...places, f2: [64, 4] })).toBeNull();
});

it('a slice that was read counts as written once it is, and the first reader is named', () => {
  const reads = [adds('f4', 'f1'), argmax('f1', 'u1')];
  const places: Places = { f1: [0, 16], f2: [32, 4], f4: [128, 4], u1: [192, 4] };
  expect(errorOf([...reads, writes('f2')], places)).toBe(
    refusal(
      '"f1" (bytes 0 to 64), which biasAdd reads',
      '"f2" (bytes 32 to 48), which activation writes',
    ),
  );
  expect(errorOf([...reads, writes('f1'), adds('f4', 'f2')], places)).toBe(
    refusal(
      '"f1" (bytes 0 to 64), which activation writes',
      '"f2" (bytes 32 to 48), which biasAdd reads',
    ),
  );
});

it('slices that are only read may share bytes, but not with one that is written', () => {
  const reads = [adds('f4', 'f1'), adds('f4', 'f2'), adds('f4', 'f3')];
  const places: Places = { f1: [0, 64], f2: [64, 8], f3: [128, 4], f4: [512, 4] };
  expect(errorOf(reads, places)).toBeNull();
  // Behind all but the first, which is the longest.
  expect(errorOf([...reads, writes('f5')], { ...places, f5: [192, 4] })).toContain(
    '"f1" (bytes 0 to 256), which biasAdd reads and "f5" (bytes 192 to 208)',
  );
  expect(errorOf([...reads, writes('f5')], { ...places, f5: [256, 4] })).toBeNull();
  // Of two that end together, the first is named.
  const together = { ...places, f2: [128, 32] } as const;
  expect(errorOf([...reads, writes('f5')], { ...together, f5: [192, 4] })).toContain('"f1" (bytes');
});

it('a slice that is read may not lie in one that was written, however many lie between', () => {
  const ops = [writes('f1'), writes('f2'), adds('f4', 'f3')];
  const places: Places = { f1: [0, 4], f2: [64, 64], f3: [256, 4], f4: [512, 4] };
  expect(errorOf(ops, places)).toContain('"f2" (bytes 64 to 320), which activation writes');
  expect(errorOf(ops, { ...places, f3: [320, 4] })).toBeNull();
});

it("no slice shares bytes with the session's own", () => {
  expect(errorOf([adds('f4', 'f1')], { f1: [1024, 4], f4: [0, 4] })).toContain(
    '"control" (bytes 1024 to 1036), which the session writes',
  );
  expect(errorOf([adds('f4', 'f1')], { f1: [1088, 4], f4: [0, 4] })).toBeNull();
});

it('slices without elements share no bytes, wherever they lie', () => {
  for (const ops of [
    [writes('f1'), writes('f2')],
    [writes('f2'), writes('f1')],
  ]) {
    for (const offset of [0, 64, 128]) {
      expect(errorOf(ops, { f1: [0, 32], f2: [offset, 0] })).toBeNull();
    }
  }
});

it('samples are read, also where they share bytes with what is read', () => {
  const gather: Op = {
    op: 'gatherTargets',
    labels: 'u1',
    order: 'u2',
    targets: 'u3',
    sampleCount: 4,
  };
  const places: Places = { u1: [0, 16], u2: [0, 16], u3: [64, 4] };
  expect(errorOf([gather], places)).toBeNull();
  expect(errorOf([{ ...gather, order: 'u1' }], places)).toBeNull();
  expect(errorOf([gather], { ...places, u3: [0, 4] })).toContain('which gatherTargets writes');
});
