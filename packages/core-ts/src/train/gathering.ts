import { piecesOf } from '../network/compile-share.js';
import type { Memory } from '../program/memory.js';
import type { Recipe } from '../recipe/recipe.js';
import { bytesOf, type Copy, copyAll, range, sum } from './copies.js';
import type { Ranks } from './ranks.js';

/** Brings together what the owners of the pieces have of each parameter, or of what is remembered of it. */
export class Gathering {
  private readonly packing: Copy[];
  private readonly unpacking: Copy[];
  private readonly scattering: Copy[];
  private readonly sent: Uint8Array;
  private readonly received: Uint8Array;
  private readonly counts: number[];

  /** @param suffix of the slices' names, after the parameter's */
  constructor(
    private readonly ranks: Ranks,
    recipe: Recipe,
    whole: Memory,
    own: Memory,
    suffix: string,
  ) {
    const { rank, size } = ranks;
    const owned = range(size).map((owner) => piecesOf(recipe, owner, size));
    this.counts = owned.map((pieces) => 4 * sum(pieces.map(({ length }) => length)));
    this.sent = new Uint8Array(this.counts[rank]!);
    this.received = new Uint8Array(sum(this.counts));
    const partOf = ({ parameter, start, length }: (typeof owned)[number][number]): Uint8Array =>
      bytesOf(whole.f32(parameter.name + suffix).subarray(start, start + length));
    let at = 0;
    this.unpacking = owned.flat().map((piece) => {
      const to = partOf(piece);
      at += to.length;
      return { from: this.received.subarray(at - to.length, at), to };
    });
    at = 0;
    this.packing = owned[rank]!.map(({ parameter }) => {
      const from = bytesOf(own.f32(parameter.name + suffix));
      at += from.length;
      return { from, to: this.sent.subarray(at - from.length, at) };
    });
    this.scattering = owned[rank]!.map((piece) => ({
      from: partOf(piece),
      to: bytesOf(own.f32(piece.parameter.name + suffix)),
    }));
  }

  scatter(): void {
    copyAll(this.scattering);
  }

  async gather(): Promise<void> {
    copyAll(this.packing);
    await this.ranks.gather(this.sent, this.received, this.counts);
    copyAll(this.unpacking);
  }
}
