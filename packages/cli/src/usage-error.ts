import { BitgradError } from '@bitgrad/core/errors';

/** Thrown when a command was called in a wrong way; the exit code is then 2. */
export class UsageError extends BitgradError {
  override readonly name: string = 'UsageError';
}
