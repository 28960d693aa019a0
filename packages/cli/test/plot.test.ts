import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsIn, runCli } from './run-cli.js';
import { namesIn, SHAPES, temporaryFolder, writeFiles, writeShapes } from './temporary.js';

test.each(['report.html', 'Report.SVG'])('train --plot %s writes one whole file', async (name) => {
  const folder = temporaryFolder();
  writeShapes(folder);
  const args = ['train', ...SHAPES, '--lr', '0.001', '--plot', name, '--json'];
  const result = await runCli(args, { folder });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  const end = eventsIn(result).at(-1)!;
  expect(end.plot).toBe(name);
  expect(namesIn(folder)).toEqual([name, 'model.safetensors', 'shapes'].sort());
  const text = readFileSync(join(folder, name), 'utf8');
  expect(text.trimEnd()).toMatch(/<\/(html|svg)>$/);
  for (const shown of [
    end.weightsSha256,
    `${(100 * end.testAccuracy).toFixed(2)} %`,
    'Confusion matrix',
    'Worst mistakes',
    '3 epochs',
  ]) {
    expect(text).toContain(shown);
  }
  // Nothing is fetched from elsewhere, and nothing runs.
  expect(text).not.toMatch(/<script|<link[^>]*href="(?!data:)|url\(|@import|<image|<img/);
});

test('a report of numbers, without test samples', async () => {
  const folder = temporaryFolder();
  const rows = Array.from({ length: 40 }, (_, row) => `${row},${2 * row}`);
  writeFiles(folder, { 'line.csv': `x,y\n${rows.join('\n')}\n` });
  const args = ['train', '--data', 'line.csv', '--split', 'none', '--epochs', '2'];
  const result = await runCli([...args, '--lr', '0.01', '--plot', 'r.html'], { folder });
  expect(result.exitCode).toBe(0);
  expect(result.stdout).toMatch(/^report +r\.html$/m);
  const text = readFileSync(join(folder, 'r.html'), 'utf8');
  expect(text).toContain('epochs, no test samples');
  expect(text).not.toContain('Confusion matrix');
});

test('a report that cannot be written is refused before the training', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  const result = await runCli(['train', ...SHAPES, '--plot', 'no/report.html'], { folder });
  expect(result).toMatchObject({ exitCode: 1, stdout: '' });
  expect(result.stderr).toMatch(/^error: --plot: expected a folder that is there, received .*no$/m);
  expect(namesIn(folder)).toEqual(['shapes']);
});
