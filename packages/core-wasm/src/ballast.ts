// Part of the workers' program, like meeting.ts: imports nothing.

/** Not shared, never touched, and so without memory of their own. */
let ballast: readonly (ArrayBuffer | undefined)[] = [];

/**
 * Tells the engine that so many bytes of shared memory are of no more use. Engines collect garbage
 * when array buffers hold much, but do not count what is shared: closed sessions would pile up. What
 * stands in for the last two is counted.
 */
export function countFreed(bytes: number): void {
  try {
    ballast = [ballast[1], new ArrayBuffer(bytes)];
  } catch {
    ballast = [];
  }
}
