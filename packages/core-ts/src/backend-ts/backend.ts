import type { Backend } from '../backend.js';
import { checkedKernels } from '../checked-kernels.js';
import { Memory } from '../program/memory.js';
import { samplesLayout } from '../program/sample-memory.js';
import { openSession } from '../program/session.js';
import { gemm } from './gemm.js';
import { openArena, TypeScriptRunner } from './runner.js';
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
    open: (program, samples) =>
      openSession(program, (valid) => new TypeScriptRunner(valid, samples?.memory), samples),
    openSamples: (program, place) => {
      const layout = samplesLayout(program);
      const memory = place === undefined ? openArena(layout) : new Memory(layout, place);
      return { layout, memory, close: () => undefined };
    },
  };
}
