// The part of docs/performance.md that is made from a result.

import { machineLines, tables } from './tables.mjs';
import { renderMarkdown } from './text.mjs';

const BEGIN = '<!-- made by `node bench/report.mjs`: begin -->';
const END = '<!-- made by `node bench/report.mjs`: end -->';

/**
 * Replaces the part between the marks: a chapter for each result.
 *
 * @param {string} document
 * @param {readonly import('../bench.mjs').Result[]} results
 * @throws Error if the document has no marks
 */
export function replaceFigures(document, results) {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`expected the marks ${BEGIN} and ${END}`);
  const made = results.map(chapterOf).join('\n');
  return `${document.slice(0, begin)}${BEGIN}\n\n${made}\n${document.slice(end)}`;
}

/** @param {import('../bench.mjs').Result} result */
function chapterOf(result) {
  const { date, machine, rounds, missing } = result;
  const [description = '', load = ''] = machineLines(machine);
  const left = missing.map((line) => `- left out: ${line}\n`).join('');
  return `### ${machine.processor}, ${date}

${description}. ${rounds} rounds; ${load}.

${renderMarkdown(tables(result), '####')}${left && `\n${left}`}`;
}
