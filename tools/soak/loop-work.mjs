// How long the event loop is kept at a time, in the processor time of its own thread (of Linux, where others do not
// say): what else the machine does changes it little, unlike the time that passes.

import { closeSync, openSync, readSync } from 'node:fs';

/** Between two looks, in milliseconds. */
const PAUSE = 1;

/**
 * Watches the main thread, from now on.
 *
 * @returns {{ end(): { longest: number, percentile99: number } | null }} in milliseconds between two turns; null where the system does
 *   not tell
 */
export function watchLoop() {
  const file = open();
  if (file === null) return { end: () => null };
  const spans = [];
  let before = spent(file);
  const timer = setInterval(() => {
    const now = spent(file);
    spans.push(now - before);
    before = now;
  }, PAUSE);
  return {
    end() {
      clearInterval(timer);
      spans.push(spent(file) - before);
      closeSync(file);
      spans.sort((a, b) => a - b);
      return { longest: spans.at(-1), percentile99: spans[Math.floor(0.99 * spans.length)] };
    },
  };
}

function open() {
  try {
    return openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
  } catch {
    return null;
  }
}

/** Milliseconds that the thread has run. */
function spent(file) {
  const text = Buffer.alloc(64);
  readSync(file, text, 0, text.length, 0);
  return Number.parseInt(text.toString('latin1'), 10) / 1e6;
}
