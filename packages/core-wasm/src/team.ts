import { BitgradError } from '@bitgrad/core';
import { CELLS, fail, JOINED, meeting, reasonOf, throwIfFailed } from './meeting.js';
import { loadSharedModule } from './module.js';
import { startWorker, type TeamWorker } from './start-worker.js';
import type { Run } from './worker.js';

/** A worker that is idle takes up a run in far less than a millisecond. */
const JOIN_MILLISECONDS = 30_000;
const FIX = 'use one thread (the bits are the same), or make a new backend, which has new workers';

/** What members but the first need to run a session's plans. */
export interface Shared {
  readonly memory: WebAssembly.Memory;
  /** Where each worker's stack begins, which grows downwards. */
  readonly stacks: readonly number[];
}

/** Workers that run plans together with the thread that asks them to. */
export class Team {
  /** What kernels call to wait for the other members. */
  readonly meet: (marks: number, members: number) => number;
  readonly #cells: Int32Array;
  readonly #workers: TeamWorker[] = [];
  /** How many workers know each session. */
  readonly #known = new Map<number, number>();
  /** Sessions that nobody closed, but nobody can run any more. */
  readonly #lost = new FinalizationRegistry<number>((session) => this.close(session));
  #sessions = 0;

  private constructor() {
    this.#cells = new Int32Array(new SharedArrayBuffer(CELLS * 4));
    this.meet = meeting(this.#cells);
  }

  /** A team of the caller and `count` workers. @throws whatever keeps a worker from starting */
  static async start(count: number): Promise<Team> {
    const team = new Team();
    const cells = team.#cells;
    const kernels = await loadSharedModule();
    const onEnd = (reason: string): void => fail(cells, reason);
    const starting = Array.from({ length: count }, () =>
      startWorker({ kind: 'begin', cells, kernels }, onEnd),
    );
    for (const result of await Promise.allSettled(starting)) {
      if (result.status === 'fulfilled') team.#workers.push(result.value);
      else fail(cells, String(result.reason));
    }
    if (!team.hasFailed) return team;
    team.#end();
    throw new Error(reasonOf(cells) ?? '');
  }

  /** Whether it can run nothing any more. */
  get hasFailed(): boolean {
    return reasonOf(this.#cells) !== null;
  }

  /** A number for a session; `owner` is what it lives as long as, unless it is closed before. */
  register(owner: object): number {
    this.#sessions += 1;
    this.#lost.register(owner, this.#sessions);
    return this.#sessions;
  }

  /**
   * Lets `run.members - 1` workers run what the caller does in `work`, as the first member.
   *
   * @throws BitgradError if a worker cannot take part; the team is then of no more use
   */
  run(session: number, shared: Shared, run: Run, work: () => number): number {
    try {
      throwIfFailed(this.#cells);
      Atomics.store(this.#cells, JOINED, 0);
      for (let member = 1; member < run.members; member += 1) {
        this.#introduce(session, shared, member);
        this.#workers[member - 1]!.tell({ kind: 'run', session, member, ...run });
      }
      this.#awaitWorkers(run.members - 1);
      return work();
    } catch (error) {
      // Wherever they wait for this member, they would do so forever.
      fail(this.#cells, String(error));
      this.#end();
      const reason = reasonOf(this.#cells);
      throw new BitgradError(`run: expected workers that take part, received ${reason}`, FIX);
    }
  }

  /** Lets the workers forget a session. */
  close(session: number): void {
    for (let worker = 0; worker < (this.#known.get(session) ?? 0); worker += 1) {
      this.#workers[worker]?.tell({ kind: 'close', session });
    }
    this.#known.delete(session);
  }

  #introduce(session: number, { memory, stacks }: Shared, member: number): void {
    if ((this.#known.get(session) ?? 0) >= member) return;
    this.#workers[member - 1]!.tell({ kind: 'open', session, memory, stack: stacks[member - 1]! });
    this.#known.set(session, member);
  }

  #awaitWorkers(count: number): void {
    const deadline = performance.now() + JOIN_MILLISECONDS;
    for (;;) {
      const joined = Atomics.load(this.#cells, JOINED);
      throwIfFailed(this.#cells);
      if (joined === count) return;
      const left = deadline - performance.now();
      if (left <= 0) fail(this.#cells, `${joined} in ${JOIN_MILLISECONDS / 1000} seconds`);
      else Atomics.wait(this.#cells, JOINED, joined, left);
    }
  }

  #end(): void {
    for (const worker of this.#workers.splice(0)) worker.end();
  }
}
