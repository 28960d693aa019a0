import type { Importance } from './importance.js';
import { clipped, coordinate, type Figure, label } from './markup.js';

const MOST_COLUMNS = 30;
const MOST_TARGETS = 6;
const ROW = 26;
const NAME_WIDTH = 190;
const BAR_WIDTH = 360;
const VALUE_WIDTH = 72;
const LONGEST_NAME = 24;
const LONGEST_TARGET = 9;

export const IMPORTANCE_WORDS =
  'What the score loses where a column’s cells change places among the test samples: how much the model relies on it. One column that is worth nearly all may tell the answer.';

/** Bars for the most important columns, and numbers for each of several targets. */
export function importanceFigure({ measure, targets, columns }: Importance): Figure {
  const shown = columns.slice(0, MOST_COLUMNS);
  const most = Math.max(...shown.map(({ drop }) => drop), 1e-9);
  const names = targets.slice(0, MOST_TARGETS);
  const right = NAME_WIDTH + BAR_WIDTH + VALUE_WIDTH;
  const top = ROW;
  const heading = [
    label(measure === 'R²' ? 'lost of R²' : 'lost of accuracy', right, 14, {
      kind: 'q',
      anchor: 'end',
    }),
    ...names.map((name, at) =>
      label(clipped(name, LONGEST_TARGET), right + (at + 1) * VALUE_WIDTH, 14, {
        kind: 'q',
        anchor: 'end',
      }),
    ),
  ];
  const rows = shown.map(({ name, drop, targets: own }, row) => {
    const y = top + row * ROW;
    const width = coordinate(Math.max(0, (drop / most) * BAR_WIDTH));
    return [
      label(clipped(name, LONGEST_NAME), NAME_WIDTH - 10, y + 17, { anchor: 'end' }),
      `<rect class="bar" x="${NAME_WIDTH}" y="${y + 5}" width="${width}" height="16"/>`,
      label(amountOf(drop, measure), right, y + 17, { anchor: 'end' }),
      ...names.map((_, at) => {
        const text = own[at] == null ? '–' : amountOf(own[at], measure);
        return label(text, right + (at + 1) * VALUE_WIDTH, y + 17, { kind: 'q', anchor: 'end' });
      }),
    ].join('');
  });
  const hidden = columns.length - shown.length;
  const more =
    hidden > 0
      ? label(`and ${hidden} more`, NAME_WIDTH, top + shown.length * ROW + 17, { kind: 'q' })
      : '';
  return {
    width: right + names.length * VALUE_WIDTH + 4,
    height: top + (shown.length + (hidden > 0 ? 1 : 0)) * ROW + 4,
    title: 'Permutation importance of the columns',
    body: [...heading, ...rows, more].join(''),
  };
}

/** Shares as points of a hundred; a drop that is only the sampling’s noise may be below 0. */
function amountOf(drop: number, measure: Importance['measure']): string {
  return measure === 'R²' ? drop.toFixed(3) : `${(100 * drop).toFixed(1)} %`;
}
