import { BitgradError } from '@bitgrad/core';

/** Thrown where there is an addon for this machine which does not load, or computes wrongly. */
export class BrokenAddonError extends BitgradError {
  override readonly name: string = 'BrokenAddonError';
}
