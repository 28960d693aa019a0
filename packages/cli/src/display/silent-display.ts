import type { Display } from './display.js';

/** Shows nothing: of several processes that train together, one speaks. */
export function silentDisplay(): Display {
  const nothing = (): void => undefined;
  return { start: nothing, progress: nothing, epoch: nothing, close: nothing, finish: nothing };
}
