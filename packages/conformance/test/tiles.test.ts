import type { Backend } from '@bitgrad/core';
import { nativeAvailability, nativeBackend, nativeTiles } from '@bitgrad/core-native';
import { afterAll, describe, it } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { suite } from '../src/suite.js';
import { unanimous } from '../src/unanimous.js';
import { partOf } from './part.js';

const native = nativeAvailability();
const told = process.env.BITGRAD_KERNELS;
/** What products are in, which is all that tiles have a part in; in little time, those alone and as they are used. */
const GROUPS = ['kernels', 'trainings', ...(missing('long') ? [] : ['programs', 'gradients'])];
const cases = (missing('long') ? partOf(suite()) : suite()).filter(({ group }) =>
  GROUPS.includes(group),
);

function tell(tile: string | undefined): void {
  if (tile === undefined) delete process.env.BITGRAD_KERNELS;
  else process.env.BITGRAD_KERNELS = tile;
}

/** Has the products of an instruction set in these tiles from now on: it knows one choice at a time. */
function take(isa: string, tile: string): void {
  tell(tile);
  nativeTiles(isa);
}

/** A backend whose sessions take these tiles before they do anything. */
function inTiles(isa: string, tile: string): Backend {
  take(isa, tile);
  const backend = nativeBackend({ isa, threads: 2 });
  return {
    ...backend,
    isa: `${isa}, ${tile}`,
    open(program) {
      take(isa, tile);
      const session = backend.open(program);
      return {
        memory: session.memory,
        run(entry, steps) {
          take(isa, tile);
          session.run(entry, steps);
        },
        freezeSamples() {
          take(isa, tile);
          session.freezeSamples?.();
        },
        close: () => session.close(),
      };
    },
  };
}

afterAll(() => tell(told));

// Whichever tiles a processor is best with, the bits must be these.
describe.skipIf(missing('native'))('products in tiles of every shape', () => {
  const choices = (native.available ? native.isa : []).flatMap((isa) => {
    const { tile: chosen, tiles } = nativeTiles(isa);
    return tiles.filter((name) => name !== chosen).map((tile) => ({ isa, tile }));
  });
  const kernels = cases.filter(({ group }) => group === 'kernels');
  for (const { isa, tile } of choices) {
    for (const { name, run } of kernels) {
      it(`${isa}, ${tile}, kernels: ${name}`, async () => {
        take(isa, tile);
        await run(nativeBackend({ isa, threads: 2 }));
      });
    }
  }
  if (choices.length === 0) return;
  const all = unanimous(...choices.map(({ isa, tile }) => inTiles(isa, tile)));
  for (const { group, name, run } of cases) {
    if (group !== 'kernels') it(`${group}: ${name}`, async () => run(all));
  }
});
