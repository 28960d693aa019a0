import { constants } from 'node:buffer';
import { BitgradError, type Layout, type SampleMemory } from '@bitgrad/core';
import { Memory } from '@bitgrad/core/backend';
import type { Addon, NativeSamples } from './addon.js';

/** Memory outside JavaScript's heap that sessions of this addon gather from. */
export class CppSamples implements SampleMemory {
  readonly memory: Memory;
  readonly #bytes: number;
  #native: NativeSamples | null;

  /**
   * @param place where they lie already; it is kept until the process ends
   * @throws BitgradError if there is not enough memory, or it is more than Node's buffers can show
   */
  constructor(
    addon: Addon,
    readonly layout: Layout,
    place?: ArrayBuffer,
  ) {
    // Node 20 shows an addon's memory through its own Buffer, which ends at 4 GiB.
    if (layout.bytes > constants.MAX_LENGTH) {
      throw new BitgradError(
        `open: expected samples of at most ${constants.MAX_LENGTH} bytes, which is what this Node's buffers hold, received ${layout.bytes}`,
        'use fewer samples, or Node 22, which has no such limit',
      );
    }
    this.#native = new addon.Samples(place ?? layout.bytes);
    const buffer = place ?? this.#native.buffer();
    if (buffer === undefined) {
      throw new BitgradError(
        `open: expected ${layout.bytes} bytes of memory for the samples, received fewer`,
        'use fewer samples',
      );
    }
    this.#bytes = layout.bytes;
    this.memory = new Memory(layout, buffer);
  }

  /**
   * What the addon knows them by.
   *
   * @throws BitgradError if they are not this backend's, are closed, or are fewer than so many bytes
   */
  static of(samples: SampleMemory, bytes: number): NativeSamples {
    if (!(samples instanceof CppSamples) || samples.#bytes < bytes) {
      throw new BitgradError('open: expected samples of the native backend, received others');
    }
    if (samples.#native === null) {
      throw new BitgradError('open: expected open samples, received closed ones');
    }
    return samples.#native;
  }

  close(): void {
    this.#native = null;
  }
}
