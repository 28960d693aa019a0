import { BitgradError } from '../errors.js';
import type { Program, SliceType } from './program.js';

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

/** The named slices of a session's arena as typed arrays over its bytes: nothing is copied. */
export class Memory {
  private readonly views = new Map<string, { type: SliceType; view: ArrayOf[SliceType] }>();

  /**
   * @param buffer holds the arena; several threads may share it
   * @param base the arena's first byte in `buffer`, a multiple of 64
   */
  constructor(program: Program, buffer: ArrayBufferLike, base = 0) {
    for (const { name, type, offset, length } of program.slices) {
      this.views.set(name, { type, view: new CONSTRUCTORS[type](buffer, base + offset, length) });
    }
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
