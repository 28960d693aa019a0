import { BitgradError } from '@bitgrad/core';
import { align, type Instance, instantiate } from './instance.js';
import type { Exports } from './module.js';

/** Enough for the kernels' stack, constants and scratch memory, and for small operands. */
const LEAST_BYTES = 0x200000;
/** More than this is not kept from one use to the next. */
const MOST_KEPT_BYTES = 0x4000000;

/** Rows enough for any step. */
const MANY = 0xffffffff;

/** An array of which so many elements take part. */
export type Operand = readonly [array: Float32Array, length: number];

/** An instance for what needs no session: single kernels, and sizes to be found out. */
export class Bench {
  /** Where an instance's free memory begins. */
  readonly base: number;
  readonly #module: WebAssembly.Module;
  readonly #scratchBytes: number;
  #instance: Instance | null;

  constructor(module: WebAssembly.Module) {
    this.#module = module;
    const { exports } = this.#fresh(LEAST_BYTES);
    this.base = align(exports.heapBase());
    this.#scratchBytes = align(exports.scratchBytes());
    this.#instance = null;
  }

  /** Bytes of the plan for an entry, encoded as words, and for so many threads. */
  planBytes(words: Uint32Array, members: number): number {
    const { exports, buffer } = this.#withFree(words.byteLength);
    new Uint32Array(buffer, this.base, words.length).set(words);
    const bytes = exports.bind(this.base, words.length, 0, 0, 0, members) >>> 0;
    if (bytes === 0) throw new Error('the module does not know all ops of this program');
    return align(bytes);
  }

  /** How many of so many threads the plan for an entry is worth. */
  membersFor(words: Uint32Array, threads: number): number {
    const plan = this.base + align(words.byteLength);
    const { exports, buffer } = this.#withFree(plan - this.base + this.planBytes(words, threads));
    new Uint32Array(buffer, this.base, words.length).set(words);
    // Binding looks at no slice, so the plan may say that they lie anywhere.
    exports.bind(this.base, words.length, 0, 0, plan, threads);
    const members = exports.membersFor(plan, threads, MANY);
    this.#dropLarge(buffer);
    return members;
  }

  /**
   * Copies operands into the instance, lets `work` use them there, and copies the first back if it
   * is an output.
   *
   * @param work is given the operands' addresses and that of scratch memory
   */
  use<Result>(
    operands: readonly Operand[],
    isOutput: boolean,
    work: (exports: Exports, addresses: readonly number[], scratch: number) => Result,
  ): Result {
    let end = this.base + this.#scratchBytes;
    const addresses = operands.map(([, length]) => {
      const address = end;
      end = align(end + length * 4);
      return address;
    });
    const { exports, buffer } = this.#withFree(end - this.base);
    for (const [at, [array, length]] of operands.entries()) {
      new Float32Array(buffer, addresses[at]!, length).set(array.subarray(0, length));
    }
    const result = work(exports, addresses, this.base);
    if (isOutput) {
      const [array, length] = operands[0]!;
      array.set(new Float32Array(buffer, addresses[0]!, length));
    }
    this.#dropLarge(buffer);
    return result;
  }

  #dropLarge(buffer: ArrayBufferLike): void {
    if (buffer.byteLength > MOST_KEPT_BYTES) this.#instance = null;
  }

  #withFree(bytes: number): Instance {
    const needed = this.base + bytes;
    if (this.#instance === null || this.#instance.buffer.byteLength < needed) {
      this.#instance = this.#fresh(Math.max(LEAST_BYTES, needed));
    }
    return this.#instance;
  }

  #fresh(bytes: number): Instance {
    const instance = instantiate(this.#module, bytes);
    if (instance !== null) return instance;
    throw new BitgradError(`wasm: expected ${bytes} bytes of memory, received fewer`);
  }
}
