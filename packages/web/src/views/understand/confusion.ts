import type { Examination } from '../../worker/protocol.js';

/** `[10, 10]` counts: the row is the label, the column what the network said. */
export function countConfusion({ labels, predicted }: Examination): number[][] {
  const counts = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
  for (const [row, label] of labels.entries()) {
    const line = counts[label]!;
    line[predicted[row]!] = line[predicted[row]!]! + 1;
  }
  return counts;
}

/** The digits, label and answer, that are confused most often. */
export function commonestMistake(
  counts: readonly (readonly number[])[],
): readonly [number, number] {
  const cells = counts.flatMap((row, label) => row.map((count, said) => ({ label, said, count })));
  const { label, said } = cells
    .filter((cell) => cell.label !== cell.said)
    .reduce((most, cell) => (cell.count > most.count ? cell : most));
  return [label, said];
}

/** The rows of a cell, the most mistaken first. */
export function rowsOfCell(of: Examination, label: number, said: number, most: number): number[] {
  return rowsWhere(of, (row) => of.labels[row] === label && of.predicted[row] === said, most);
}

/** The rows that the network is most wrong about. */
export function worstRows(of: Examination, most: number): number[] {
  return rowsWhere(of, (row) => of.labels[row] !== of.predicted[row], most);
}

function rowsWhere(
  { losses }: Examination,
  isWanted: (row: number) => boolean,
  most: number,
): number[] {
  return Array.from(losses.keys())
    .filter(isWanted)
    .sort((a, b) => losses[b]! - losses[a]!)
    .slice(0, most);
}
