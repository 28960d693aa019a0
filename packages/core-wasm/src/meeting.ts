// How the members of a team meet, by a few numbers in shared memory. Part of the workers' program:
// imports nothing.

/** Places of the numbers; those that are waited for lie in cache lines of their own. */
const ARRIVED = 0;
/** Counts the meetings. */
const HELD = 16;
const SLEEPERS = 17;
const MARKS = 32;
/** What MARKS was at the last meeting. */
const AGREED = 33;
/** Workers that have begun a run. */
export const JOINED = 48;
/** How many characters say why the team has failed; 0 while it has not. They follow. */
const FAILED = 64;
const LONGEST_REASON = 400;
export const CELLS = FAILED + 1 + LONGEST_REASON;

/** Some ten or twenty microseconds: less than waking up takes. */
const SPINS = 5000;

/**
 * Makes the function that the kernels call where a member must wait for the others.
 *
 * @returns what each of `members` calls with its own marks; gives the union of all
 * @throws Error once the team has failed
 */
export function meeting(cells: Int32Array): (marks: number, members: number) => number {
  return (marks, members) => {
    const held = Atomics.load(cells, HELD);
    throwIfFailed(cells);
    if (marks !== 0) Atomics.or(cells, MARKS, marks);
    if (Atomics.add(cells, ARRIVED, 1) + 1 < members) {
      waitWhile(cells, held);
      throwIfFailed(cells);
    } else {
      Atomics.store(cells, ARRIVED, 0);
      Atomics.store(cells, AGREED, Atomics.exchange(cells, MARKS, 0));
      release(cells);
    }
    return Atomics.load(cells, AGREED);
  };
}

/** Whoever has seen `held` before, and waits until it changes, sees all that was written before. */
function waitWhile(cells: Int32Array, held: number): void {
  for (let spin = 0; spin < SPINS; spin += 1) {
    if (Atomics.load(cells, HELD) !== held) return;
  }
  Atomics.add(cells, SLEEPERS, 1);
  while (Atomics.load(cells, HELD) === held) Atomics.wait(cells, HELD, held);
  Atomics.sub(cells, SLEEPERS, 1);
}

function release(cells: Int32Array): void {
  Atomics.add(cells, HELD, 1);
  // Who is not counted yet will find that HELD has changed.
  if (Atomics.load(cells, SLEEPERS) > 0) Atomics.notify(cells, HELD);
}

/** Ends the team, wherever its members are waiting. The first reason is kept. */
export function fail(cells: Int32Array, reason: string): void {
  if (reasonOf(cells) === null) {
    const text = reason.slice(0, LONGEST_REASON) || 'no reason';
    for (let at = 0; at < text.length; at += 1) cells[FAILED + 1 + at] = text.charCodeAt(at);
    Atomics.store(cells, FAILED, text.length);
  }
  release(cells);
  // Whoever is about to wait for the workers must find that the number has changed.
  Atomics.store(cells, JOINED, -1);
  Atomics.notify(cells, JOINED);
}

/** Why the team has failed, or null. */
export function reasonOf(cells: Int32Array): string | null {
  const length = Atomics.load(cells, FAILED);
  if (length === 0) return null;
  return String.fromCharCode(...cells.subarray(FAILED + 1, FAILED + 1 + length));
}

/** @throws Error with the reason once the team has failed */
export function throwIfFailed(cells: Int32Array): void {
  if (Atomics.load(cells, FAILED) !== 0) throw new Error(reasonOf(cells) ?? '');
}
