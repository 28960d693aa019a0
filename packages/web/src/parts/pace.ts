/** How often the page paints what a training does: seldom where painting is slow. */

const SHORTEST_MILLISECONDS = 90;
const LONGEST_MILLISECONDS = 2000;
/** Painting takes at most one part in so many of the time: the rest is for the reader. */
const SHARE = 4;

let interval = SHORTEST_MILLISECONDS;

/** How long to wait from one picture of a training to the next, in milliseconds. */
export function paintInterval(): number {
  return interval;
}

/** Told before a picture is painted: measures how long it takes until it is seen. */
export function measurePaint(): void {
  const begun = performance.now();
  requestAnimationFrame(() => {
    // After this frame, that is.
    setTimeout(() => {
      const wanted = SHARE * (performance.now() - begun);
      interval = Math.min(LONGEST_MILLISECONDS, Math.max(SHORTEST_MILLISECONDS, wanted));
    });
  });
}
