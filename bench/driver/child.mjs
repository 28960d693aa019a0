// A side's process. Between two requests it is stopped where the system can do that: neither idle
// threads that spin nor compilers in the background may weigh on the other sides.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const canStop = process.platform !== 'win32';
/** Nothing may take longer; compiling a step takes a minute. */
const MOST_SECONDS = 300;

/** @type {Set<Child>} */
const children = new Set();
// A stopped process would not notice that this one is gone.
process.on('exit', () => {
  for (const child of children) child.close();
});
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

/** A side that cannot do a task, and why. */
export class SideError extends Error {}

export class Child {
  #process;
  #lines;
  #errors = '';

  /** @param {import('./sides.mjs').Variant} variant */
  constructor({ command, args, env }) {
    this.#process = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.#process.stderr.on('data', (text) => {
      this.#errors = (this.#errors + text).slice(-10_000);
    });
    // What goes wrong with the process shows as its end.
    this.#process.on('error', (error) => {
      this.#errors = error.message;
    });
    this.#process.stdin.on('error', () => undefined);
    children.add(this);
  }

  /**
   * Prepares a task.
   *
   * @param {object} task
   * @param {string} material
   * @returns {Promise<{ version: string, check: number[] | null }>}
   */
  open(task, material) {
    return this.#ask({ do: 'open', task, material });
  }

  /**
   * Runs steps; the seconds that they took.
   *
   * @param {number} steps
   * @returns {Promise<number>}
   */
  async measure(steps) {
    const { seconds } = await this.#ask({ do: 'measure', steps });
    return seconds;
  }

  close() {
    this.#process.kill('SIGKILL');
    children.delete(this);
  }

  /**
   * @param {object} request
   * @returns {Promise<any>}
   */
  async #ask(request) {
    if (canStop) this.#process.kill('SIGCONT');
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    const timer = setTimeout(() => {
      this.#errors = `no answer for ${MOST_SECONDS} s`;
      this.#process.kill('SIGKILL');
    }, 1000 * MOST_SECONDS);
    const { value, done } = await this.#lines.next();
    clearTimeout(timer);
    if (canStop) this.#process.kill('SIGSTOP');
    if (done) throw new SideError(this.#errors.trim().split('\n').at(-1) || 'it ended');
    const answer = JSON.parse(value);
    if (answer.error !== undefined) throw new SideError(answer.error);
    return answer;
  }
}
