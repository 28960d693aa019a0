import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AbortedError, BitgradError } from '@bitgrad/core';
import type { Answer, Order } from './tasks.js';

const program = fileURLToPath(new URL('./task-process.js', import.meta.url));
/** How often a task is begun before its process is no longer thought to have died by chance. */
const MOST_ATTEMPTS = 3;

/**
 * Processes that do tasks: as many as there are tasks at a time. One that dies takes nothing with it but
 * the task that it was at, which another one begins again.
 */
export class Crew {
  private readonly idle: ChildProcess[] = [];
  private readonly all = new Set<ChildProcess>();

  /** @param signal ends all processes */
  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', () => this.close(), { once: true });
  }

  /**
   * Has a task done.
   *
   * @param name of the task, for messages
   * @throws BitgradError that the process met, or where the task's processes die again and again;
   *   AbortedError by the signal
   */
  async run(order: Order, name: string): Promise<Exclude<Answer, { readonly error: string }>> {
    for (let attempt = 1; ; attempt += 1) {
      this.throwIfAborted();
      const child = this.idle.pop() ?? this.begin();
      const answer = await ask(child, order);
      this.throwIfAborted();
      if (typeof answer === 'object') {
        this.idle.push(child);
        if ('error' in answer) throw new BitgradError(answer.error, answer.fix);
        return answer;
      }
      if (attempt < MOST_ATTEMPTS) continue;
      throw new BitgradError(
        `${name}: expected a process that does it, received ${MOST_ATTEMPTS} that ended with ${answer}`,
      );
    }
  }

  /** Ends all processes. None holds anything that must be saved. */
  close(): void {
    for (const child of this.all) {
      if (child.connected) child.disconnect();
      child.kill();
    }
    this.idle.length = 0;
  }

  private begin(): ChildProcess {
    const child = fork(program, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.all.add(child);
    child.on('exit', () => {
      this.all.delete(child);
      const at = this.idle.indexOf(child);
      if (at >= 0) this.idle.splice(at, 1);
    });
    return child;
  }

  private throwIfAborted(): void {
    if (this.signal.aborted) throw new AbortedError('the tasks were interrupted');
  }
}

/** @returns what a process answers, or by what it ended instead */
function ask(child: ChildProcess, order: Order): Promise<Answer | string> {
  return new Promise((resolve) => {
    const end = (answer: Answer | string): void => {
      child.off('message', hear).off('exit', leave).off('error', fail);
      resolve(answer);
    };
    const hear = (answer: unknown): void => end(answer as Answer);
    const leave = (code: number | null, by: string | null): void => end(String(by ?? code));
    const fail = (error: Error): void => end(error.message);
    child.on('message', hear).on('exit', leave).on('error', fail);
    // One that is gone already says so by its exit.
    child.send(order, () => undefined);
  });
}
