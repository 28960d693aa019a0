/**
 * What a backend is written with (`@bitgrad/core/backend`): the ops as a table, programs as words for
 * other languages, checks, and the session that stands around a runner.
 *
 * @module
 */
export type { Backend, Kernels } from './backend.js';
export { checkedKernels } from './checked-kernels.js';
export { assertGradualUnderflow, hasGradualUnderflow } from './math/underflow.js';
export { encodeEntry } from './program/encode.js';
export { Memory } from './program/memory.js';
export {
  type Access,
  CHOICES,
  type ChoiceType,
  type Field,
  OP_NAMES,
  OPERANDS,
  type Size,
  type SliceField,
} from './program/operands.js';
export { PassCheck, RUN_STATUS, runError } from './program/pass.js';
export { checkSamples, type SampleMemory, samplesLayout } from './program/sample-memory.js';
export { beginPass, openSession, type Runner, type Session } from './program/session.js';
export { type Limits, validateProgram } from './program/validate.js';
