// Measures the sides of a group of tasks: opens them, lets each show that it computes what the
// others do, chooses the fastest of its variants, and then takes turns.

import { sideName } from '../report/names.mjs';
import { agree } from '../statistics.mjs';
import { Child, SideError } from './child.mjs';

/**
 * @typedef {object} Options
 * @property {number} rounds
 * @property {number} seconds about how long one measurement takes
 * @property {string} material
 * @property {(line: string) => void} note is told what happens
 *
 * @typedef {object} SideResult
 * @property {string} id
 * @property {string} family
 * @property {string} title
 * @property {string} form
 * @property {number} threads 0 where the side has no such setting
 * @property {boolean} isChosen whether its form and threads did best among several
 * @property {boolean} isOurs
 * @property {string} isa
 * @property {number[]} seconds of one step, a value each round
 *
 * @typedef {{ task: import('../workloads.mjs').Task, sides: SideResult[] }} TaskResult
 *
 * @typedef {{ side: import('./sides.mjs').Side, variant: import('./sides.mjs').Variant, child: Child }} Running
 * @typedef {Running & { title: string, check: number[] | null, steps: number, perStep: number }} Ready
 */

/** No neighbour makes a short measurement that long. */
const CERTAIN_SECONDS = 2;

/**
 * @param {{ tasks: readonly import('../workloads.mjs').Task[] }} group
 * @param {readonly import('./sides.mjs').Side[]} sides
 * @param {Options} options
 * @returns {Promise<{ results: TaskResult[], left: string[] }>} with a line for each side that was
 *   left out
 */
export async function measureGroup({ tasks }, sides, options) {
  /** @type {TaskResult[]} */
  const results = [];
  /** @type {string[]} */
  const left = [];
  /** @type {Map<string, Running>} */
  const running = new Map();
  try {
    for (const task of tasks) {
      options.note(`${task.name}: ${task.title}`);
      /** @type {Ready[]} */
      const ready = [];
      for (const side of sides) {
        const known = running.get(side.id);
        const candidates = known ? [known] : side.variants.map((variant) => ({ side, variant }));
        try {
          const best = await fastest(candidates, task, options);
          running.set(side.id, best);
          ready.push(best);
          options.note(`  ${nameOf(best)}: ${(best.perStep * 1e6).toPrecision(3)} µs a step`);
        } catch (error) {
          if (!(error instanceof SideError)) throw error;
          left.push(`${task.name}: ${side.title || side.id}: ${error.message}`);
          options.note(`  left out: ${left.at(-1)}`);
        }
      }
      const honest = checkAll(task, ready, left);
      results.push({ task, sides: await takeTurns(task, honest, left, options) });
    }
  } finally {
    for (const { child } of running.values()) child.close();
  }
  return { results, left };
}

/**
 * Opens one variant after the other and keeps the fastest.
 *
 * @param {readonly (Omit<Running, 'child'> & { child?: Child })[]} candidates
 * @param {import('../workloads.mjs').Task} task
 * @param {Options} options
 * @returns {Promise<Ready>}
 * @throws SideError if there is none that can do this task
 */
async function fastest(candidates, task, { material, seconds }) {
  /** @type {Ready | null} */
  let best = null;
  let reason = 'there is no variant of it';
  for (const { side, variant, child = new Child(variant) } of candidates) {
    try {
      const { version, check } = await child.open(task, material);
      const perStep = await calibrate(child, seconds);
      const steps = Math.max(1, Math.round(seconds / perStep));
      const title = side.title || version;
      const ready = { side, variant, child, title, check, steps, perStep };
      if (best !== null && best.perStep <= perStep) child.close();
      else {
        best?.child.close();
        best = ready;
      }
    } catch (error) {
      child.close();
      if (!(error instanceof SideError)) throw error;
      reason = error.message;
    }
  }
  if (best === null) throw new SideError(reason);
  return best;
}

/**
 * The seconds of one step, after as many that compilers and caches are warm.
 *
 * @param {Child} child
 * @param {number} target seconds of a measurement
 */
async function calibrate(child, target) {
  let steps = 1;
  for (;;) {
    let seconds = await child.measure(steps);
    // A neighbour may have made it long: only what is long three times is long.
    for (
      let again = 0;
      again < 2 && seconds >= target / 2 && seconds < CERTAIN_SECONDS;
      again += 1
    ) {
      seconds = Math.min(seconds, await child.measure(steps));
    }
    if (seconds >= target / 2) return seconds / steps;
    steps = Math.ceil(steps * Math.min(16, Math.max(2, target / seconds)));
  }
}

/**
 * Leaves out peers whose numbers differ from Bitgrad's by more than rounding.
 *
 * @param {import('../workloads.mjs').Task} task
 * @param {readonly Ready[]} ready
 * @param {string[]} left gets a line for each
 * @throws Error if Bitgrad's own sides differ by a single bit
 */
function checkAll(task, ready, left) {
  const expected = ready.find(({ check }) => check !== null)?.check ?? null;
  return ready.filter((side) => {
    const { check } = side;
    if (check === null || expected === null) return true;
    const isSame = side.side.isOurs
      ? check.every((value, i) => Object.is(value, expected[i]))
      : agree(check, expected);
    if (isSame) return true;
    const line = `${task.name}: ${nameOf(side)}: expected ${expected.join(', ')}, received ${check.join(', ')}`;
    if (side.side.isOurs) throw new Error(line);
    left.push(line);
    return false;
  });
}

/**
 * Every side measures once a round; each round begins with another. A side that fails on the way is
 * left out.
 *
 * @param {import('../workloads.mjs').Task} task
 * @param {readonly Ready[]} ready
 * @param {string[]} left gets a line for each side that fails
 * @param {Options} options
 * @returns {Promise<SideResult[]>}
 */
async function takeTurns(task, ready, left, { rounds }) {
  const results = ready.map(({ side, variant, title }) => {
    const { id, family, isOurs, isa, variants } = side;
    const { form, threads } = variant;
    /** @type {number[]} */
    const seconds = [];
    const isChosen = variants.length > 1;
    return { id, family, title, form, threads, isChosen, isOurs, isa, seconds };
  });
  /** @type {Set<number>} */
  const failed = new Set();
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < ready.length; turn += 1) {
      const at = (round + turn) % ready.length;
      const { child, steps } = /** @type {Ready} */ (ready[at]);
      if (failed.has(at)) continue;
      try {
        results[at]?.seconds.push((await child.measure(steps)) / steps);
      } catch (error) {
        if (!(error instanceof SideError)) throw error;
        failed.add(at);
        left.push(`${task.name}: ${nameOf(/** @type {Ready} */ (ready[at]))}: ${error.message}`);
      }
    }
  }
  return results.filter((_, at) => !failed.has(at));
}

/** @param {Ready} ready */
const nameOf = ({ title, variant }) => sideName({ title, ...variant });
