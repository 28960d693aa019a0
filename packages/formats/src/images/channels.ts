import type { LoadOptions } from '../options.js';

/** How many channels images are read with, or null where the images decide. */
export function channelsOf({ channels, modelImageSize }: LoadOptions): 1 | 3 | null {
  if (channels !== undefined) return channels === 'rgb' ? 3 : 1;
  if (modelImageSize === undefined) return null;
  return modelImageSize.channels === 3 ? 3 : 1;
}
