import { confusionOf, curvesOf, describeMistakes, scattersOf } from './figures.js';
import { FILTERS_WORDS, kernelsFigure, MAPS_WORDS, mapsFigure } from './filters-figure.js';
import { IMPORTANCE_WORDS, importanceFigure } from './importance-figure.js';
import { clipped, escapeText, type Figure, label, placed } from './markup.js';
import { mistakesFigure } from './mistakes-figure.js';
import { digestsOf, headlineOf, type Report, settingsOf, summaryOf } from './report.js';
import { scoreList, targetList } from './scores.js';
import { FIGURE_STYLE } from './style.js';

const WIDTH = 1144;
const MARGIN = 48;
const GAP = 40;
const ROW_HEIGHT = 22;
const COLUMNS = 3;

const STYLE = `${FIGURE_STYLE}.ground{fill:var(--ground)}
.huge{font-size:72px;font-weight:650;letter-spacing:-2px;fill:var(--accent)}
.large{font-size:22px}
.title{font-size:18px;font-weight:600}
.mono{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace}
`;

/** The same as `htmlReport` as one SVG image, without script and fonts of its own. */
export function svgReport(report: Report): string {
  let y = MARGIN;
  const parts: string[] = [];
  for (const row of rowsOf(report)) {
    let x = MARGIN;
    for (const figure of row) {
      parts.push(placed(figure.body, x, y));
      x += figure.width + GAP / 2;
    }
    y += Math.max(...row.map(({ height }) => height)) + GAP;
  }
  const { value, meaning } = headlineOf(report);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" role="img">
<title>${escapeText(`${value} ${meaning}`)}</title>
<style>
${STYLE}</style>
<rect class="ground" width="${WIDTH}" height="${y}"/>
${parts.join('\n')}
</svg>
`;
}

/** Figures from top to bottom, some side by side. */
function* rowsOf(report: Report): Iterable<Figure[]> {
  yield [heading(report)];
  const curves = curvesOf(report).map(({ title, figure }) => titled(title, figure));
  if (curves.length > 0) yield curves;
  const scores = [
    ...scoreList(report.receipt),
    ...targetList(report.receipt, report.encoding ?? null),
  ];
  if (scores.length > 0) yield [titled('Scores', pairsFigure('Scores', scores, 170))];
  for (const figures of scattersOf(report)) {
    yield figures.map((figure) => titled(figure.title, figure));
  }
  if (report.importance) {
    yield [
      titled('Importance of the columns', importanceFigure(report.importance), IMPORTANCE_WORDS),
    ];
  }
  const confusion = confusionOf(report);
  if (confusion) yield [titled('Confusion matrix', confusion)];
  if (report.worst.length > 0) {
    const figure = mistakesFigure(report.worst, report.classNames);
    yield [titled('Worst mistakes', figure, describeMistakes(report))];
  }
  if (report.filters) {
    const { filters } = report;
    yield [titled('Filters of the first layer', kernelsFigure(filters), FILTERS_WORDS)];
    if (filters.examples.length > 0) {
      yield [titled('Feature maps', mapsFigure(filters), MAPS_WORDS)];
    }
  }
  yield [titled('Recipe', settings(report))];
  yield [titled('Digests (SHA-256)', pairsFigure('Digests', digestsOf(report), 90, 'mono'))];
}

function heading(report: Report): Figure {
  const { value, meaning } = headlineOf(report);
  const body = [
    label(`Bitgrad · ${report.receipt.dataset.name}`, 0, 12, { kind: 'q' }),
    label(value, 0, 84, { kind: 'huge' }),
    label(meaning, 0, 118, { kind: 'large' }),
    label(summaryOf(report), 0, 144, { kind: 'q' }),
  ];
  return { width: WIDTH - 2 * MARGIN, height: 148, title: '', body: body.join('') };
}

function titled(title: string, figure: Figure, words = ''): Figure {
  const top = words ? 52 : 30;
  const heading = label(title, 0, 16, { kind: 'title' });
  const explanation = words ? label(words, 0, 38, { kind: 'q' }) : '';
  const body = heading + explanation + placed(figure.body, 0, top);
  return { ...figure, height: figure.height + top, body };
}

function settings(report: Report): Figure {
  const pairs = settingsOf(report);
  const rows = Math.ceil(pairs.length / COLUMNS);
  const columnWidth = (WIDTH - 2 * MARGIN) / COLUMNS;
  const body = pairs.map(([name, value], index) => {
    const x = Math.floor(index / rows) * columnWidth;
    const y = ((index % rows) + 1) * ROW_HEIGHT - 6;
    const shown = label(clipped(value, 24), x + columnWidth - 40, y, { anchor: 'end' });
    return label(name, x, y, { kind: 'q' }) + shown;
  });
  return {
    width: WIDTH - 2 * MARGIN,
    height: rows * ROW_HEIGHT,
    title: 'Recipe',
    body: body.join(''),
  };
}

/** Names, and values beside them from `x` on. */
function pairsFigure(
  title: string,
  pairs: readonly (readonly [string, string])[],
  x: number,
  kind = '',
): Figure {
  const body = pairs.map(([name, value], index) => {
    const y = (index + 1) * ROW_HEIGHT - 6;
    return label(clipped(name, 24), 0, y, { kind: 'q' }) + label(value, x, y, { kind });
  });
  return {
    width: WIDTH - 2 * MARGIN,
    height: pairs.length * ROW_HEIGHT,
    title,
    body: body.join(''),
  };
}
