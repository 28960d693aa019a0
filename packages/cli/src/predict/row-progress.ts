import { formatCount } from '../format.js';

/** How often the count is drawn, in milliseconds. */
const INTERVAL = 200;

/** Counts rows on a terminal's stderr, in a line that goes away. */
export interface RowProgress {
  readonly rows: (count: number) => void;
  close(): void;
}

/** @param isWanted whether the rows themselves are not shown on the terminal */
export function rowProgress(isWanted: boolean): RowProgress {
  const isShown = isWanted && process.stderr.isTTY === true && process.stdout.isTTY !== true;
  let last = 0;
  let isDirty = false;
  return {
    rows(count) {
      const now = performance.now();
      if (!isShown || now - last < INTERVAL) return;
      last = now;
      isDirty = true;
      process.stderr.write(`\r${formatCount(count)} rows`);
    },
    close() {
      if (isDirty) process.stderr.write('\r\x1b[K');
    },
  };
}
