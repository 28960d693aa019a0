// Tables in a terminal, and as Markdown.

/** @typedef {import('./tables.mjs').Table} Table */

/** @param {readonly Table[]} tables */
export function renderText(tables) {
  return tables
    .map(({ title, words, header, rows }) => {
      const all = [header, ...rows];
      const widths = header.map((_, column) =>
        Math.max(...all.map((row) => [...(row[column] ?? '')].length)),
      );
      const lines = all.map((row) =>
        row
          .map((cell, column) => {
            const padding = ' '.repeat(/** @type {number} */ (widths[column]) - [...cell].length);
            return column === 0 ? cell + padding : padding + cell;
          })
          .join('  '),
      );
      return `${title}\n${words}\n\n${lines.join('\n')}\n\n`;
    })
    .join('');
}

/**
 * @param {readonly Table[]} tables
 * @param {string} level of their headings
 */
export function renderMarkdown(tables, level = '###') {
  return tables
    .map(({ title, words, header, rows }) => {
      const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
      const lines = [header, rule, ...rows].map((row) => `| ${row.join(' | ')} |`);
      return `${level} ${title}\n\n${words}\n\n${lines.join('\n')}\n`;
    })
    .join('\n');
}
