import { CONTRACT } from '@bitgrad/core';
import { emit } from '../output.js';
import type { Display } from './display.js';

/** One JSON object an event on stdout: `start`, one `epoch` for each epoch, `end`. */
export function jsonDisplay(): Display {
  return {
    start({ recipe, dataset }, { backend }) {
      const { name, sha256, train, validation, test } = dataset;
      emit({
        event: 'start',
        backend: backend.name,
        isa: backend.isa,
        threads: backend.threads,
        contract: CONTRACT,
        recipe,
        dataset: { name, sha256, train, validation, test },
      });
    },
    progress() {
      // Events are for epochs.
    },
    epoch(report) {
      emit({ event: 'epoch', ...report });
    },
    close() {
      // Nothing is left on the screen.
    },
    finish({ model: { receipt, trainSeconds, samplesPerSecond }, out }) {
      emit({
        event: 'end',
        epochs: receipt.epochs.length,
        testAccuracy: receipt.testAccuracy,
        testLoss: receipt.testLoss,
        weightsSha256: receipt.weightsSha256,
        trainSeconds,
        samplesPerSecond,
        out,
      });
    },
  };
}
