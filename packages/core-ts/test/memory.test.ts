import { describe, expect, it } from 'vitest';
import { BitgradError } from '../src/errors.js';
import { Memory } from '../src/program/memory.js';
import { type Layout, placedSlices, planMemory } from '../src/program/program.js';

describe('Memory', () => {
  const layout: Layout = planMemory([
    ['a', 'f32', 2],
    ['b', 'u8', 3],
    ['c', 'f64', 1],
    ['d', 'i32', 4],
    ['e', 'u32', 5],
  ]);

  it('views the same bytes each time', () => {
    const buffer = new ArrayBuffer(64 + layout.bytes);
    const memory = new Memory(layout, buffer, 64);
    memory.f32('a')[1] = 1;
    expect(memory.f32('a')[1]).toBe(1);
    expect(new Float32Array(buffer)[17]).toBe(1);
  });

  it('has a view of each type', () => {
    const memory = new Memory(layout, new ArrayBuffer(layout.bytes));
    const views = [memory.f32('a'), memory.u8('b'), memory.f64('c'), memory.i32('d')];
    expect([...views, memory.u32('e')]).toEqual([
      new Float32Array(2),
      new Uint8Array(3),
      new Float64Array(1),
      new Int32Array(4),
      new Uint32Array(5),
    ]);
    expect(['a', 'e', 'f', 'toString'].map((name) => memory.has(name))).toEqual([
      ...[true, true, false, false],
    ]);
  });

  it('shows the samples of others beside its own slices', () => {
    const samples = new Memory(planMemory([['s', 'u8', 1]]), new ArrayBuffer(64));
    const memory = new Memory(layout, new ArrayBuffer(layout.bytes), 0, samples);
    samples.u8('s')[0] = 7;
    expect(memory.u8('s')).toBe(samples.u8('s'));
    expect(memory.has('a')).toBe(true);
  });

  it('refuses names and types that are not there', () => {
    const memory = new Memory(layout, new ArrayBuffer(layout.bytes));
    expect(() => memory.f32('x')).toThrow(
      'memory: expected a slice "x" of type f32, received none',
    );
    expect(() => memory.u32('a')).toThrow('of type u32, received one of type f32');
    expect(() => memory.i32('toString')).toThrow('of type i32, received none');
    expect(() => memory.f64('a')).toThrow('of type f64, received one of type f32');
    expect(() => memory.u8('a')).toThrow('of type u8, received one of type f32');
    expect(() => memory.i32('a')).toThrow(
      expect.objectContaining({ fix: 'slices: a, b, c, d, e' }),
    );
  });

  it('refuses more numbers than an array holds', () => {
    const length = 2 ** 45;
    const slices = [{ name: 'a', type: 'f32', shape: [length], offset: 0, length }] as const;
    const act = () => new Memory({ slices, bytes: 4 * length }, new ArrayBuffer(64));
    expect(act).toThrow(BitgradError);
    expect(act).toThrow(`memory: expected a slice "a" of as many numbers as this engine's arrays`);
  });
});

describe('placedSlices', () => {
  it('puts samples behind any arena', () => {
    const { slices, bytes } = planMemory([['a', 'f32', 2]]);
    const samples = planMemory([
      ['s', 'u8', 65],
      ['t', 'u32', 1],
    ]);
    const offsets = (program: Parameters<typeof placedSlices>[0]) =>
      [...placedSlices(program)].map(([name, { offset }]) => [name, offset]);
    expect(offsets({ slices, bytes, entries: {} })).toEqual([['a', 0]]);
    expect(offsets({ slices, bytes, samples, entries: {} })).toEqual([
      ['a', 0],
      ['s', 2 ** 40],
      ['t', 2 ** 40 + 128],
    ]);
  });
});
