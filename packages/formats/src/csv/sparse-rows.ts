import { BitgradError, show } from '@bitgrad/core';

/** A label, and values each with its feature's number before it: `1 3:0.5 7:1`. */
const ROW =
  /^[-+\d.,eE]+(?:[ \t]+qid:\d+)?((?:[ \t]+\d+:[-+]?[\d.]+(?:[eE][-+]?\d+)?)+)[ \t]*(?:#.*)?$/;
const LABEL_ALONE = /^[-+]?[\d.]+[ \t]*$/;
/** A time of day or of a lap, as in `12:30` or `1:02.345`. */
const TIME = /^\d{1,2}:[0-5]\d(?::[0-5]\d)?(?:\.\d+)?$/;
const COMPARED = 50;

/**
 * Refuses LIBSVM's rows (svmlight's), which would be read as texts with white space between. In each, features come in
 * ascending order, and not all have one: other texts with a colon (`16:9`) are let be.
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
  let haveOne = true;
  let areTimes = true;
  for (const row of rows) {
    const found = ROW.exec(row);
    if (found === null && !LABEL_ALONE.test(row)) return;
    const values = (found?.[1] ?? '').match(/\S+/g) ?? [];
    const features = values.map((value) => Number.parseInt(value, 10));
    if (features.some((feature, at) => feature <= features[at - 1]!)) return;
    haveOne &&= values.length === 1;
    areTimes &&= values.every((value) => TIME.test(value));
  }
  if (haveOne || areTimes) return;
  throw new BitgradError(
    `${fileName}: expected a table with as many cells in each row, received LIBSVM's sparse rows, such as ${show(rows[0])}`,
    "Write them as CSV: X, y = sklearn.datasets.load_svmlight_file(path); pandas.DataFrame(X.toarray()).assign(label=y).to_csv('table.csv', index=False).",
  );
}
