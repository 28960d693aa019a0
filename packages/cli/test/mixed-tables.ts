/** A table that was made up, with all that people's tables have. */
export interface MixedTable {
  readonly label: string;
  /** CSV texts with the column that is learnt. */
  readonly train: string;
  readonly test: string;
  /** What is learnt of each row of the test part. */
  readonly learnt: readonly string[][];
  /** The test part's rows without it, as programs have them: texts as in the file, null where a cell is empty. */
  readonly rows: readonly Readonly<Record<string, string | null>>[];
}

const TOWNS = ['Ulm', 'Bonn', 'Zürich', '"Bad" Ems'];
const START = 1_700_000_000;
const DAY = 86_400_000;

const noise = (index: number): number => ((index * 7919) % 1009) / 1009;
const tooFew = (index: number, value: string): string | null => (index % 11 === 3 ? null : value);

/** Numbers, a Unix time that needs an offset, a category, dates with and without time; some missing. */
function mixedRow(index: number, decimal: string): Record<string, string | null> {
  const day = new Date(1.6e12 + Math.floor(noise(index + 5) * 300) * DAY);
  const date = day.toISOString().slice(0, 10);
  return {
    size: tooFew(index, (9 * noise(index) - 2).toFixed(4).replace('.', decimal)),
    seen: tooFew(index + 4, String(START + Math.floor(4000 * noise(3 * index)))),
    town: tooFew(index + 7, TOWNS[index % 4]!),
    day: tooFew(index + 2, decimal === '.' ? date : date.split('-').reverse().join('.')),
    at: new Date(day.getTime() + Math.floor(noise(index + 9) * DAY)).toISOString(),
  };
}

/** @param decimal a comma comes with semicolons between cells, and dates as in 31.12.2023 */
export function mixedTable(
  label: 'kind' | 'price' | 'warm,wet',
  decimal: '.' | ',' = '.',
): MixedTable {
  const separator = decimal === '.' ? ',' : ';';
  const all = Array.from({ length: 220 }, (_, index) => mixedRow(index, decimal));
  const learnt = (row: (typeof all)[number], index: number): string[] => {
    const size = Number((row.size ?? '1').replace(',', '.'));
    if (label === 'kind') return [['cup', 'bowl', 'deep dish'][size > 3 ? index % 2 : 2]!];
    if (label === 'warm,wet') return [size > 3, index % 3 > 0].map((is) => (is ? 'yes' : 'no'));
    const price = 5e7 + 3.25 * size + noise(index) + index / 8;
    return [price.toFixed(3).replace('.', decimal)];
  };
  const quoted = (cell: string | null): string =>
    cell === null ? '' : /["\s]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const csvOf = (from: number, end: number): string => {
    const lines = all
      .slice(from, end)
      .map((row, at) => [...Object.values(row), ...learnt(row, from + at)]);
    const names = [...Object.keys(all[0]!), ...label.split(',')];
    return `${[names, ...lines].map((cells) => cells.map(quoted).join(separator)).join('\n')}\n`;
  };
  const rows = all.slice(160);
  const own = rows.map((row, at) => learnt(row, 160 + at));
  return { label, train: csvOf(0, 160), test: csvOf(160, 220), learnt: own, rows };
}
