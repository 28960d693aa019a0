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
