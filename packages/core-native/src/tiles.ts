import { BitgradError, show } from '@bitgrad/core';
import type { Addon } from './addon.js';
import { recallTile, rememberTile } from './tile-memory.js';

/** The shape of the tiles that an instruction set's products take, and where the choice comes from. */
export interface TileChoice {
  readonly tile: string;
  readonly tiles: readonly string[];
  /** The usual one, what BITGRAD_KERNELS says, measured now, or remembered from when it was. */
  readonly by: 'default' | 'environment' | 'measured' | 'remembered';
}

/** A product large enough to show the tiles, and small enough to be tried in a fraction of a millisecond. */
const [M, N, K] = [96, 256, 256];
/** Turns that each tile has; the fastest counts, as others may want the processor too. */
const TURNS = 7;
/** What another tile must gain over the usual one: less may be chance. */
const LEAST_GAIN = 1.05;

/**
 * Lets the products of an instruction set take the tiles that are fastest on this machine, as measured
 * once (less than 20 ms) and then remembered, or what the environment's BITGRAD_KERNELS says: the name
 * of a tile, `default` for the first, or `measure` for another try. The bits are the same with each.
 *
 * @throws BitgradError where BITGRAD_KERNELS names no tile of any instruction set
 */
export function chooseTile(addon: Addon, isa: string): TileChoice {
  const tiles = addon.tiles(isa);
  const choose = (tile: string, by: TileChoice['by']): TileChoice => {
    addon.useTile(isa, tiles.indexOf(tile));
    return { tile, tiles, by };
  };
  const wanted = process.env.BITGRAD_KERNELS ?? '';
  if (!['', 'default', 'measure'].includes(wanted)) {
    checkName(addon, wanted);
    if (tiles.includes(wanted)) return choose(wanted, 'environment');
  }
  if (wanted === 'default' || tiles.length === 1) return choose(tiles[0]!, 'default');
  const remembered = wanted === 'measure' ? undefined : recallTile(isa, tiles);
  if (remembered !== undefined) return choose(remembered, 'remembered');
  const fastest = measureTiles(addon, isa, tiles);
  rememberTile(isa, tiles, fastest);
  return choose(fastest, 'measured');
}

/** A name may be of another instruction set than the one in use: several may be used in one process. */
function checkName(addon: Addon, wanted: string): void {
  const all = new Set(addon.isas.flatMap((isa) => addon.tiles(isa)));
  if (all.has(wanted)) return;
  throw new BitgradError(
    `native: expected BITGRAD_KERNELS to be default, measure or a tile among ${[...all].join(', ')}, received ${show(wanted)}`,
  );
}

/** The tile whose fastest product took least. */
function measureTiles(addon: Addon, isa: string, tiles: readonly string[]): string {
  const { sgemm } = addon.kernels(isa, 1);
  const [a, b, c] = [M * K, K * N, M * N].map((length) => new Float32Array(length).fill(1));
  const least = tiles.map(() => Number.POSITIVE_INFINITY);
  for (let turn = 0; turn < TURNS; turn++) {
    for (const index of tiles.keys()) {
      addon.useTile(isa, index);
      const start = performance.now();
      sgemm(false, false, M, N, K, 1, a!, K, b!, N, 0, c!, N);
      least[index] = Math.min(least[index]!, performance.now() - start);
    }
  }
  const fastest = least.indexOf(Math.min(...least));
  return tiles[least[0]! / least[fastest]! >= LEAST_GAIN ? fastest : 0]!;
}
