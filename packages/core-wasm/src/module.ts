import { BitgradError } from '@bitgrad/core';
import { base64 } from './kernels.js';

/** What `exports.cc` exports. Addresses and sizes are in bytes of the instance's memory. */
export interface Exports {
  /** Where free memory begins. */
  heapBase(): number;
  scratchBytes(): number;
  /** Bytes that an entry's plan takes; writes it where `memory` is not 0. 0 for no valid entry. */
  bind(words: number, count: number, arena: number, memory: number): number;
  /** Runs steps from where `control` stands. Returns a RUN_STATUS. */
  run(plan: number, steps: number, control: number): number;
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
  compiled ??= compile();
  return compiled;
}

async function compile(): Promise<WebAssembly.Module> {
  if (typeof WebAssembly !== 'object') throw unsupported('an engine with WebAssembly', 'none');
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
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
