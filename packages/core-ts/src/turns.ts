/** Node's own, which comes once a turn of its event loop; pages have none, and train one network at a time. */
declare const setImmediate: ((callback: (value: unknown) => void) => unknown) | undefined;

/** The last turn that is waited for. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Waits for a turn of the event loop before work that keeps it for milliseconds. Of all that wait one goes on a
 * turn: where many networks are trained at once, timers and requests wait for one piece of one of them, not of all.
 */
export async function ownTurn(): Promise<void> {
  if (typeof setImmediate === 'undefined') return;
  const soon = setImmediate;
  last = last.then(() => new Promise(soon));
  await last;
}

/** Whether the engine has turns that are soon over: pages wait milliseconds for a timer. */
export const hasOwnTurns = typeof setImmediate !== 'undefined';

/** Such a turn, or what pages have. */
export async function someTurn(): Promise<void> {
  if (hasOwnTurns) await ownTurn();
  else await new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Work in pieces of a few milliseconds, with a `yield` between two. Whoever does it decides what happens there:
 * `atOnce` nothing, `inTurns` whatever else waits on the event loop.
 */
export type Pieces<Result> = Generator<void, Result, void>;

/** Items of an array that are looked at in a piece: some take microseconds for a few. */
export const ITEMS_A_PIECE = 0x10000;
/** Bytes that are copied, compared or hashed in a piece. */
export const BYTES_A_PIECE = 0x100000;

/** Does all pieces, one right after the other. */
export function atOnce<Result>(pieces: Pieces<Result>): Result {
  for (;;) {
    const { done, value } = pieces.next();
    if (done) return value;
  }
}

/** Does each piece in a turn of the event loop of its own. */
export async function inTurns<Result>(pieces: Pieces<Result>): Promise<Result> {
  for (;;) {
    await ownTurn();
    const { done, value } = pieces.next();
    if (done) return value;
  }
}

/** The beginnings and ends of so many things, at most `most` at a time. */
export function* stretches(count: number, most: number): Generator<readonly [number, number]> {
  for (let begin = 0; begin < count; begin += most) yield [begin, Math.min(begin + most, count)];
}
