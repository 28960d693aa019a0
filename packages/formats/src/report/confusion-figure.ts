import type { Evaluation } from '@bitgrad/core';
import { clipped, coordinate, type Figure, label } from './markup.js';
import { formatPercent, nameOfClass } from './report.js';

/** More classes would have cells that nobody can see. */
const MOST_CLASSES = 64;
/** Up to so many classes, cells hold their numbers. */
const MOST_NUMBERED = 20;
const MATRIX_WIDTH = 640;
const LARGEST_CELL = 48;
/** The widths of the columns at the right. */
const RATIO_WIDTH = 86;
const LONGEST_NAME = 16;

type Confusion = NonNullable<Evaluation['confusion']>;

/**
 * Draws a confusion matrix, a row for each label and a column for each prediction, with each class's
 * recall and precision beside its row. Null where there are too many classes.
 */
export function confusionFigure(
  confusion: Confusion,
  classNames: readonly string[] | null,
): Figure | null {
  const classes = confusion.length;
  if (classes > MOST_CLASSES) return null;
  const names = confusion.map((_, index) => clipped(nameOfClass(classNames, index), LONGEST_NAME));
  const longest = Math.max(...names.map((name) => [...name].length));
  const cell = Math.min(LARGEST_CELL, Math.floor(MATRIX_WIDTH / classes));
  const left = 16 + 8 * longest;
  // Long names stand on end over the columns.
  const turned = 8 * longest > cell - 4;
  const top = 30 + (turned ? 8 * longest : 16);
  const right = left + classes * cell;
  const isNumbered = classes <= MOST_NUMBERED;
  const hasRatios = cell >= 14;
  const parts = [label('label ↓  prediction →', left, 14, { kind: 'q' })];
  for (const [row, counts] of confusion.entries()) {
    const y = top + row * cell;
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (hasRatios) parts.push(label(names[row]!, left - 8, y + cell / 2 + 4, { anchor: 'end' }));
    if (hasRatios) parts.push(columnName(names[row]!, left + (row + 0.5) * cell, top - 8, turned));
    for (const [column, count] of counts.entries()) {
      const place = { x: left + column * cell, y, size: cell };
      parts.push(drawCell(count, total, row === column, place, isNumbered));
    }
    if (hasRatios) parts.push(ratios(confusion, row, right, y + cell / 2 + 4));
  }
  if (hasRatios) {
    for (const [index, name] of ['recall', 'precision'].entries()) {
      const x = right + (index + 1) * RATIO_WIDTH;
      parts.push(label(name, x, top - 8, { kind: 'q', anchor: 'end' }));
    }
  }
  return {
    width: right + (hasRatios ? 2 * RATIO_WIDTH : 0) + 4,
    height: top + classes * cell + 4,
    title: 'Confusion matrix',
    body: parts.join(''),
  };
}

function columnName(name: string, x: number, y: number, isTurned: boolean): string {
  if (!isTurned) return label(name, x, y, { anchor: 'middle' });
  const turn = `translate(${coordinate(x + 4)} ${coordinate(y)}) rotate(-90)`;
  return `<g transform="${turn}">${label(name, 0, 0)}</g>`;
}

function drawCell(
  count: number,
  total: number,
  isRight: boolean,
  { x, y, size }: { readonly x: number; readonly y: number; readonly size: number },
  isNumbered: boolean,
): string {
  const share = total === 0 ? 0 : count / total;
  // Square roots: mistakes are few, and it is them that people look for.
  const strength = isRight ? 0.75 * share : Math.min(1, 1.6 * Math.sqrt(share));
  const gap = size > 8 ? 2 : 0;
  const side = size - gap;
  const fill =
    count === 0
      ? 'class="cell"'
      : `class="cell ${isRight ? 'right' : 'wrong'}" fill-opacity="${coordinate(strength)}"`;
  const ground = `<rect class="cell" x="${x}" y="${y}" width="${side}" height="${side}"/>`;
  const rect = `<rect ${fill} x="${x}" y="${y}" width="${side}" height="${side}"/>`;
  const kind = count === 0 ? 'zero' : strength > 0.5 ? (isRight ? 'onright' : 'onwrong') : '';
  const text = label(String(count), x + side / 2, y + side / 2 + 4, { kind, anchor: 'middle' });
  return `${count === 0 ? '' : ground}${rect}${isNumbered ? text : ''}`;
}

function ratios(confusion: Confusion, index: number, x: number, y: number): string {
  const labelled = confusion[index]!.reduce((sum, count) => sum + count, 0);
  const predicted = confusion.reduce((sum, row) => sum + row[index]!, 0);
  const correct = confusion[index]![index]!;
  return [labelled, predicted]
    .map((total, column) => {
      const text = total === 0 ? '–' : formatPercent(correct / total, 1);
      return label(text, x + (column + 1) * RATIO_WIDTH, y, { kind: 'n', anchor: 'end' });
    })
    .join('');
}
