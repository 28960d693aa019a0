import type { Memory, Program, Slice } from '@bitgrad/core';
import { bitsOf, type Numbers, showElement } from './hex.js';

/** Fails unless both arrays hold the same bits. `where` names step, op and slice. */
export function expectSameBits(actual: Numbers, expected: Numbers, where: string): void {
  if (actual.length !== expected.length) {
    throw new Error(`${where}: expected ${expected.length} elements, received ${actual.length}`);
  }
  const [actualBits, expectedBits] = [bitsOf(actual), bitsOf(expected)];
  const words = actualBits.length / actual.length;
  for (let word = 0; word < actualBits.length; word += 1) {
    if (actualBits[word] === expectedBits[word]) continue;
    const i = Math.floor(word / words);
    throw new Error(
      `${where}, index ${i}: expected ${showElement(expected, i)}, received ${showElement(actual, i)}`,
    );
  }
}

/** Fails unless two binary32 numbers have the same bits. */
export function expectSameNumber(actual: number, expected: number, where: string): void {
  if (Math.fround(actual) !== actual && !Number.isNaN(actual)) {
    throw new Error(`${where}: expected a binary32 value, received ${actual}`);
  }
  expectSameBits(Float32Array.of(actual), Float32Array.of(expected), where);
}

/** The slices of a program's arena and of what it gathers from. */
export function slicesOf({ slices, samples }: Program): readonly Slice[] {
  return [...slices, ...(samples?.slices ?? [])];
}

/** A slice of a session's memory, whatever its type. */
export function view(memory: Memory, slice: Slice): Numbers {
  return memory[slice.type](slice.name);
}

/** Fails unless every slice of `program` holds the same bits in both memories. */
export function expectSameMemory(
  program: Program,
  actual: Memory,
  expected: Memory,
  where: string,
  isCompared: (slice: Slice) => boolean = () => true,
): void {
  for (const slice of slicesOf(program)) {
    if (!isCompared(slice)) continue;
    expectSameBits(
      view(actual, slice),
      view(expected, slice),
      `${where}, slice "${slice.name}" [${slice.shape}]`,
    );
  }
}

/** Copies every slice of one session's memory into another's. */
export function copyMemory(program: Program, from: Memory, to: Memory): void {
  for (const slice of slicesOf(program)) view(to, slice).set(view(from, slice));
}

/**
 * Fails if an f32 slice of the oracle holds a value that is not finite: bits are promised only for
 * finite values, so that a case which makes others is made wrong.
 */
export function expectFinite(program: Program, memory: Memory, where: string): void {
  for (const slice of slicesOf(program)) {
    if (slice.type !== 'f32') continue;
    const values = memory.f32(slice.name);
    // A loop, because a function called for each of so many takes longer than the oracle does.
    for (let i = 0; i < values.length; i += 1) {
      if (Number.isFinite(values[i])) continue;
      throw new Error(`${where}: slice "${slice.name}", index ${i} is not finite`);
    }
  }
}
