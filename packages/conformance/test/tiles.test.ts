import { nativeAvailability, nativeBackend, nativeTiles } from '@bitgrad/core-native';
import { afterAll, describe, it } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { suite } from '../src/suite.js';
import { partOf } from './part.js';

const native = nativeAvailability();
const told = process.env.BITGRAD_KERNELS;
/** What products are in, which is all that tiles have a part in. */
const GROUPS = ['kernels', 'programs', 'trainings', ...(missing('long') ? [] : ['gradients'])];
const cases = (missing('long') ? partOf(suite()) : suite()).filter(({ group }) =>
  GROUPS.includes(group),
);

function tell(tile: string | undefined): void {
  if (tile === undefined) delete process.env.BITGRAD_KERNELS;
  else process.env.BITGRAD_KERNELS = tile;
}

afterAll(() => tell(told));

// Whichever tiles a processor is best with, the bits must be these.
describe.skipIf(missing('native'))('products in tiles of every shape', () => {
  const isas = native.available ? native.isa : [];
  for (const isa of isas) {
    const { tile: chosen, tiles } = nativeTiles(isa);
    for (const tile of tiles.filter((name) => name !== chosen)) {
      for (const { group, name, run } of cases) {
        it(`${isa}, ${tile}, ${group}: ${name}`, async () => {
          tell(tile);
          await run(nativeBackend({ isa, threads: 2 }));
        });
      }
    }
  }
});
