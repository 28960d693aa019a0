import type { Evaluation, Model } from '@bitgrad/core';
import { clipText, formatCount, formatLoss, formatPercent, formatTable } from '../format.js';
import { colorsOf, print, printPairs } from '../output.js';

/** Up to so many classes, the confusion matrix is shown to people. */
const LARGEST_MATRIX = 26;
/** Letters of a class's name, in a row and over a column. */
const LONGEST_NAME = 24;
const LONGEST_HEADING = 8;

type Confusion = NonNullable<Evaluation['confusion']>;

/** Prints an evaluation of a model for people. */
export function printEvaluation(
  { samples, accuracy, loss, confusion }: Evaluation,
  { recipe, classNames }: Pick<Model, 'recipe' | 'classNames'>,
): void {
  const { bold, green } = colorsOf(process.stdout);
  const size = `of ${formatCount(samples)}`;
  if (accuracy === null || confusion === null) {
    printPairs([['loss', `${bold(green(formatLoss(loss)))} ${size} (${recipe.loss})`]]);
    return;
  }
  printPairs([
    ['accuracy', `${bold(green(formatPercent(accuracy)))} ${size}`],
    ['loss', formatLoss(loss)],
  ]);
  print();
  const names = classNames ?? confusion.map((_, label) => String(label));
  if (confusion.length <= LARGEST_MATRIX) printMatrix(confusion, names);
  printClasses(confusion, names);
}

function printMatrix(confusion: Confusion, names: readonly string[]): void {
  const { bold, dim, green } = colorsOf(process.stdout);
  const short = names.map((name) => clipText(name, LONGEST_HEADING));
  const width = String(Math.max(...confusion.flat())).length;
  const cells = confusion.map((row) => row.map((count) => String(count).padStart(width)));
  const rows = cells.map((row, label) => [clipText(names[label]!, LONGEST_NAME), ...row]);
  const [header, ...lines] = formatTable([['label', ...short], ...rows]);
  print(bold('Confusion matrix') + dim(' (a row for each label, a column for each prediction)'));
  if (header!.length > (process.stdout.columns || Number.POSITIVE_INFINITY)) {
    print(dim(`${header!.length} columns wide, which this terminal is not; --json has it`));
    print();
    return;
  }
  print(dim(header!));
  const margin = Math.max('label'.length, ...rows.map(([name]) => name!.length));
  lines.forEach((line, label) => {
    // Colours go on last: they have no width.
    let column = -1;
    const counts = line.slice(margin).replace(/\d+/g, (count) => {
      column += 1;
      if (count === '0') return dim(count);
      return column === label ? green(count) : count;
    });
    print(dim(line.slice(0, margin)) + counts);
  });
  print();
}

function printClasses(confusion: Confusion, names: readonly string[]): void {
  const { bold, dim } = colorsOf(process.stdout);
  const rows = confusion.map((row, label) => {
    const labelled = row.reduce((sum, count) => sum + count, 0);
    const predicted = confusion.reduce((sum, other) => sum + other[label]!, 0);
    const correct = row[label]!;
    const ratio = (total: number): string => formatPercent(total === 0 ? null : correct / total);
    const name = clipText(names[label]!, LONGEST_NAME);
    return [name, formatCount(labelled), ratio(predicted), ratio(labelled)];
  });
  const [header, ...lines] = formatTable([['class', 'samples', 'precision', 'recall'], ...rows]);
  print(bold('Classes'));
  print(dim(header!));
  for (const line of lines) print(line);
}
