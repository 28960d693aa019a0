import type { Backend, Session } from '../backend.js';
import { checkedKernels } from '../checked-kernels.js';
import type { Program } from '../program/program.js';
import { gemm } from './gemm.js';
import { TypeScriptSession } from './session.js';
import { axpy, copy, dot, gemv, ger, nrm2, scal } from './vectors.js';

/**
 * The backend in plain TypeScript: the definition of every op, and what runs where nothing else
 * does. It uses one thread.
 */
export function typescriptBackend(): Backend {
  return {
    name: 'ts',
    isa: 'javascript',
    threads: 1,
    kernels: checkedKernels({
      sgemm: gemm,
      sgemv: gemv,
      sger: ger,
      saxpy: axpy,
      sdot: dot,
      sscal: scal,
      scopy: copy,
      snrm2: nrm2,
    }),
    open: (program: Program): Session => new TypeScriptSession(program),
  };
}
