// What code an input came across, by the engine's own coverage of blocks: for fuzzing that is guided by it.

import { Session } from 'node:inspector';

/** Watches this thread; modules must be loaded after it was made, or their blocks are not told apart. */
export class Coverage {
  #session = new Session();
  #seen = new Set();

  constructor() {
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
  }

  /** How many ways through functions were seen so far. */
  get size() {
    return this.#seen.size;
  }

  /** Whether a function of Bitgrad or its readers' libraries was gone through, since the last call, as never before. */
  isNew() {
    const { size } = this.#seen;
    for (const { url, functions } of this.#post('Profiler.takePreciseCoverage').result) {
      if (!url.startsWith('file:') || url.includes('/tools/fuzz/')) continue;
      for (const { ranges } of functions) {
        // The first range is the function, the others its blocks: which of them were entered is a way through it.
        if (ranges[0].count === 0) continue;
        const way = ranges.map(({ startOffset, count }) =>
          count > 0 ? startOffset : -startOffset,
        );
        this.#seen.add(`${url} ${way}`);
      }
    }
    return this.#seen.size > size;
  }

  /** The engine answers in the same turn. */
  #post(method, parameters) {
    let answer;
    this.#session.post(method, parameters, (error, result) => {
      if (error) throw new Error(`${method}: ${error.message}`);
      answer = result;
    });
    return answer;
  }
}
