import type { Backend, Session } from '../backend.js';
import { AbortedError, BitgradError, NonFiniteError } from '../errors.js';
import { compileShare, piecesOf, statisticsOf } from '../network/compile-share.js';
import { resolve } from '../network/graph.js';
import { memoryNames, readsScalars } from '../network/optimizers.js';
import { BEFORE, COUNT, POSITION, STEP, WHOLE } from '../program/program.js';
import type { Recipe } from '../recipe/recipe.js';
import { bytesOf, type Copy, copyAll, range, sum } from './copies.js';
import { Gathering } from './gathering.js';
import type { Ranks } from './ranks.js';
import type { PassOptions } from './run-pass.js';

/** How long the event loop may be kept waiting, in milliseconds. */
const TURN_MILLISECONDS = 40;

/** What a rank tells all others with its sums. */
const NEWS = { fine: 0, stopped: 1, notFinite: 2, failed: 3 } as const;
const NEWS_BYTES = 8;

/**
 * Passes of a training that ranks do together. Of each step a rank does some shards' gradients; their
 * sums go to the owners of the parameters' pieces, who fold them in the shards' order, update, and
 * give the parameters to all. Nothing is added on the way, so that the number of ranks changes no bit.
 */
export class SharedPass {
  private readonly share: Session;
  private readonly sent: Uint8Array;
  private readonly sentCounts: number[];
  private readonly received: Uint8Array;
  private readonly receivedCounts: number[];
  /** For each shard of this rank's, its sums on their way out. */
  private readonly packing: Copy[][];
  private readonly unpacking: Copy[];
  private readonly parameters: Gathering;
  private readonly memories: Gathering[];
  private readonly firstShard: number;

  /** @param session of the program for shared steps, as `compileRecipe` makes it */
  constructor(
    private readonly ranks: Ranks,
    private readonly recipe: Recipe,
    private readonly session: Session,
    backend: Backend,
    private readonly steps: number,
  ) {
    const { rank, size } = ranks;
    const { shards, optimizer } = recipe;
    checkShards(ranks, recipe);
    const owned = range(size).map((owner) => piecesOf(recipe, owner, size));
    this.share = backend.open(compileShare(recipe, owned[rank]!, recipe, steps));
    const [whole, own] = [session.memory, this.share.memory];
    const first = (of: number): number => Math.floor((of * shards) / size);
    this.firstShard = first(rank);
    const shardsOf = (of: number): number => first(of + 1) - first(of);
    const statistics = statisticsOf(recipe);
    const statisticsBytes = 12 * sum(statistics.map(({ channels }) => channels));
    const blockOf = (owner: number): number =>
      statisticsBytes + 4 * sum(owned[owner]!.map(({ length }) => length));
    this.sentCounts = range(size).map((owner) => NEWS_BYTES + shardsOf(rank) * blockOf(owner));
    this.receivedCounts = range(size).map((of) => NEWS_BYTES + shardsOf(of) * blockOf(rank));
    this.sent = new Uint8Array(sum(this.sentCounts));
    this.received = new Uint8Array(sum(this.receivedCounts));

    const packing: Copy[][] = range(shardsOf(rank)).map(() => []);
    let at = 0;
    for (let owner = 0; owner < size; owner += 1) {
      at += NEWS_BYTES;
      for (const copies of packing) {
        const send = (from: Uint8Array): void => {
          copies.push({ from, to: this.sent.subarray(at, at + from.length) });
          at += from.length;
        };
        for (const { mean, variance } of statistics) {
          send(bytesOf(whole.f64(variance)));
          send(bytesOf(whole.f32(mean)));
        }
        for (const { parameter, start, length } of owned[owner]!) {
          send(bytesOf(whole.f32(parameter.gradient).subarray(start, start + length)));
        }
      }
    }
    this.packing = packing;

    const unpacking: Copy[] = [];
    at = 0;
    for (let of = 0; of < size; of += 1) {
      at += NEWS_BYTES;
      for (let shard = first(of); shard < first(of + 1); shard += 1) {
        const receive = (view: Float32Array | Float64Array, length: number): void => {
          const to = bytesOf(view.subarray(shard * length, (shard + 1) * length));
          unpacking.push({ from: this.received.subarray(at, at + to.length), to });
          at += to.length;
        };
        for (const { mean, variance, channels } of statistics) {
          receive(own.f64(variance), channels);
          receive(own.f32(mean), channels);
        }
        for (const { parameter, length } of owned[rank]!) {
          receive(
            own.f32(shards === 1 ? parameter.gradient : `${parameter.gradient}.shards`),
            length,
          );
        }
      }
    }
    this.unpacking = unpacking;
    const gathering = (suffix: string): Gathering =>
      new Gathering(ranks, recipe, whole, own, suffix);
    this.parameters = gathering('');
    this.memories = memoryNames(optimizer).map((name) => gathering(`.${name}`));
  }

  /**
   * Runs a whole pass of `count` rows, whose order, rates and so on stand in the session's memory.
   *
   * @throws on all ranks, where one was stopped or found what is not finite
   */
  async run(count: number, { signal, onProgress }: PassOptions): Promise<void> {
    const { share, session, recipe, ranks } = this;
    this.scatter();
    const rates = readsScalars(recipe.optimizer) ? 'scalars' : 'rates';
    const ownRates = share.memory.f32(rates);
    ownRates.set(session.memory.f32(rates).subarray(0, ownRates.length));
    const [control, shareControl] = [session, share].map(({ memory }) => memory.u32('control'));
    const steps = Math.ceil(count / recipe.batchSize);
    let turned = performance.now();
    for (let step = 0; step < steps; step += 1) {
      const position = step * recipe.batchSize;
      const rows = Math.min(recipe.batchSize, count - position);
      const failure = signal?.aborted
        ? new AbortedError('the run was interrupted')
        : this.runShards(control!, step, position, rows);
      this.tell(failure);
      await ranks.exchange(this.sent, this.sentCounts, this.received, this.receivedCounts);
      this.hear(failure, step);
      copyAll(this.unpacking);
      shareControl!.set([position, count, step]);
      share.run('update', 1);
      await this.parameters.gather();
      if (performance.now() - turned > TURN_MILLISECONDS) {
        onProgress?.(step + 1);
        await new Promise((resolve) => setTimeout(resolve, 0));
        turned = performance.now();
      }
    }
    control!.fill(0);
    this.keepUntrained('out');
    for (const memory of this.memories) await memory.gather();
    await this.gatherLosses(count);
  }

  close(): void {
    this.share.close();
  }

  /** @returns what ended it early */
  private runShards(control: Uint32Array, step: number, position: number, rows: number): unknown {
    const { shards } = this.recipe;
    for (const [at, copies] of this.packing.entries()) {
      const shard = this.firstShard + at;
      const before = Math.floor((shard * rows) / shards);
      const end = Math.floor(((shard + 1) * rows) / shards);
      if (end === before) {
        for (const { to } of copies) to.fill(0);
        continue;
      }
      control[POSITION] = position + before;
      control[COUNT] = position + end;
      control[STEP] = step;
      control[WHOLE] = rows;
      control[BEFORE] = before;
      try {
        this.session.run('gradients', 1);
      } catch (error) {
        return error;
      }
      copyAll(copies);
    }
    return null;
  }

  private tell(failure: unknown): void {
    const news =
      failure === null
        ? NEWS.fine
        : failure instanceof AbortedError
          ? NEWS.stopped
          : failure instanceof NonFiniteError
            ? NEWS.notFinite
            : NEWS.failed;
    let at = 0;
    for (const count of this.sentCounts) {
      this.sent[at] = news;
      at += count;
    }
  }

  /** @throws where this rank or another could not do its part */
  private hear(failure: unknown, step: number): void {
    if (failure !== null) throw failure;
    let at = 0;
    for (const [rank, count] of this.receivedCounts.entries()) {
      const news = this.received[at];
      at += count;
      if (news === NEWS.stopped) throw new AbortedError('the run was interrupted');
      if (news === NEWS.notFinite) {
        throw new NonFiniteError(
          `the loss is not finite at step ${step + 1} of this pass`,
          step,
          'a lower learning rate usually helps',
        );
      }
      if (news === NEWS.failed) {
        throw new BitgradError(`rank ${rank}: could not do its part of step ${step + 1}`);
      }
    }
  }

  /** Takes this rank's pieces, and what the optimiser remembers of them, from the session. */
  private scatter(): void {
    for (const part of [this.parameters, ...this.memories]) part.scatter();
    this.keepUntrained('in');
  }

  /** Parameters that no optimiser changes are the same on all ranks. */
  private keepUntrained(direction: 'in' | 'out'): void {
    const { session, share, recipe } = this;
    for (const { name, isTrained } of resolve(recipe).parameters) {
      if (isTrained) continue;
      const [whole, own] = [session.memory.f32(name), share.memory.f32(name)];
      if (direction === 'in') own.set(whole);
      else whole.set(own);
    }
  }

  /** Gives each rank the losses of the others' rows. */
  private async gatherLosses(count: number): Promise<void> {
    const { ranks, recipe, session, steps } = this;
    const { batchSize, shards } = recipe;
    const losses = session.memory.f32('losses');
    const rowsOf = (rank: number): [begin: number, end: number][] =>
      range(steps).flatMap((step) => {
        const position = step * batchSize;
        const rows = Math.min(batchSize, count - position);
        const edge = (of: number): number =>
          position + Math.floor((Math.floor((of * shards) / ranks.size) * rows) / shards);
        return rows > 0 ? [[edge(rank), edge(rank + 1)] as [number, number]] : [];
      });
    const all = range(ranks.size).map(rowsOf);
    const counts = all.map((rows) => sum(rows.map(([begin, end]) => end - begin)));
    const join = (rank: number): Float32Array => {
      const own = new Float32Array(counts[rank]!);
      let at = 0;
      for (const [begin, end] of all[rank]!) {
        own.set(losses.subarray(begin, end), at);
        at += end - begin;
      }
      return own;
    };
    const received = new Float32Array(count);
    await ranks.gather(
      bytesOf(join(ranks.rank)),
      bytesOf(received),
      counts.map((one) => 4 * one),
    );
    let at = 0;
    for (const [begin, end] of all.flat()) {
      losses.set(received.subarray(at, at + end - begin), begin);
      at += end - begin;
    }
  }
}

/** @throws BitgradError if there are more ranks than shards */
function checkShards({ size }: Ranks, { shards }: Recipe): void {
  if (shards >= size) return;
  throw new BitgradError(
    `shards: expected at least ${size}, the number of ranks, received ${shards}`,
    'the number of shards is a part of the recipe: choose it once (--shards), then any number of ranks up to it gives the same weights',
  );
}
