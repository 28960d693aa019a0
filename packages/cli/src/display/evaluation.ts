import type { Evaluation } from '@bitgrad/core';
import { formatCount, formatLoss, formatPercent, formatTable } from '../format.js';
import { colorsOf, print, printPairs } from '../output.js';

/** Up to so many classes, the confusion matrix is shown to people. */
const LARGEST_MATRIX = 26;

/** Prints an evaluation for people. */
export function printEvaluation({ samples, accuracy, loss, confusion }: Evaluation): void {
  const { bold, green } = colorsOf(process.stdout);
  printPairs([
    ['accuracy', `${bold(green(formatPercent(accuracy)))} of ${formatCount(samples)}`],
    ['loss', formatLoss(loss)],
  ]);
  print();
  if (confusion.length <= LARGEST_MATRIX) printMatrix(confusion);
  printClasses(confusion);
}

function printMatrix(confusion: Evaluation['confusion']): void {
  const { bold, dim, green } = colorsOf(process.stdout);
  const names = confusion.map((_, index) => String(index));
  const width = String(Math.max(...confusion.flat())).length;
  const cells = confusion.map((row) => row.map((count) => String(count).padStart(width)));
  const rows = cells.map((row, label) => [String(label), ...row]);
  const [header, ...lines] = formatTable([['label', ...names], ...rows]);
  print(bold('Confusion matrix') + dim(' (a row for each label, a column for each prediction)'));
  print(dim(header!));
  lines.forEach((line, label) => {
    // Colours go on last: they have no width.
    let column = -1;
    print(
      line.replace(/\d+/g, (count) => {
        column += 1;
        if (column === 0 || count === '0') return dim(count);
        return column - 1 === label ? green(count) : count;
      }),
    );
  });
  print();
}

function printClasses(confusion: Evaluation['confusion']): void {
  const { bold, dim } = colorsOf(process.stdout);
  const rows = confusion.map((row, label) => {
    const labelled = row.reduce((sum, count) => sum + count, 0);
    const predicted = confusion.reduce((sum, other) => sum + other[label]!, 0);
    const correct = row[label]!;
    const ratio = (total: number): string => formatPercent(total === 0 ? null : correct / total);
    return [String(label), formatCount(labelled), ratio(predicted), ratio(labelled)];
  });
  const [header, ...lines] = formatTable([['class', 'samples', 'precision', 'recall'], ...rows]);
  print(bold('Classes'));
  print(dim(header!));
  for (const line of lines) print(line);
}
