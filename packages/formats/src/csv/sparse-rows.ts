import { BitgradError, show } from '@bitgrad/core';

/** A label, and values each with its feature's number before it: `1 3:0.5 7:1`. */
const ROW =
  /^[-+\d.,eE]+(?:[ \t]+qid:\d+)?((?:[ \t]+\d+:[-+]?[\d.]+(?:[eE][-+]?\d+)?)+)[ \t]*(?:#.*)?$/;
const LABEL_ALONE = /^[-+]?[\d.]+[ \t]*$/;
/** A time of day, as in `12:30`. */
const TIME = /^\d{1,2}:[0-5]\d(?::[0-5]\d)?$/;
const COMPARED = 50;

/**
 * Refuses LIBSVM's rows (svmlight's), which would be read as texts with white space between.
 *
 * @param beginning of the text, whose last line may be cut off
 * @throws BitgradError if all lines are such
 */
export function refuseSparseRows(beginning: string, fileName: string): void {
  const lines = beginning.split('\n', COMPARED + 1);
  const whole = lines.length > 1 ? lines.slice(0, -1) : lines;
  const rows = whole
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  let values = 0;
  let times = 0;
  for (const row of rows) {
    const found = ROW.exec(row);
    if (found === null && !LABEL_ALONE.test(row)) return;
    for (const value of (found?.[1] ?? '').match(/\S+/g) ?? []) {
      values += 1;
      times += Number(TIME.test(value));
    }
  }
  if (values === times) return;
  throw new BitgradError(
    `${fileName}: expected a table with as many cells in each row, received LIBSVM's sparse rows, such as ${show(rows[0])}`,
    "Write them as CSV: X, y = sklearn.datasets.load_svmlight_file(path); pandas.DataFrame(X.toarray()).assign(label=y).to_csv('table.csv', index=False).",
  );
}
