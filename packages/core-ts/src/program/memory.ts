import { BitgradError } from '../errors.js';
import type { Layout, SliceType } from './program.js';

interface ArrayOf {
  f32: Float32Array;
  f64: Float64Array;
  u32: Uint32Array;
  i32: Int32Array;
  u8: Uint8Array;
}

const CONSTRUCTORS: {
  readonly [Type in SliceType]: new (
    buffer: ArrayBufferLike,
    byteOffset: number,
    length: number,
  ) => ArrayOf[Type];
} = { f32: Float32Array, f64: Float64Array, u32: Uint32Array, i32: Int32Array, u8: Uint8Array };

/** Named slices as typed arrays over the bytes of an arena, or of samples: nothing is copied. */
export class Memory {
  private readonly views = new Map<string, { type: SliceType; view: ArrayOf[SliceType] }>();

  /**
   * @param layout a program's arena, or its samples
   * @param buffer holds them; several threads may share it
   * @param base their first byte in `buffer`, a multiple of 64
   * @param samples those of the program, which a session shows beside its arena
   */
  constructor(layout: Layout, buffer: ArrayBufferLike, base = 0, samples?: Memory) {
    for (const { name, type, offset, length } of layout.slices) {
      this.views.set(name, { type, view: viewOf(name, type, buffer, base + offset, length) });
    }
    for (const [name, slice] of samples?.views ?? []) this.views.set(name, slice);
  }

  /** @throws BitgradError if no f32 slice has this name */
  f32(name: string): Float32Array {
    return this.view(name, 'f32');
  }

  /** @throws BitgradError if no f64 slice has this name */
  f64(name: string): Float64Array {
    return this.view(name, 'f64');
  }

  /** @throws BitgradError if no u32 slice has this name */
  u32(name: string): Uint32Array {
    return this.view(name, 'u32');
  }

  /** @throws BitgradError if no i32 slice has this name */
  i32(name: string): Int32Array {
    return this.view(name, 'i32');
  }

  /** @throws BitgradError if no u8 slice has this name */
  u8(name: string): Uint8Array {
    return this.view(name, 'u8');
  }

  /** Whether there is a slice of this name. */
  has(name: string): boolean {
    return this.views.has(name);
  }

  private view<Type extends SliceType>(name: string, type: Type): ArrayOf[Type] {
    const found = this.views.get(name);
    if (found?.type !== type) {
      const received = found === undefined ? 'none' : `one of type ${found.type}`;
      throw new BitgradError(
        `memory: expected a slice "${name}" of type ${type}, received ${received}`,
        `slices: ${[...this.views.keys()].join(', ')}`,
      );
    }
    return found.view as ArrayOf[Type];
  }
}

function viewOf(
  name: string,
  type: SliceType,
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
): ArrayOf[SliceType] {
  try {
    return new CONSTRUCTORS[type](buffer, offset, length);
  } catch {
    // Engines count an array's elements to 2^32 or 2^33.
    throw new BitgradError(
      `memory: expected a slice "${name}" of as many numbers as this engine's arrays hold, received one of ${length}`,
      'use fewer samples',
    );
  }
}
