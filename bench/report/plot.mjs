// A result as SVG images: a row for each side, a panel for each task, a dot for the median and a
// line from the least to the greatest. Readable on light and on dark ground.

import { summarize } from '../statistics.mjs';
import { figureOf } from '../workloads.mjs';
import { sideName } from './names.mjs';
import { columnOf, fastest, short } from './tables.mjs';

/**
 * @typedef {import('../driver/measure.mjs').SideResult} SideResult
 * @typedef {import('../driver/measure.mjs').TaskResult} TaskResult
 * @typedef {{ name: string, isOurs: boolean, summary: import('../statistics.mjs').Summary | null }} Row
 * @typedef {{ title: string, hint: string, isLog: boolean, rows: Row[] }} Panel
 */

const LABELS = 270;
const PANEL = 150;
const GAP = 34;
const ROW = 26;
const TOP = 52;
const BOTTOM = 30;

/** The families in a plot of tasks, and what they are called. @type {Readonly<Record<string, string>>} */
const FAMILY_NAMES = {
  native: 'Bitgrad, native',
  wasm: 'Bitgrad, WebAssembly',
  ts: 'Bitgrad, TypeScript',
  pytorch: 'PyTorch, best form',
  openblas: 'NumPy',
  onnxruntime: 'ONNX Runtime',
  jax: 'jax-js',
  tfjs: 'TensorFlow.js',
  brain: 'brain.js',
};

/**
 * Training and prediction: the fastest side of each family.
 *
 * @param {readonly TaskResult[]} results
 */
export function plotTasks(results) {
  const tasks = results.filter(({ task }) => task.kind !== 'gemm');
  const isThere = (/** @type {string} */ family) =>
    tasks.some(({ sides }) => sides.some((side) => side.family === family));
  const families = Object.entries(FAMILY_NAMES).filter(([family]) => isThere(family));
  return draw(
    'Training and prediction: Bitgrad and its peers',
    tasks.map(({ task, sides }) => ({
      title: columnOf(task).split(', ')[0] ?? '',
      hint: `${task.unit}, ${task.isRate ? 'more' : 'less'} is better`,
      isLog: true,
      rows: families.map(([family, name]) => {
        const side = fastest(sides.filter((one) => one.family === family));
        return { name, isOurs: side?.isOurs ?? false, summary: summaryOf(task, side) };
      }),
    })),
  );
}

/**
 * Products on one thread: every side.
 *
 * @param {readonly TaskResult[]} results
 */
export function plotGemm(results) {
  const tasks = results.filter(({ task }) => task.kind === 'gemm');
  const first = (tasks[0]?.sides ?? []).filter(({ threads }) => threads === 1);
  return draw(
    'GEMM on one thread: Bitgrad and its peers',
    tasks.map(({ task, sides }) => ({
      title: columnOf(task),
      hint: 'GFLOP/s',
      isLog: false,
      rows: first.map(({ id, title, form, isOurs }) => {
        const side = sides.find((one) => one.id === id) ?? null;
        const name = sideName({ title, form, threads: 0 });
        return { name, isOurs, summary: summaryOf(task, side) };
      }),
    })),
  );
}

/**
 * @param {import('../workloads.mjs').Task} task
 * @param {SideResult | null} side
 */
function summaryOf(task, side) {
  return side && summarize(side.seconds.map((value) => figureOf(task, value)));
}

/**
 * @param {string} title for those who do not see it
 * @param {readonly Panel[]} panels with the same rows
 */
function draw(title, panels) {
  const rows = panels[0]?.rows ?? [];
  const width = LABELS + panels.length * (PANEL + GAP);
  const height = TOP + rows.length * ROW + BOTTOM;
  const names = rows.map(({ name }, row) => {
    const isOurs = panels.some((panel) => panel.rows[row]?.isOurs);
    return text(name, LABELS - 18, TOP + (row + 0.5) * ROW + 4, isOurs ? 'b' : '', 'end');
  });
  const drawn = panels.map((panel, at) => drawPanel(panel, LABELS + at * (PANEL + GAP)));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escapeText(title)}</title>
<style>
:root{color-scheme:light dark;--ground:#fff;--ink:#14161a;--quiet:#5c626d;--line:#e2e4e9;--accent:#d6360f}
@media (prefers-color-scheme:dark){:root{--ground:#0f1114;--ink:#f0f1f4;--quiet:#a2a8b3;--line:#2a2e36;--accent:#ff7447}}
rect{fill:var(--ground)}
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--ink);font-variant-numeric:tabular-nums}
.q{fill:var(--quiet);font-size:11px}
.b{font-weight:600}
.grid{stroke:var(--line)}
.range{stroke:var(--quiet);stroke-width:2}
.dot{fill:var(--quiet)}
.ours.range{stroke:var(--accent)}
.ours.dot{fill:var(--accent)}
</style>
<rect width="${width}" height="${height}"/>
${[...names, ...drawn].join('\n')}
</svg>
`;
}

/**
 * @param {Panel} panel
 * @param {number} left
 */
function drawPanel({ title, hint, isLog, rows }, left) {
  const values = rows.flatMap(({ summary }) => (summary ? [summary.min, summary.max] : []));
  const ticks = isLog ? decades(values) : [0, niceCeiling(Math.max(...values))];
  const [low, high] = [/** @type {number} */ (ticks[0]), /** @type {number} */ (ticks.at(-1))];
  const scale = isLog ? Math.log10 : (/** @type {number} */ value) => value;
  const place = (/** @type {number} */ value) =>
    left + (PANEL * (scale(value) - scale(low))) / (scale(high) - scale(low));
  const bottom = TOP + rows.length * ROW;
  const parts = [text(title, left, 18, 'b'), text(hint, left, 36, 'q')];
  for (const tick of ticks) {
    const x = round(place(tick));
    parts.push(`<path class="grid" d="M${x} ${TOP - 4}V${bottom + 2}"/>`);
    const anchor = tick === low ? 'start' : tick === high ? 'end' : 'middle';
    parts.push(text(tick.toLocaleString('en-US'), x, bottom + 18, 'q', anchor));
  }
  for (const [row, { summary, isOurs }] of rows.entries()) {
    if (!summary) continue;
    const { median, min, max } = summary;
    const y = TOP + (row + 0.5) * ROW;
    const kind = isOurs ? 'ours ' : '';
    const [from, at, to] = [min, median, max].map((value) => round(place(value)));
    parts.push(
      `<path class="${kind}range" d="M${from} ${y}H${to}"/><circle class="${kind}dot" cx="${at}" cy="${y}" r="4.5"><title>${short(median)}</title></circle>`,
    );
    const isRight = Number(to) > left + PANEL * 0.68;
    const beside = isRight ? Number(from) - 7 : Number(to) + 7;
    parts.push(text(short(median), beside, y + 4, 'q', isRight ? 'end' : 'start'));
  }
  return parts.join('');
}

/** Powers of ten around values. @param {readonly number[]} values */
function decades(values) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: high - low + 1 }, (_, i) => Number(`1e${low + i}`));
}

/** A round number that is not less. @param {number} value */
function niceCeiling(value) {
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 5, 7.5, 10].map((n) => n * unit).find((n) => n >= value) ?? value;
}

/** A coordinate with no more digits than can be seen. @param {number} value */
const round = (value) => String(Number(value.toFixed(1)));

/**
 * @param {string} words
 * @param {number | string} x
 * @param {number} y
 * @param {string} kind
 * @param {'start' | 'middle' | 'end'} [anchor]
 */
function text(words, x, y, kind, anchor = 'start') {
  return `<text x="${x}" y="${y}" class="${kind}" text-anchor="${anchor}">${escapeText(words)}</text>`;
}

/** @param {string} words */
function escapeText(words) {
  return words.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
