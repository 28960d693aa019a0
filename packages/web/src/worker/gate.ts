import type { EntryName, Session } from '@bitgrad/core';

/** Told around a step that somebody wants to look at. */
export interface StepObserver {
  readonly before: (session: Session) => void;
  readonly after: (session: Session) => void;
  /** Told instead when there will be no further step. */
  readonly inVain: () => void;
}

/** A door between a training's steps: closed while paused, and opened for one step on request. */
export class Gate {
  private isClosed = false;
  private closedAt = 0;
  private closedMilliseconds = 0;
  private wake: (() => void) | undefined;
  private readonly observers: StepObserver[] = [];
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
  }

  /** Resolves once the gate is open, somebody wants to observe a step, or `signal` has fired. */
  async passed(signal: AbortSignal | undefined): Promise<void> {
    while (this.isClosed && this.observers.length === 0 && !signal?.aborted) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
      this.wake = undefined;
    }
  }

  /** Runs one observed step if somebody asked for it, and says whether it did. */
  ranObserved(session: Session, entry: EntryName): boolean {
    if (entry !== 'train') return false;
    const observer = this.observers.shift();
    if (observer === undefined) return false;
    observer.before(session);
    session.run(entry, 1);
    observer.after(session);
    return true;
  }
}
