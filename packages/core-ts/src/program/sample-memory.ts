import { BitgradError } from '../errors.js';
import type { Memory } from './memory.js';
import type { Layout, Program } from './program.js';
import { validateProgram } from './validate.js';

/** What sessions gather from, in memory of its own that they share. */
export interface SampleMemory {
  readonly layout: Layout;
  readonly memory: Memory;
  /** Lets go of the memory, which lasts as long as sessions use it. Closing twice is allowed. */
  close(): void;
}

/**
 * What a program gathers from.
 *
 * @throws BitgradError if the program is not valid, or gathers from its arena alone
 */
export function samplesLayout(program: Program): Layout {
  validateProgram(program);
  if (program.samples !== undefined) return frozen(program.samples);
  throw new BitgradError(
    'openSamples: expected a program with samples apart from its arena, received one without',
  );
}

function frozen({ slices, bytes }: Layout): Layout {
  const own = slices.map((slice) => Object.freeze({ ...slice, shape: [...slice.shape] }));
  return Object.freeze({ slices: Object.freeze(own), bytes });
}

/** Whether samples lie as the program expects them. */
export function fitsSamples({ samples: expected }: Program, { layout }: SampleMemory): boolean {
  return (
    expected !== undefined &&
    expected.bytes === layout.bytes &&
    expected.slices.length === layout.slices.length &&
    expected.slices.every((slice, at) => {
      const other = layout.slices[at]!;
      return (
        slice.name === other.name &&
        slice.type === other.type &&
        slice.offset === other.offset &&
        slice.length === other.length
      );
    })
  );
}

/** @throws BitgradError unless `fitsSamples` */
export function checkSamples(program: Program, samples: SampleMemory): void {
  if (fitsSamples(program, samples)) return;
  throw new BitgradError(
    `open: expected samples ${describe(program.samples)}, received ${describe(samples.layout)}`,
    'make them with openSamples() for a program with the same samples',
  );
}

function describe(layout: Layout | undefined): string {
  if (layout === undefined) return 'in the arena';
  return layout.slices.map(({ name, type, shape }) => `${name} ${type} [${shape}]`).join(', ');
}
