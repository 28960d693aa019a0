import { confusionOf, curvesOf, describeMistakes, scattersOf } from './figures.js';
import { FILTERS_WORDS, kernelsFigure, MAPS_WORDS, mapsFigure } from './filters-figure.js';
import { IMPORTANCE_WORDS, importanceFigure } from './importance-figure.js';
import { list } from './list.js';
import { escapeText, standalone } from './markup.js';
import { mistakesFigure } from './mistakes-figure.js';
import { digestsOf, headlineOf, type Report, settingsOf, summaryOf } from './report.js';
import { scoreList, targetList } from './scores.js';
import { FIGURE_STYLE, PAGE_STYLE } from './style.js';

/**
 * A training as one HTML page: curves, confusion matrix, worst mistakes, recipe and digests. It needs
 * no script and nothing from elsewhere, and follows the reader's choice of light or dark.
 */
export function htmlReport(report: Report): string {
  const { value, meaning } = headlineOf(report);
  const title = `${value} ${meaning}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Bitgrad">
<title>${escapeText(title)} · ${escapeText(report.receipt.dataset.name)}</title>
<link rel="icon" href="data:,">
<style>
${FIGURE_STYLE}${PAGE_STYLE}</style>
</head>
<body>
<main>
<header>
<p>Bitgrad · ${escapeText(report.receipt.dataset.name)}</p>
<h1><strong>${escapeText(value)}</strong> ${escapeText(meaning)}</h1>
<p>${escapeText(summaryOf(report))}</p>
</header>
${[...sectionsOf(report)].join('\n')}
</main>
</body>
</html>
`;
}

function* sectionsOf(report: Report): Iterable<string> {
  const curves = curvesOf(report);
  if (curves.length > 0) {
    const parts = curves.map(
      ({ title, figure }) => `<div>\n<h2>${title}</h2>\n${standalone(figure)}\n</div>`,
    );
    yield `<section class="curves">\n${parts.join('\n')}\n</section>`;
  }
  const scores = scoreList(report.receipt);
  if (scores.length > 0) yield section('Scores', list(scores, ' class="scores"'));
  const targets = targetList(report.receipt, report.encoding ?? null);
  if (targets.length > 0) yield section('Targets', list(targets, ' class="scores"'));
  for (const [predicted, residuals] of scattersOf(report)) {
    const parts = [predicted, residuals].map(
      (figure) => `<div>\n<h2>${escapeText(figure.title)}</h2>\n${standalone(figure)}\n</div>`,
    );
    yield `<section class="curves">\n${parts.join('\n')}\n</section>`;
  }
  if (report.importance) {
    const figure = standalone(importanceFigure(report.importance));
    const words = `<p>${IMPORTANCE_WORDS}</p>`;
    yield section('Importance of the columns', `${words}\n<div class="scroll">${figure}</div>`);
  }
  const confusion = confusionOf(report);
  if (confusion) {
    yield section('Confusion matrix', `<div class="scroll">${standalone(confusion)}</div>`);
  }
  if (report.worst.length > 0) {
    const figure = mistakesFigure(report.worst, report.classNames);
    const words = `<p>${escapeText(describeMistakes(report))}</p>`;
    yield section('Worst mistakes', `${words}\n<div class="scroll">${standalone(figure)}</div>`);
  }
  if (report.filters) {
    const { examples } = report.filters;
    const kernels = standalone(kernelsFigure(report.filters));
    const maps =
      examples.length === 0
        ? ''
        : `\n<p>${MAPS_WORDS}</p>\n<div class="scroll">${standalone(mapsFigure(report.filters))}</div>`;
    yield section('Filters of the first layer', `<p>${FILTERS_WORDS}</p>\n${kernels}${maps}`);
  }
  yield section('Recipe', list(settingsOf(report), ''));
  const words = '<p>SHA-256. The same recipe and data give the same digests on every machine.</p>';
  yield section('Digests', `${words}\n${list(digestsOf(report), ' class="digests"')}`);
}

function section(title: string, content: string): string {
  return `<section>\n<h2>${title}</h2>\n${content}\n</section>`;
}
