// What a result says, as tables of text: for the terminal and for docs/performance.md alike.

import { pairedRatio, summarize } from '../statistics.mjs';
import { bytesOf, figureOf, multiplicationsOf } from '../workloads.mjs';
import { sideName } from './names.mjs';

/**
 * @typedef {{ title: string, words: string, header: string[], rows: string[][] }} Table
 * @typedef {import('../driver/measure.mjs').SideResult} SideResult
 * @typedef {import('../driver/measure.mjs').TaskResult} TaskResult
 * @typedef {import('../bench.mjs').Result} Result
 */

/**
 * @param {Result} result
 * @returns {Table[]}
 */
export function tables(result) {
  const ofKind = (/** @type {string} */ kind) =>
    result.tasks.filter(({ task }) => task.kind === kind);
  const [trainings, inferences, gemms] = ['train', 'predict', 'gemm'].map(ofKind);
  const networks = [...(trainings ?? []), ...(inferences ?? [])];
  return [
    figures('Training, µs per sample', 'Less is better.', trainings),
    figures('Prediction', 'Times: less is better. Rates: more.', inferences),
    ratios(networks),
    shares(
      result,
      networks,
      'Training and prediction: shares of the peak without FMA',
      'Multiplications by zeros count, though first layers leave them out: W1’s and W2’s share may be above what is possible. ',
    ),
    bandwidthShares(result, networks),
    figures('GEMM, GFLOP/s', 'More is better.', gemms),
    gemmRatios(gemms ?? []),
    shares(result, gemms ?? [], 'GEMM: shares of the peak without FMA', ''),
  ].filter(({ rows }) => rows.length > 0);
}

/**
 * The machine, in a few lines.
 *
 * @param {import('../driver/machine.mjs').Machine} machine
 */
export function machineLines({ processor, cores, isas, memoryBytes, system, node, load }) {
  const memory = `${Math.round(memoryBytes / 2 ** 30)} GiB`;
  const isaText = isas.length > 0 ? isas.join(', ') : 'no native backend';
  return [
    `${processor}, ${cores} logical cores (${isaText}), ${memory}, ${system}, Node ${node}`,
    `load average ${load} at the start: a busy machine measures itself`,
  ];
}

/** Predictions by 784-128-10. @type {Readonly<Record<string, string>>} */
const INPUTS = { 'predict-1': 'one image', 'predict-1000': 'batch 1000' };

/**
 * The title of a task's column.
 *
 * @param {import('../workloads.mjs').Task & { batchSize?: number }} task
 */
export function columnOf({ name, kind, unit, title }) {
  if (kind === 'predict') return `${INPUTS[name] ?? name.replace('predict-', '')}, ${unit}`;
  return kind === 'gemm' ? title.replace('GEMM ', '') : name;
}

/**
 * Medians with the least and the greatest value; a row for each side.
 *
 * @param {string} title
 * @param {string} words
 * @param {readonly TaskResult[]} [tasks]
 * @returns {Table}
 */
function figures(title, words, tasks = []) {
  const ids = idsOf(tasks, () => true);
  const rows = ids.map((id) => {
    const cells = tasks.map(({ task, sides }) => {
      const side = sides.find((one) => one.id === id);
      if (!side) return '–';
      const { median, min, max } = summarize(side.seconds.map((value) => figureOf(task, value)));
      const range = `${short(median)} (${short(min)}–${short(max)})`;
      return range + choiceOf(side);
    });
    return [labelOf(id, tasks), ...cells];
  });
  const header = ['', ...tasks.map(({ task }) => columnOf(task))];
  return { title, words: `Medians, with the least and the greatest. ${words}`, header, rows };
}

/** Sides of these tasks, each once. */
function idsOf(
  /** @type {readonly TaskResult[]} */ tasks,
  /** @type {(side: SideResult) => boolean} */ isWanted,
) {
  return [...new Set(tasks.flatMap(({ sides }) => sides.filter(isWanted).map(({ id }) => id)))];
}

/**
 * A row's label: the title, and the threads of a side that has no choice of them.
 *
 * @param {string} id
 * @param {readonly TaskResult[]} tasks
 */
export function labelOf(id, tasks) {
  const side = tasks.flatMap(({ sides }) => sides).find((one) => one.id === id);
  if (!side) return id;
  if (!side.isChosen) return sideName(side);
  if (side.family !== 'pytorch') return side.title;
  return `${side.title}, ${side.form === 'eager' ? 'eager' : 'best form'}`;
}

/** What did best for a side: ` [scripted, 1 thread]`. @param {SideResult} side */
function choiceOf({ isChosen, form, threads }) {
  if (!isChosen) return '';
  return ` [${sideName({ title: '', form: form === 'eager' ? '' : form, threads })}]`;
}

/**
 * How many times as long each other side takes as Bitgrad's fastest native one, round by round.
 *
 * @param {readonly TaskResult[]} tasks
 * @returns {Table}
 */
function ratios(tasks) {
  const columns = tasks.map(({ task, sides }) => {
    const ours = fastest(sides.filter(({ family }) => family === 'native'));
    return { task, sides, ours };
  });
  const rows = idsOf(tasks, ({ family }) => family !== 'native').map((id) => [
    labelOf(id, tasks),
    ...columns.map(({ sides, ours }) => {
      const side = sides.find((one) => one.id === id);
      return side && ours ? ratioText(pairedRatio(side.seconds, ours.seconds)) : '–';
    }),
  ]);
  const hasNative = columns.some(({ ours }) => ours !== null);
  return {
    title: 'Times as long as Bitgrad’s native backend',
    words: 'Against the faster of one thread and all, in the same round; median, least, greatest.',
    header: ['', ...tasks.map(({ task }) => task.name)],
    rows: hasNative ? rows : [],
  };
}

/**
 * How many times as fast the best native kernels are as the fastest BLAS, with the same threads.
 *
 * @param {readonly TaskResult[]} tasks
 * @returns {Table}
 */
function gemmRatios(tasks) {
  const isPeer = (/** @type {SideResult} */ side) => !side.isOurs;
  const rows = idsOf(tasks, isPeer).map((id) => [
    labelOf(id, tasks),
    ...tasks.map(({ sides }) => {
      const side = sides.find((one) => one.id === id);
      const ours = fastest(
        sides.filter(({ family, threads }) => family === 'native' && threads === side?.threads),
      );
      return side && ours ? ratioText(pairedRatio(side.seconds, ours.seconds)) : '–';
    }),
  ]);
  return {
    title: 'GEMM: times as fast as',
    words: 'Bitgrad’s fastest native kernels with the same number of threads, in the same round.',
    header: ['', ...tasks.map(({ task }) => columnOf(task))],
    rows,
  };
}

/**
 * Native kernels' shares of the peak without FMA, on the threads that they were given.
 *
 * @param {Result} result
 * @param {readonly TaskResult[]} tasks
 * @param {string} title
 * @param {string} words
 * @returns {Table}
 */
function shares({ peaks }, tasks, title, words) {
  const measured = Object.entries(peaks ?? {}).map(([isa, { separate, fused }]) => {
    const withFma = fused === undefined ? '' : `, ${fused.toFixed(0)} with FMA`;
    return `${isa}: ${separate.toFixed(0)} GFLOP/s without FMA${withFma}`;
  });
  const heading = {
    title,
    words: `${words}Measured peaks of one core: ${measured.join('; ')}.`,
    header: ['', ...tasks.map(({ task }) => (task.kind === 'gemm' ? columnOf(task) : task.name))],
  };
  return sharesOf(
    tasks,
    ({ isa }) => peaks?.[isa]?.separate,
    heading,
    (task, peak) => ({
      done: 2 * multiplicationsOf(task),
      limit: peak,
    }),
  );
}

/**
 * Native kernels' shares of the bandwidth at which one core reads as many bytes, on the threads that they were given.
 *
 * @param {Result} result
 * @param {readonly TaskResult[]} tasks
 * @returns {Table}
 */
function bandwidthShares({ bandwidths }, tasks) {
  const measured = (bandwidths ?? []).map(
    ([bytes, rate]) =>
      `${bytes < 2 ** 20 ? `${bytes / 2 ** 10} KiB` : `${bytes / 2 ** 20} MiB`}: ${short(rate)} GB/s`,
  );
  const heading = {
    title: 'Training and prediction: shares of the bandwidth',
    words: `What a step must read and write at the least: its samples, and its parameters for each of their uses; what first layers leave out as it meets zeros counts. One core reads ${measured.join('; ')}.`,
    header: ['', ...tasks.map(({ task }) => task.name)],
  };
  const last = bandwidths?.at(-1)?.[1];
  const lastOf = (/** @type {SideResult} */ { family }) => (family === 'native' ? last : undefined);
  return sharesOf(tasks, lastOf, heading, (task, most) => {
    const { moved, different } = bytesOf(task);
    const fitting = bandwidths?.find(([bytes]) => bytes >= different);
    return { done: moved, limit: fitting?.[1] ?? most };
  });
}

/**
 * Sides' shares of what a core can do, on the threads that they were given.
 *
 * @param {readonly TaskResult[]} tasks
 * @param {(side: SideResult) => number | undefined} limitOf a side, in thousand millions a second; a side without one has no row
 * @param {Pick<Table, 'title' | 'words' | 'header'>} heading
 * @param {(task: TaskResult['task'], limit: number) => { done: number, limit: number }} work of a step, and the
 *   limit of such a task
 * @returns {Table}
 */
function sharesOf(tasks, limitOf, heading, work) {
  const ids = idsOf(tasks, (side) => limitOf(side) !== undefined);
  const rows = ids.map((id) => [
    labelOf(id, tasks),
    ...tasks.map(({ task, sides }) => {
      const side = sides.find((one) => one.id === id);
      const ownLimit = side && limitOf(side);
      if (!side || ownLimit === undefined) return '–';
      const { done, limit } = work(task, ownLimit);
      const rate = done / summarize(side.seconds).median / 1e9;
      return `${Math.round((100 * rate) / (limit * side.threads))} %`;
    }),
  ]);
  return { ...heading, rows };
}

/**
 * The side with the least median.
 *
 * @param {readonly SideResult[]} sides
 */
export function fastest(sides) {
  let best = null;
  for (const side of sides) {
    if (best === null || summarize(side.seconds).median < summarize(best.seconds).median) {
      best = side;
    }
  }
  return best;
}

/** @param {import('../statistics.mjs').Summary} summary */
function ratioText({ median, min, max }) {
  return `${short(median)} (${short(min)}–${short(max)})`;
}

/** Three digits that mean something: `1.06`, `22.4`, `1,071`. @param {number} value */
export function short(value) {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}
