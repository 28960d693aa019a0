import { BitgradError } from '@bitgrad/core';
import { base64, memoryFlagsAt } from './kernels.js';

/** What `exports.cc` exports. Addresses and sizes are in bytes of the instance's memory. */
export interface Exports {
  readonly __stack_pointer: WebAssembly.Global;
  /** Where free memory begins. */
  heapBase(): number;
  scratchBytes(): number;
  /** Bytes that an entry's plan takes; writes it where `memory` is not 0. 0 for no valid entry. */
  bind(
    words: number,
    count: number,
    arena: number,
    samples: number,
    memory: number,
    members: number,
  ): number;
  /** How many of so many threads a step of a plan is worth, if there are so many rows for it. */
  membersFor(plan: number, threads: number, rows: number): number;
  /** Runs steps from where `control` stands, as one of `members`. Returns a RUN_STATUS. */
  run(plan: number, steps: number, control: number, members: number, member: number): number;
  sgemm(
    transposeA: boolean,
    transposeB: boolean,
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    beta: number,
    c: number,
    ldc: number,
    scratch: number,
  ): void;
  sgemv(
    transpose: boolean,
    m: number,
    n: number,
    alpha: number,
    a: number,
    lda: number,
    x: number,
    incx: number,
    beta: number,
    y: number,
    incy: number,
    scratch: number,
  ): void;
  sger(
    m: number,
    n: number,
    alpha: number,
    x: number,
    incx: number,
    y: number,
    incy: number,
    a: number,
    lda: number,
  ): void;
  saxpy(n: number, alpha: number, x: number, incx: number, y: number, incy: number): void;
  sdot(n: number, x: number, incx: number, y: number, incy: number): number;
  sscal(n: number, alpha: number, x: number, incx: number): void;
  scopy(n: number, x: number, incx: number, y: number, incy: number): void;
  snrm2(n: number, x: number, incx: number): number;
}

let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * The compiled module; it is compiled once.
 *
 * @throws BitgradError if this engine cannot run it
 */
export function loadModule(): Promise<WebAssembly.Module> {
  compiled ??= compile(false);
  return compiled;
}

/** The flags of limits with a maximum, of shared memory. */
const SHARED_LIMITS = 3;
let compiledShared: Promise<WebAssembly.Module> | undefined;

/** The same module for memory that is shared, which differs in one byte. */
export function loadSharedModule(): Promise<WebAssembly.Module> {
  compiledShared ??= compile(true);
  return compiledShared;
}

async function compile(isShared: boolean): Promise<WebAssembly.Module> {
  if (typeof WebAssembly !== 'object') throw unsupported('an engine with WebAssembly', 'none');
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  if (isShared) bytes[memoryFlagsAt] = SHARED_LIMITS;
  if (!WebAssembly.validate(bytes)) {
    throw unsupported('an engine with WebAssembly SIMD (128 bits)', 'one without');
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    // A page's content security policy may forbid it.
    throw unsupported('leave to compile a WebAssembly module', String(error));
  }
}

function unsupported(expected: string, received: string): BitgradError {
  return new BitgradError(
    `wasm: expected ${expected}, received ${received}`,
    'use the TypeScript backend: the same bits, more slowly',
  );
}
