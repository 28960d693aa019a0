/**
 * Sums results up as Markdown.
 *
 * @param {readonly any[]} tables
 * @param {readonly any[]} trained lines of train.mjs
 * @param {readonly any[]} compared lines of compare.py
 */
export function summarize(tables, trained, compared) {
  const others = new Map(compared.map((line) => [`${line.name} ${line.seed}`, line]));
  const failed = trained.filter(({ error }) => error !== undefined);
  const names = new Set(trained.map(({ name }) => name));
  const failedNames = new Set(failed.map(({ name }) => name));
  /** @type {Map<string, any[]>} */
  const byTable = new Map();
  for (const line of trained) {
    const other = others.get(`${line.name} ${line.seed}`);
    if (other?.linear?.validation === undefined || other.linear.test === undefined) continue;
    const chosen = other.linear.validation >= other.mlp.validation ? other.linear : other.mlp;
    const rows = byTable.get(line.name) ?? [];
    rows.push({
      ...line,
      linear: other.linear.test,
      mlp: other.mlp.test,
      dummy: other.dummy.test,
      best: chosen.test,
    });
    byTable.set(line.name, rows);
  }
  const sizes = new Map(tables.map(({ name, rows }) => [name, rows]));
  const scores = [...byTable].map(([name, lines]) => {
    const mean = (/** @type {string} */ field) =>
      lines.reduce((sum, line) => sum + line[field], 0) / lines.length;
    const differences = lines.map(({ bitgrad, dummy }) => bitgrad - dummy);
    return {
      name,
      rows: sizes.get(name) ?? 0,
      task: lines[0].task,
      bitgrad: mean('bitgrad'),
      dummy: mean('dummy'),
      linear: mean('linear'),
      mlp: mean('mlp'),
      difference: mean('bitgrad') - mean('best'),
      test: lines[0].test.length,
      belowDummy: isBelow(differences),
    };
  });
  const large = scores.filter(({ rows }) => rows >= 200);
  return [
    `- ${names.size} tables: ${names.size - failedNames.size} train (${percent((names.size - failedNames.size) / names.size)}), ${failedNames.size} do not`,
    ...failed
      .slice(0, 10)
      .map(({ name, error }) => `  - ${name}: ${error.replace(/^.*?\.csv: /, '')}`),
    ...['classes', 'regression'].map((task) => sentenceOf(task, large)),
    `- worse than the dummy beyond noise: ${
      large
        .filter(({ belowDummy }) => belowDummy)
        .map(({ name }) => name)
        .join(', ') || 'none'
    }`,
    '',
    '| table | rows | score | Bitgrad | dummy | linear | MLP | difference |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...large
      .sort((a, b) => a.name.localeCompare(b.name))
      .map(
        ({ name, rows, task, bitgrad, dummy, linear, mlp, difference }) =>
          `| ${name} | ${rows} | ${task === 'classes' ? 'accuracy' : 'R²'} | ${[bitgrad, dummy, linear, mlp].map(digits).join(' | ')} | ${signed(difference)} |`,
      ),
    '',
  ].join('\n');
}

/** @param {string} task @param {readonly any[]} scores */
function sentenceOf(task, scores) {
  const differences = scores
    .filter((score) => score.task === task)
    .map(({ difference }) => difference)
    .sort((a, b) => a - b);
  const at = (/** @type {number} */ share) =>
    differences[Math.min(differences.length - 1, Math.floor(share * differences.length))] ??
    Number.NaN;
  const what = task === 'classes' ? 'accuracy' : 'R²';
  return `- ${differences.length} tables of ${task === 'classes' ? 'classes' : 'numbers'} with at least 200 rows: median difference ${signed(at(0.5))} in ${what}, worst tenth ${signed(at(0.1))}, best tenth ${signed(at(0.9))}`;
}

/**
 * Whether differences of several splits are below 0 by more than two standard errors, and by 0.01.
 *
 * @param {readonly number[]} differences
 */
function isBelow(differences) {
  const mean = differences.reduce((sum, one) => sum + one, 0) / differences.length;
  if (differences.length < 2) return false;
  const variance =
    differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (differences.length - 1);
  return mean < -0.01 && mean < -2 * Math.sqrt(variance / differences.length);
}

const digits = (/** @type {number} */ value) =>
  Math.abs(value) < 10 ? value.toFixed(3) : value.toExponential(1);
const signed = (/** @type {number} */ value) =>
  `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)} %`;
