import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BitgradError, datasetSha256 } from '@bitgrad/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvSource } from '../src/csv/source.js';
import { readTable, type TableSource, textSource } from '../src/memory/index.js';
import { temporaryFolder } from './temporary.js';

/** A cell of each kind of column, by its row and numbers from 0 to 1. */
type CellOf = (row: number, random: () => number) => string;

const oneOf = (cells: readonly string[], random: () => number): string =>
  cells[Math.floor(cells.length * random())]!;

const KINDS: Readonly<Record<string, CellOf>> = {
  fractions: (_, random) => String(Math.round((random() - 0.5) * 1e6) / 1e4),
  gaps: (_, random) => (random() < 0.1 ? oneOf(['', ' ', 'NA', '-'], random) : String(random())),
  'all digits': (_, random) => String((random() - 0.5) * 1e3),
  'fixed digits': (_, random) => (random() * 1e3).toFixed(2),
  whole: (_, random) => String(Math.floor(random() * 5)),
  'many whole': (_, random) => String(Math.floor(random() * 1e9)),
  exponents: (_, random) => `${(random() - 0.5).toExponential()}`.replace('e', 'E'),
  'as people write': (_, random) =>
    oneOf(['1,5', '$3.20', ' 4.5 ', '+7', '.5', '5.', '1e3'], random),
  'row numbers': (row) => String(row),
  near: (_, random) => String(1e9 + random()),
  'too large late': (row, random) => (row === 1900 ? '1e39' : String(random())),
  'a text late': (row, random) => (row === 1900 ? 'broken' : String(random())),
  'a few texts': (_, random) => oneOf(['2', '3', '4', '5more'], random),
  texts: (_, random) => oneOf(['red', 'green', 'blué', ' red', '', 'None', '北京'], random),
  'many texts': (_, random) => `t${Math.floor(random() * 1500)}`,
  'different texts': (row, random) => `${row} and ${random()}`,
  signs: (_, random) => oneOf(['+', '-'], random),
  flags: (_, random) => oneOf(['true', 'True', 'FALSE'], random),
  dates: (_, random) =>
    random() < 0.01 ? '' : `2024-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 10)}`,
  times: (row) => new Date(1.6e12 + row * 61_000).toISOString(),
  'dates of people': (_, random) => `${1 + Math.floor(random() * 28)}.3.2024`,
};

/** What comes of a table: its data set, or what is wrong with it. */
async function outcomeOf(source: TableSource): Promise<unknown> {
  try {
    const dataset = await readTable('table', { train: [source], test: [] }, { task: 'auto' });
    return { ...dataset, inputs: undefined, sha256: await datasetSha256(dataset) };
  } catch (error) {
    if (error instanceof BitgradError) return error.message;
    throw error;
  }
}

test('a file, which is read in blocks, gives what its text in memory does', async () => {
  const file = join(temporaryFolder(), 'table.csv');
  const names = fc.uniqueArray(fc.constantFrom(...Object.keys(KINDS)), {
    minLength: 2,
    maxLength: 5,
  });
  const property = fc.asyncProperty(
    names,
    fc.constantFrom(3, 255, 2000, 5000),
    fc.constantFrom('\n', '\r\n'),
    fc.constantFrom(';', '\t'),
    fc.constantFrom('never', 'texts', 'all', 'late'),
    fc.integer({ min: 1 }),
    async (columns, rows, newline, delimiter, quotes, seed) => {
      let state = seed;
      const random = (): number => {
        state = (Math.imul(state, 1664525) + 1013904223) | 0;
        return (state >>> 0) / 2 ** 32;
      };
      const lines = [[...columns, 'label'].join(delimiter)];
      for (let row = 0; row < rows; row += 1) {
        const cells = columns.map((column) => KINDS[column]!(row, random));
        const quoted = cells.map((cell) => {
          if (quotes === 'all' || (quotes === 'texts' && /[a-z]/.test(cell))) return `"${cell}"`;
          return quotes === 'late' && row > 1000 ? `"${cell} ""so${newline}called"""` : cell;
        });
        lines.push([...quoted, oneOf(['yes', 'no'], random)].join(delimiter));
        if (random() < 0.001) lines.push(oneOf(['', '  '], random));
      }
      const text = lines.join(newline);
      writeFileSync(file, text);
      expect(await outcomeOf(csvSource(file, false))).toEqual(
        await outcomeOf(textSource(text, file)),
      );
    },
  );
  await fc.assert(property, { numRuns: 25 });
});

test('the last cell of a file may be empty, without an end of its line', async () => {
  const file = join(temporaryFolder(), 'table.csv');
  const lines = Array.from(
    { length: 3000 },
    (_, row) => `${row % 2 ? 'u' : 'v'},${row * 1.5 + 0.25}`,
  );
  for (const last of ['u,', 'u,-', 'u,1.', 'u,1e', 'u,""']) {
    const text = ['label,number', ...lines, last].join('\n');
    writeFileSync(file, text);
    const found = await outcomeOf(csvSource(file, false));
    expect(found).toEqual(await outcomeOf(textSource(text, file)));
  }
});

test('a table of fifty thousand columns', async () => {
  const file = join(temporaryFolder(), 'table.csv');
  const width = 50_000;
  const lines = ['a', 'b', 'a', 'b'].map(
    (label, row) => `${`${(row * row) % 5},`.repeat(width)}${label}`,
  );
  writeFileSync(file, lines.join('\n'));
  const { features } = await readTable('table', { train: [csvSource(file, false)], test: [] }, {});
  expect(features).toBe(width);
});
