import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AbortedError, BitgradError } from '@bitgrad/core';
import { ownFile } from '../own-file.js';
import { UsageError } from '../usage-error.js';
import { lastWords } from './last-words.js';
import type { Answer, Order, Ready, Told } from './tasks.js';

const taskProgram = fileURLToPath(ownFile('jobs/task-process.js'));
/** How often a task is begun before its process is no longer thought to have died by chance. */
const MOST_ATTEMPTS = 3;
/**
 * How often one that has not begun is looked at, in milliseconds, and how often at most where the system does not tell
 * whether it computes: Node waits for ever where it is given too few threads.
 */
const LOOK = 15_000;
const MOST_LOOKS = 20;
/** How long what a process said last may be on its way, in milliseconds. */
const LAST_WORDS = 50;

/** What else there is to a task. */
export interface TaskOptions {
  /** Ends this task alone, and its process. */
  readonly signal?: AbortSignal;
  /** Told of each epoch of a stretch; again where its process died and another one began again. */
  readonly onEpoch?: (told: Told) => void;
}

/**
 * Processes that do tasks: as many as there are tasks at a time. One that dies takes nothing with it but
 * the task that it was at, which another one begins again.
 */
export class Crew {
  private readonly idle: ChildProcess[] = [];
  private readonly all = new Set<ChildProcess>();
  private readonly words = new WeakMap<ChildProcess, () => string>();
  private isClosed = false;

  /**
   * @param signal ends all processes
   * @param program what they run
   * @param look how often one is looked at that has not begun, in milliseconds
   */
  constructor(
    private readonly signal: AbortSignal,
    private readonly program = taskProgram,
    private readonly look = LOOK,
  ) {
    signal.addEventListener('abort', () => this.close(), { once: true });
  }

  /** Begins so many processes, which read their programs before there is something to do. */
  prepare(count: number): void {
    while (this.idle.length < count && !this.isClosed) this.idle.push(this.begin());
  }

  /**
   * Has a task done.
   *
   * @param name of the task, for messages
   * @throws BitgradError that the process met, or where the task's processes die again and again;
   *   AbortedError by a signal, or where the crew was closed
   */
  async run(
    order: Order,
    name: string,
    { signal, onEpoch }: TaskOptions = {},
  ): Promise<Exclude<Answer, { readonly error: string }>> {
    for (let attempt = 1; ; attempt += 1) {
      this.throwIfAborted(signal);
      const child = this.idle.pop() ?? this.begin();
      const end = (): boolean => child.kill('SIGKILL');
      signal?.addEventListener('abort', end);
      const answer = await ask(child, order, onEpoch);
      signal?.removeEventListener('abort', end);
      this.throwIfAborted(signal);
      if (typeof answer === 'object') {
        this.idle.push(child);
        if (!('error' in answer)) return answer;
        throw new (answer.isUsage ? UsageError : BitgradError)(answer.error, answer.fix);
      }
      if (attempt < MOST_ATTEMPTS) continue;
      throw new BitgradError(
        `${name}: expected a process that does it, received ${MOST_ATTEMPTS} that ended with ${answer}${this.words.get(child)?.()}`,
        'the machine, the user or the container may have too little memory, or too few processes or files',
      );
    }
  }

  /** Ends all processes. None holds anything that must be saved. */
  close(): void {
    this.isClosed = true;
    for (const child of this.all) {
      if (child.connected) child.disconnect();
      child.kill('SIGKILL');
    }
    this.idle.length = 0;
  }

  private begin(): ChildProcess {
    const child = fork(this.program, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const said = lastWords(child);
    let isLate = false;
    this.words.set(child, () => (isLate ? ' (it did not begin)' : said()));
    let [looks, spent] = [0, ''];
    const late = setInterval(() => {
      looks += 1;
      const before = spent;
      spent = processorTime(child.pid) ?? String(Math.min(looks, MOST_LOOKS));
      if (spent !== before) return;
      isLate = true;
      child.kill('SIGKILL');
    }, this.look);
    child.once('message', () => clearInterval(late));
    this.all.add(child);
    const leave = (): void => {
      clearInterval(late);
      this.all.delete(child);
      const at = this.idle.indexOf(child);
      if (at >= 0) this.idle.splice(at, 1);
    };
    child.on('exit', leave).on('error', leave);
    return child;
  }

  private throwIfAborted(signal: AbortSignal | undefined): void {
    if (this.isClosed || this.signal.aborted || signal?.aborted) {
      throw new AbortedError('the tasks were interrupted');
    }
  }
}

/** What a process has had of the processor so far, where Linux tells it; else null. */
function processorTime(id: number | undefined): string | null {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    // What stands before is its name, which may hold blanks.
    return stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).join(' ');
  } catch {
    return null;
  }
}

/** @returns what a process answers, or by what it ended instead */
function ask(
  child: ChildProcess,
  order: Order,
  onEpoch: TaskOptions['onEpoch'],
): Promise<Answer | string> {
  return new Promise((resolve) => {
    const end = (answer: Answer | string): void => {
      child.off('message', hear).off('exit', leave).off('error', fail);
      resolve(answer);
    };
    const hear = (said: unknown): void => {
      const heard = said as Answer | Told | Ready;
      if ('isReady' in heard) return;
      if ('epoch' in heard) onEpoch?.(heard);
      else end(heard);
    };
    // What it said last is still on its way.
    const leave = (code: number | null, by: string | null): void =>
      void setTimeout(() => end(String(by ?? code)), LAST_WORDS);
    const fail = (error: Error): void => end(error.message);
    child.on('message', hear).on('exit', leave).on('error', fail);
    // One that is gone already says so by its exit.
    child.send(order, () => undefined);
  });
}
