import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Result } from '../bench.mjs';
import type { SideResult } from '../driver/measure.mjs';
import { replaceFigures } from '../report/document.mjs';
import { plotGemm, plotTasks } from '../report/plot.mjs';
import { short, tables } from '../report/tables.mjs';
import { renderMarkdown, renderText } from '../report/text.mjs';
import { readResults } from '../report.mjs';
import { GEMMS, TRAININGS } from '../workloads.mjs';

const side = (family: string, threads: number, seconds: number[]): SideResult => ({
  id: `${family}-${threads}`,
  family,
  title: family,
  form: '',
  threads,
  isChosen: false,
  isOurs: family === 'native',
  isa: family === 'native' ? 'avx2' : '',
  seconds,
});

const result: Result = {
  date: '2026-01-01',
  machine: {
    processor: 'A processor',
    cores: 2,
    isas: ['avx2'],
    memoryBytes: 8 * 2 ** 30,
    system: 'A system',
    node: 'v20.0.0',
    load: 0.5,
  },
  rounds: 3,
  peaks: { avx2: { separate: 100, fused: 110 } },
  bandwidths: [
    [65_536, 200],
    [1_048_576, 100],
  ],
  missing: ['brain.js: not there'],
  tasks: [
    {
      task: TRAININGS[0]!,
      sides: [
        side('native', 1, [1e-6, 1.25e-6, 2e-6]),
        side('native', 2, [2e-6, 2e-6, 2e-6]),
        { ...side('pytorch', 2, [40e-6, 50e-6, 60e-6]), isChosen: true, form: 'scripted' },
      ],
    },
    {
      task: GEMMS.find(({ name }) => name === 'gemm-512-512-512')!,
      sides: [
        side('native', 1, [4e-3, 4e-3, 4e-3]),
        side('native', 2, [2e-3, 2e-3, 2e-3]),
        side('openblas', 1, [2e-3, 4e-3, 8e-3]),
      ],
    },
  ],
};

describe('tables', () => {
  const cell = (title: string, row: string, column: number) => {
    const table = tables(result).find((one) => one.title.startsWith(title))!;
    return table.rows.find(([name]) => name === row)![column];
  };

  test('hold medians, extremes and what did best', () => {
    expect(cell('Training', 'native, 1 thread', 1)).toBe('1.25 (1.00–2.00)');
    expect(cell('Training', 'pytorch, best form', 1)).toBe(
      '50.0 (40.0–60.0) [scripted, 2 threads]',
    );
    expect(cell('GEMM, GFLOP/s', 'native, 1 thread', 1)).toBe('67.1 (67.1–67.1)');
  });

  test('compare round by round with the faster native side', () => {
    expect(cell('Times as long', 'pytorch, best form', 1)).toBe('40.0 (30.0–40.0)');
  });

  test('compare products with the same number of threads', () => {
    expect(cell('GEMM: times as fast', 'openblas, 1 thread', 1)).toBe('1.00 (0.500–2.00)');
  });

  test('show a share of as many peaks as there are threads', () => {
    expect(cell('GEMM: shares', 'native, 1 thread', 1)).toBe('67 %');
    expect(cell('GEMM: shares', 'native, 2 threads', 1)).toBe('67 %');
    // 784·32 twice and 32·10 three times, 2 floating-point operations each, in 1.25 µs.
    expect(cell('Training and prediction: shares of the peak', 'native, 1 thread', 1)).toBe('82 %');
  });

  test('show a share of the bandwidth for as many bytes', () => {
    // 784 bytes of a sample; 784·32 + 32 parameters read, then read and written, and the 32·10 + 10 behind them read
    // once more: 307,504 bytes in 1.25 µs, and 102,584 different ones, for which 100 GB/s hold.
    expect(cell('Training and prediction: shares of the bandwidth', 'native, 1 thread', 1)).toBe(
      '246 %',
    );
  });

  test('leave out what was not measured', () => {
    expect(tables(result).map(({ title }) => title)).not.toContain('Prediction');
    expect(tables({ ...result, tasks: [] })).toEqual([]);
  });

  test('are aligned in a terminal, and Markdown elsewhere', () => {
    const table = {
      title: 'T',
      words: 'W',
      header: ['', 'W1'],
      rows: [
        ['a', '1'],
        ['bc', '23'],
      ],
    };
    expect(renderText([table])).toBe('T\nW\n\n    W1\na    1\nbc  23\n\n');
    expect(renderMarkdown([table])).toBe(
      '### T\n\nW\n\n|  | W1 |\n| --- | ---: |\n| a | 1 |\n| bc | 23 |\n',
    );
  });

  test('round to three digits', () => {
    expect([1.0567, 22.44, 1071.2].map(short)).toEqual(['1.06', '22.4', '1,071']);
  });
});

describe('the document', () => {
  const marks = (inner: string) =>
    `# P\n<!-- made by \`node bench/report.mjs\`: begin -->${inner}<!-- made by \`node bench/report.mjs\`: end -->\nafter\n`;

  test('gets new figures between its marks, and keeps the rest', () => {
    const once = replaceFigures(marks('old'), [result]);
    expect(once).toContain('A processor, 2 logical cores (avx2), 8 GiB, A system, Node v20.0.0');
    expect(once).toContain('- left out: brain.js: not there');
    expect(once).not.toContain('old');
    expect(once.startsWith('# P\n')).toBe(true);
    expect(once.endsWith('\nafter\n')).toBe(true);
    expect(replaceFigures(once, [result])).toBe(once);
  });

  test('without marks is refused', () => {
    expect(() => replaceFigures('# P\n', [result])).toThrow('marks');
  });
});

describe('plots', () => {
  test.each([
    ['tasks', plotTasks(result.tasks), 2],
    ['products', plotGemm(result.tasks), 2],
  ])('%s: a dot for each side that was measured', (_, svg, dots) => {
    expect(svg.match(/<circle/g)).toHaveLength(dots);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg).toContain('prefers-color-scheme:dark');
  });
});

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

test('what is committed was made from the committed results', () => {
  const results = readResults();
  const { tasks } = results[0]!;
  const document = readFileSync(at('../../docs/performance.md'), 'utf8');
  expect(replaceFigures(document, results)).toBe(document);
  expect(readFileSync(at('../../docs/performance.svg'), 'utf8')).toBe(plotTasks(tasks));
  expect(readFileSync(at('../../docs/performance-gemm.svg'), 'utf8')).toBe(plotGemm(tasks));
});
