import type { Receipt } from '@bitgrad/core';
import { list } from './list.js';
import { coordinate, escapeText } from './markup.js';
import { digestsOf, formatNumber, settingsOf } from './report.js';
import { FIGURE_STYLE, PAGE_STYLE } from './style.js';

/** Trials of the same settings. */
export interface SweptGroup {
  /** What was varied, by option. */
  readonly settings: Readonly<Record<string, string>>;
  /** Of the goal, one a trial; null where a trial has none. */
  readonly values: readonly (number | null)[];
  readonly mean: number | null;
  readonly deviation: number | null;
  /** After which epoch halving stopped the trials; null where all went to their end. */
  readonly stopped: number | null;
}

/** What a report of a sweep shows. */
export interface SweepReport {
  /** What the best has least or most of, as in `validationLoss`. */
  readonly goal: string;
  /** The options that were varied. */
  readonly varied: readonly string[];
  /** The best first. */
  readonly groups: readonly SweptGroup[];
  /** Of the best trial; null where there is none. */
  readonly best: Receipt | null;
}

/** The look of the table. */
const TABLE_STYLE = `\
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.4rem 1rem .4rem 0;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th{color:var(--quiet);font-weight:400}
th:first-child,td:first-child,td.dots,th.dots{text-align:left}
td.dots{width:14rem;padding-right:0}
.scroll td svg{margin:0;width:14rem;min-width:0}
tr.best td{font-weight:600}
`;

/** Sizes of a row's drawing, in pixels. */
const [WIDTH, HEIGHT, RADIUS] = [224, 16, 4];

/**
 * A sweep as one HTML page: the settings in a table, the best first, with every trial as a dot; and the
 * best trial's recipe and digests. It needs no script and nothing from elsewhere.
 */
export function htmlSweep(report: SweepReport): string {
  const { goal, groups, best } = report;
  const value = best?.[goal as keyof Receipt];
  const headline = typeof value === 'number' ? formatNumber(value) : 'none';
  const trials = groups.reduce((sum, { values }) => sum + values.length, 0);
  const data = best?.dataset.name ?? 'no data';
  const count = (one: number, what: string): string => `${one} ${what}${one === 1 ? '' : 's'}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Bitgrad">
<title>${escapeText(`${goal} ${headline} · ${data}`)}</title>
<link rel="icon" href="data:,">
<style>
${FIGURE_STYLE}${PAGE_STYLE}${TABLE_STYLE}</style>
</head>
<body>
<main>
<header>
<p>Bitgrad · ${escapeText(data)}</p>
<h1><strong>${escapeText(headline)}</strong> ${escapeText(goal)} of the best trial</h1>
<p>${count(trials, 'trial')} · ${groups.length === 1 ? '1 setting' : `${groups.length} settings`}</p>
</header>
<section>
<h2>Settings</h2>
<p>Mean over seeds and folds ± deviation. Each trial is a dot.</p>
<div class="scroll">${tableOf(report)}</div>
</section>
${best === null ? '' : bestOf(best)}
</main>
</body>
</html>
`;
}

function tableOf({ goal, varied, groups }: SweepReport): string {
  const hasStopped = groups.some(({ stopped }) => stopped !== null);
  const values = groups.flatMap((group) => group.values.filter((value) => value !== null));
  const scale = scaleOf(values);
  const heads = [...varied, 'trials', ...(hasStopped ? ['epochs'] : []), goal, '±'];
  const rows = groups.map((group, at) => {
    const { settings, mean, deviation, stopped } = group;
    const cells = [
      ...varied.map((option) => settings[option] ?? ''),
      String(group.values.length),
      ...(hasStopped ? [stopped === null ? 'all' : String(stopped)] : []),
      mean === null ? 'none' : formatNumber(mean),
      deviation === null ? '' : formatNumber(deviation),
    ];
    const texts = cells.map((cell) => `<td>${escapeText(cell)}</td>`).join('');
    const isBest = at === 0 && mean !== null;
    return `<tr${isBest ? ' class="best"' : ''}>${texts}<td class="dots">${dots(group.values, scale, isBest)}</td></tr>`;
  });
  const head = heads.map((name) => `<th>${escapeText(name)}</th>`).join('');
  return `<table>\n<thead><tr>${head}<th class="dots"></th></tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`;
}

/** Where a value lies in a row's drawing. */
type Scale = (value: number) => number;

function scaleOf(values: readonly number[]): Scale {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const room = WIDTH - 2 * RADIUS;
  return (value) => RADIUS + (high > low ? ((value - low) / (high - low)) * room : room / 2);
}

function dots(values: readonly (number | null)[], scale: Scale, isBest: boolean): string {
  const kind = isBest ? 'accent' : 'second';
  const places = values.filter((value) => value !== null).map(scale);
  const circles = places.map(
    (x) =>
      `<circle class="dot ${kind}" cx="${coordinate(x)}" cy="${HEIGHT / 2}" r="${RADIUS}" fill-opacity=".7"/>`,
  );
  const line = `<path class="grid" d="M0 ${HEIGHT / 2}H${WIDTH}"/>`;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">${line}${circles.join('')}</svg>`;
}

function bestOf(receipt: Receipt): string {
  return `<section>\n<h2>The best trial’s recipe</h2>\n${list(settingsOf({ receipt }), '')}\n</section>
<section>\n<h2>Digests</h2>
<p>SHA-256. The same recipe and data give the same digests on every machine.</p>
${list(digestsOf({ receipt }), ' class="digests"')}\n</section>`;
}
