import { AbortedError } from '@bitgrad/core/errors';

/** Thrown when a training was interrupted; the message says what is left of it. */
export class InterruptedTrainingError extends AbortedError {
  override readonly name: string = 'InterruptedTrainingError';
}
