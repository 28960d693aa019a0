import { AbortedError, BitgradError, NonFiniteError } from '../errors.js';

/**
 * Processes that train one network together, as one of them sees the others: MPI's, or any that move
 * bytes. All make the same calls in the same order; each call ends once all have made it.
 */
export interface Ranks {
  /** Which of the `size` this one is, from 0. */
  readonly rank: number;
  readonly size: number;
  /**
   * Sends each rank its part of `sent` and receives a part from each, both laid end to end in the ranks'
   * order.
   *
   * @param sentCounts bytes for each rank
   * @param receivedCounts bytes from each rank
   */
  exchange(
    sent: Uint8Array,
    sentCounts: readonly number[],
    received: Uint8Array,
    receivedCounts: readonly number[],
  ): Promise<void>;
  /**
   * Gives all ranks what each has, laid end to end in their order.
   *
   * @param counts bytes of each rank
   */
  gather(sent: Uint8Array, received: Uint8Array, counts: readonly number[]): Promise<void>;
  /**
   * Makes memory, aligned to 64 bytes, that the ranks of one machine share, and that lasts as long as
   * they do; one of them is the first, and writes it. Null, on all of a machine's, where there is none.
   */
  share?(
    bytes: number,
  ): Promise<{ readonly buffer: ArrayBuffer; readonly isFirst: boolean } | null>;
}

/** Bytes of what a rank says of an error of its own, and characters of each of its texts. */
const MESSAGE_BYTES = 8192;
const MOST_CHARACTERS = 600;

/** What a rank tells the others. */
interface Outcome {
  readonly name: string;
  readonly message: string;
  readonly fix: string | undefined;
  readonly step: number;
}

/**
 * Does something that may fail on some ranks, and fails on all where it does: on the others with the
 * error of the lowest such rank.
 */
export async function together<Result>(
  ranks: Ranks | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (ranks === undefined) return work();
  const own = await work().then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  const said = new Uint8Array(MESSAGE_BYTES);
  if ('error' in own) writeOutcome(said, own.error);
  const all = new Uint8Array(MESSAGE_BYTES * ranks.size);
  await ranks.gather(said, all, new Array<number>(ranks.size).fill(MESSAGE_BYTES));
  if ('error' in own) throw own.error;
  for (let rank = 0; rank < ranks.size; rank += 1) {
    const outcome = readOutcome(all.subarray(rank * MESSAGE_BYTES, (rank + 1) * MESSAGE_BYTES));
    if (outcome !== null) throw errorOf(outcome, rank);
  }
  return own.result;
}

function writeOutcome(target: Uint8Array, error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const fix = error instanceof BitgradError ? error.fix : undefined;
  const step = error instanceof NonFiniteError ? error.step : 0;
  const outcome: Outcome = {
    name,
    message: message.slice(0, MOST_CHARACTERS),
    fix: fix?.slice(0, MOST_CHARACTERS),
    step,
  };
  // A character takes six bytes at most, as where JSON escapes it.
  new TextEncoder().encodeInto(JSON.stringify(outcome), target);
}

function readOutcome(bytes: Uint8Array): Outcome | null {
  const end = bytes.indexOf(0);
  if (end === 0) return null;
  return JSON.parse(new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)));
}

function errorOf({ name, message, fix, step }: Outcome, rank: number): BitgradError {
  if (name === 'AbortedError') return new AbortedError(message, fix);
  // It is everybody's: the same numbers, or a part of the same step.
  if (name === 'NonFiniteError') return new NonFiniteError(message, step, fix);
  return new BitgradError(`rank ${rank}: ${message}`, fix);
}

/**
 * Checks that all ranks were given the same.
 *
 * @param mine what has to be alike, by its name, as texts of the same length on each rank
 * @throws BitgradError, on all ranks, that names what differs and where
 */
export async function checkAlike(
  ranks: Ranks,
  mine: readonly (readonly [name: string, text: string])[],
): Promise<void> {
  const own = new TextEncoder().encode(mine.map(([, text]) => text).join(''));
  const all = new Uint8Array(own.length * ranks.size);
  await ranks.gather(own, all, new Array<number>(ranks.size).fill(own.length));
  let at = 0;
  for (const [name, text] of mine) {
    const textOf = (rank: number): string =>
      new TextDecoder().decode(
        all.subarray(rank * own.length + at, rank * own.length + at + text.length),
      );
    for (let rank = 1; rank < ranks.size; rank += 1) {
      if (textOf(rank) === textOf(0)) continue;
      throw new BitgradError(
        `ranks: expected the same ${name} on all, received ${textOf(0)} on rank 0 and ${textOf(rank)} on rank ${rank} (SHA-256)`,
        'give all ranks the same files and options',
      );
    }
    at += text.length;
  }
}
