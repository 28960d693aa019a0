import { BitgradError, type Ranks } from '@bitgrad/core';
import {
  type Addon,
  addonPath,
  builtImplementations,
  type Here,
  type Implementation,
  loadAddon,
  type Shared,
} from './addon.js';

/** How long a call is waited for before the event loop may turn, in seconds, and then between its turns. */
const FIRST_WAIT = 2e-3;
const WAIT = 1e-3;
/** How long the others may take to come to the end, in milliseconds. */
const PATIENCE = 10_000;
/** MPI counts bytes with 32 bits. */
const MOST_BYTES = 0x7fffffff;

/** What the environment says of a process that a launcher of MPI has started. */
export interface Job {
  /** Of all processes. */
  readonly size: number;
  /** Those that may have started it, the likeliest first. */
  readonly implementations: readonly Implementation[];
}

/** MPI's ranks, from the first to the last call. */
export class MpiRanks implements Ranks {
  readonly rank: number;
  readonly size: number;
  /** How many ranks are on this machine. */
  readonly localSize: number;
  /** As in `Open MPI v4.1.4`. */
  readonly library: string;
  /** Whether MPI has failed, after which there is nothing to be said to the others. */
  isBroken = false;

  private constructor(
    private readonly addon: Addon,
    { rank, size, localSize, library }: Here,
  ) {
    this.rank = rank;
    this.size = size;
    this.localSize = localSize;
    this.library = library.split(/[,\n]/)[0]!.replace(/\s+/g, ' ').trim();
  }

  /**
   * Joins the job that a launcher has started this process for.
   *
   * @throws BitgradError if no addon is built for its MPI, or the launcher is another one's
   */
  static join(job: Job): MpiRanks {
    const implementation = chooseImplementation(job);
    const addon = load(implementation);
    const ranks = new MpiRanks(addon, initialize(addon));
    if (ranks.size === job.size) return ranks;
    throw new BitgradError(
      `ranks: expected ${job.size}, as the launcher says, received ${ranks.size} from ${ranks.library}`,
      `start with the mpirun of that MPI, or build for the launcher's: npx bitgrad-mpi build --mpicc COMMAND`,
    );
  }

  async exchange(
    sent: Uint8Array,
    sentCounts: readonly number[],
    received: Uint8Array,
    receivedCounts: readonly number[],
  ): Promise<void> {
    checkBytes(sent, received);
    const counts = [Int32Array.from(sentCounts), Int32Array.from(receivedCounts)] as const;
    this.begin(() => this.addon.exchange(sent, counts[0], received, counts[1]));
    await this.wait([sent, received, counts]);
  }

  async gather(sent: Uint8Array, received: Uint8Array, counts: readonly number[]): Promise<void> {
    checkBytes(sent, received);
    const own = Int32Array.from(counts);
    this.begin(() => this.addon.gather(sent, received, own));
    await this.wait([sent, received, own]);
  }

  /** See `Ranks`. It lasts until the process ends. */
  async share(bytes: number): Promise<Shared | null> {
    if (this.localSize === 1) return null;
    try {
      return this.addon.share(bytes) ?? null;
    } catch (error) {
      throw this.lost(error);
    }
  }

  /**
   * Takes leave of the others. Where they do not come to their end as well, all are ended.
   *
   * @param code the exit code in that case
   */
  async leave(code: number): Promise<void> {
    const end = performance.now() + PATIENCE;
    this.begin(() => this.addon.barrier());
    while (!this.addon.test(WAIT)) {
      if (performance.now() > end) this.addon.abort(code);
      await turn();
    }
    this.addon.finalize();
  }

  private begin(call: () => void): void {
    try {
      call();
    } catch (error) {
      throw this.lost(error);
    }
  }

  /** @param held what the call reads and writes, which must not be collected meanwhile */
  private async wait(held: readonly unknown[]): Promise<void> {
    try {
      if (this.addon.test(FIRST_WAIT)) return;
      do await turn();
      while (!this.addon.test(WAIT));
    } catch (error) {
      throw this.lost(error);
    } finally {
      void held;
    }
  }

  private lost(error: unknown): BitgradError {
    this.isBroken = true;
    const reason = error instanceof Error ? error.message : String(error);
    return new BitgradError(
      `ranks: expected all ${this.size} to answer, received an error of MPI: ${reason}`,
      'a rank or the network between ranks has failed; go on from the last checkpoint, with as many ranks as there are',
    );
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function checkBytes(...parts: readonly Uint8Array[]): void {
  const most = Math.max(...parts.map(({ length }) => length));
  if (most <= MOST_BYTES) return;
  throw new BitgradError(
    `ranks: expected at most ${MOST_BYTES} bytes in a call, received ${most}`,
    'use more ranks, fewer shards or fewer parameters',
  );
}

function chooseImplementation({ implementations }: Job): Implementation {
  const built = builtImplementations();
  const chosen = implementations.find((one) => built.includes(one));
  if (chosen !== undefined) return chosen;
  const wanted = { openmpi: 'Open MPI', mpich: 'MPICH or one with its ABI' }[implementations[0]!];
  throw new BitgradError(
    `ranks: expected the addon of @bitgrad/mpi for ${wanted}, received ${built.length === 0 ? 'none' : `one for ${built.join()}`}`,
    'build it with the MPI that starts the ranks: npx bitgrad-mpi build (--mpicc names its C compiler)',
  );
}

function load(implementation: Implementation): Addon {
  try {
    return loadAddon(implementation);
  } catch (error) {
    throw new BitgradError(
      `${addonPath(implementation)}: expected an addon that loads, received: ${(error as Error).message}`,
      'build it again where it is to run: npx bitgrad-mpi build',
    );
  }
}

function initialize(addon: Addon): Here {
  try {
    return addon.init();
  } catch (error) {
    throw new BitgradError(`ranks: expected MPI to start, received: ${(error as Error).message}`);
  }
}
