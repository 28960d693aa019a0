import type { Memory } from '@bitgrad/core';

/** Told around a step that somebody wants to look at. */
export interface StepObserver {
  readonly before: (memory: Memory) => void;
  readonly after: (memory: Memory) => void;
  /** Told instead when there will be no further step. */
  readonly inVain: () => void;
}

/**
 * A door between a training's steps: closed while paused, opened for one step on request, and for
 * those who want to watch, only so many times a second.
 */
export class Gate {
  /** Steps that may be made though the gate is closed. */
  private granted = 0;
  private stepsPerSecond: number | null = null;
  private lastPassed = 0;
  private isClosed = false;
  private closedAt = 0;
  private closedMilliseconds = 0;
  private wake: (() => void) | undefined;
  private readonly observers: StepObserver[] = [];
  private observed: StepObserver | undefined;
  private isEnded = false;

  get isPaused(): boolean {
    return this.isClosed;
  }

  /** How long the gate has been closed so far, in seconds. */
  get pausedSeconds(): number {
    const now = this.isClosed ? performance.now() - this.closedAt : 0;
    return (this.closedMilliseconds + now) / 1000;
  }

  pause(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.closedAt = performance.now();
  }

  resume(): void {
    if (this.isClosed) this.closedMilliseconds += performance.now() - this.closedAt;
    this.isClosed = false;
    this.wake?.();
  }

  /** @param stepsPerSecond null for as many as there can be */
  setSpeed(stepsPerSecond: number | null): void {
    this.stepsPerSecond = stepsPerSecond;
    this.wake?.();
  }

  /** Lets so many steps through while the gate is closed. */
  grant(steps: number): void {
    this.granted += steps;
    this.wake?.();
  }

  /** Lets the next training step be observed, also while the gate is closed. */
  observeStep(observer: StepObserver): void {
    if (this.isEnded) observer.inVain();
    else this.observers.push(observer);
    this.wake?.();
  }

  /** Sends away everybody who waits for a step: there will be none. */
  end(): void {
    this.isEnded = true;
    for (const { inVain } of this.observers.splice(0)) inVain();
    this.observed?.inVain();
    this.observed = undefined;
  }

  /**
   * Resolves once steps may be made, or `signal` has fired.
   *
   * @returns how many steps may be made before asking again
   */
  async passed(signal: AbortSignal | undefined): Promise<number> {
    while (!signal?.aborted && this.observers.length === 0) {
      if (this.isClosed) {
        if (this.granted > 0) {
          this.granted -= 1;
          return 1;
        }
        await this.woken(signal);
        continue;
      }
      this.granted = 0;
      if (this.stepsPerSecond === null) return Number.POSITIVE_INFINITY;
      const now = performance.now();
      const milliseconds = this.lastPassed + 1000 / this.stepsPerSecond - now;
      if (milliseconds <= 0) {
        // A timer that comes late is made up for by more steps at once, up to a tenth of a second's.
        const late = Math.floor((-milliseconds * this.stepsPerSecond) / 1000);
        const steps = 1 + Math.min(late, Math.floor(this.stepsPerSecond / 10));
        this.lastPassed = now;
        return steps;
      }
      await this.woken(signal, milliseconds);
      // Waiting on purpose is not training.
      this.closedMilliseconds += this.isClosed ? 0 : performance.now() - now;
    }
    return 1;
  }

  private async woken(signal: AbortSignal | undefined, milliseconds?: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const waiting = new Promise<void>((resolve) => {
      this.wake = resolve;
      if (milliseconds !== undefined) timer = setTimeout(resolve, milliseconds);
    });
    const wake = () => this.wake?.();
    signal?.addEventListener('abort', wake);
    await waiting;
    signal?.removeEventListener('abort', wake);
    clearTimeout(timer);
    this.wake = undefined;
  }

  /** Begins an observed step if somebody asked for it and training goes on, and says whether it did. */
  beginObserved(memory: Memory): boolean {
    this.observed = this.observers.shift();
    this.observed?.before(memory);
    return this.observed !== undefined;
  }

  /** Ends the observed step, if the one that was made is one. */
  endObserved(memory: Memory): void {
    this.observed?.after(memory);
    this.observed = undefined;
  }
}
