import { emit } from '../output.js';
import { endEvent, epochEvent, startEvent } from '../train/events.js';
import type { Display } from './display.js';

/** One JSON object an event on stdout: `start`, one `epoch` for each epoch, `end`. */
export function jsonDisplay(): Display {
  return {
    start: (report, choice) => emit(startEvent(report, choice)),
    progress() {
      // Events are for epochs.
    },
    epoch: (report) => emit(epochEvent(report)),
    close() {
      // Nothing is left on the screen.
    },
    finish: (finish) => emit(endEvent(finish)),
  };
}
