import { signal } from '@preact/signals';
import type { Events, Verification } from '../worker/protocol.js';

/** A verification of the opened model, under way or done. */
export interface VerificationState {
  readonly epochs: readonly Events['verified'][];
  /** Null while it is under way. */
  readonly result: Verification | null;
}

export const verification = signal<VerificationState | null>(null);
