import type { StepGate } from '@bitgrad/core';
import type { Gate } from './gate.js';

/** Stops a training after some of its steps, for somebody to look at its weights. */
export interface Marks {
  /** How many steps there are before the next stop. */
  left(): number;
  /** Told after each piece how many steps were made. */
  made(steps: number): void;
}

/** Nobody holds a pass: between its pieces the worker answers the page. */
export const OPEN_GATE: StepGate = {
  async next() {
    await turn();
    return Number.POSITIVE_INFINITY;
  },
};

/**
 * The same where steps wait for the page's gate, which somebody may have closed, and stop where somebody
 * wants to look.
 *
 * @param signal ends the waiting; it must be the training's
 */
export function stepGate(gate: Gate, signal: AbortSignal, marks: Marks): StepGate {
  return {
    async next({ memory }, entry) {
      await turn();
      if (entry !== 'train') return Number.POSITIVE_INFINITY;
      const allowed = await gate.passed(signal);
      return gate.beginObserved(memory) ? 1 : Math.min(allowed, marks.left());
    },
    made({ memory }, entry, steps) {
      if (entry !== 'train') return;
      gate.endObserved(memory);
      marks.made(steps);
    },
  };
}

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Lets the event loop turn once, without the delay that timers have. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}
