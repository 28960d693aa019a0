import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsIn, runCli, startCli } from './run-cli.js';
import { temporaryFolder, writeFiles } from './temporary.js';

/** A folder with a table of three kinds of flowers, and one of prices. */
function folderWithTables(): string {
  const folder = temporaryFolder();
  const noise = (index: number): number => ((index * 7919) % 100) / 100;
  const flowers = Array.from({ length: 90 }, (_, index) => {
    const kind = index % 3;
    const length = 1000 * kind + 400 * noise(index);
    return `${length},${['red', 'blue'][index % 2]},${['rose', 'tulip', 'lily'][kind]}`;
  });
  const prices = Array.from({ length: 90 }, (_, index) => {
    const [size, age] = [noise(index), noise(3 * index + 1)];
    return `${size},${(2 * size - age).toFixed(4)},${age}`;
  });
  writeFiles(folder, {
    'flowers.csv': ['length,colour,kind', ...flowers, ''].join('\n'),
    'prices.csv': ['size,price,age', ...prices, ''].join('\n'),
  });
  return folder;
}

const FLOWERS =
  'train --data flowers.csv --split 0.6,0.2,0.2 --epochs 20 --backend ts --lr 0.05'.split(' ');

test('a table is trained on as it is, and what changes is said', async () => {
  const folder = folderWithTables();
  const result = await runCli([...FLOWERS, '--json'], { folder });
  expect(result.stderr.trim().split('\n')).toEqual([
    'note: recipe table, the usual one for such data',
    'note: layers 3,64,3, because flowers has 3 features and 3 classes',
  ]);
  const events = eventsIn(result);
  expect(events[0]!.recipe).toMatchObject({ name: 'table', standardize: 'numbers' });
  expect(events.at(-1)!.testAccuracy).toBeGreaterThan(0.9);
  const words = 'eval model.safetensors --data flowers.csv --backend ts'.split(' ');
  const { stdout } = await runCli(words, { folder });
  expect(stdout).toMatch(/^rose +\d+ +100\.00 % +100\.00 %$/m);
  const [start, end] = eventsIn(await runCli([...words, '--json'], { folder }));
  expect(start).toMatchObject({ classNames: ['lily', 'rose', 'tulip'] });
  expect(end!.accuracy).toBe(events.at(-1)!.testAccuracy);
  const inspected = await runCli(['inspect', 'model.safetensors'], { folder });
  expect(inspected.stdout).toMatch(/^ {2}from +length, colour \(2 texts\)$/m);
});

test('what was asked for is not changed', async () => {
  const folder = folderWithTables();
  const asked = '--layers 3,5,3 --no-standardize --lr 0.0001 --json'.split(' ');
  const words = [...FLOWERS.slice(0, -2), ...asked];
  const [start] = eventsIn(await runCli(words, { folder }));
  expect(start!.recipe).toMatchObject({ layers: [3, 5, 3], standardize: false });
});

test('numbers are learnt with squared-error', async () => {
  const folder = folderWithTables();
  const line = 'train --data prices.csv --label price --loss squared-error --lr 0.02 --epochs 30';
  const words = [...line.split(' '), '--split', '0.6,0.2,0.2', '--backend', 'ts'];
  const { stdout } = await runCli([...words, '--patience', '5'], { folder });
  expect(stdout).toMatch(/^test {11}loss 0\.\d{4} of 18 \(squared-error\)$/m);
  expect(stdout).toMatch(/^kept {11}epoch \d+ of \d+, the lowest validation loss$/m);
  const evaluate = 'eval model.safetensors --data prices.csv --backend ts --json'.split(' ');
  const end = eventsIn(await runCli(evaluate, { folder })).at(-1);
  expect(end).toMatchObject({ samples: 18, accuracy: null, confusion: null });
  const verify = 'verify model.safetensors --data prices.csv --backend ts --json'.split(' ');
  expect(eventsIn(await runCli(verify, { folder })).at(-1)).toMatchObject({ verified: true });
});

test('samples are held out where nobody says it, and numbers are learnt as numbers', async () => {
  const folder = folderWithTables();
  const words = 'train --data prices.csv --label price --epochs 3 --backend ts --json'.split(' ');
  const result = await runCli(words, { folder });
  expect(result.stderr.trim().split('\n').slice(0, 2)).toEqual([
    'note: recipe table-regression, the usual one for such data',
    'note: split 0.7,0.15,0.15 into training, validation and test at random, because prices brings no test samples',
  ]);
  const [start, , , , end] = eventsIn(result);
  expect(start).toMatchObject({
    recipe: { loss: 'squared-error', standardizeTargets: true },
    dataset: { train: 62, validation: 13, test: 15 },
  });
  expect(end!.testLoss).toBeGreaterThan(0);
  const classes = 'train --data flowers.csv --epochs 1 --backend ts --json'.split(' ');
  const stratified = await runCli(classes, { folder });
  expect(stratified.stderr).toContain('at random, each with its share of every class, because');
  const [first] = eventsIn(stratified);
  expect(first).toMatchObject({ dataset: { train: 62, validation: 14, test: 14 } });
});

test('--log writes the events of a training to a new file', async () => {
  const folder = folderWithTables();
  const [first, second] = await Promise.all(
    ['a', 'b'].map((out) =>
      startCli([...FLOWERS, '--out', out, '--log', join('runs', 'flowers'), '--json'], { folder }),
    ),
  );
  const names = readdirSync(join(folder, 'runs', 'flowers'));
  expect(names).toHaveLength(2);
  const logs = names.map((name) => readFileSync(join(folder, 'runs', 'flowers', name), 'utf8'));
  expect(logs.sort()).toEqual([first!.stdout, second!.stdout].sort());
});

test('what was decided of columns is told', async () => {
  const folder = temporaryFolder();
  const rows = Array.from({ length: 50 }, (_, index) => {
    const size = `"${index % 7},${index}"`;
    return `${index}.pdf,${size},${index % 40 < 39 ? 'big' : 'small'},${index % 2}`;
  });
  writeFiles(folder, { 'scans.csv': ['file,size,class,kind', ...rows, ''].join('\n') });
  const expected = [
    'note: numbers are read with decimal commas, and points between thousands, because of column size',
    'note: column file is left out: it holds another text in nearly every row, such as "0.pdf" (--keep-ids keeps it)',
  ];
  const described = await runCli(['data', 'scans.csv'], { folder });
  expect(described.stderr.trim().split('\n')).toEqual(expected);
  expect(described.stdout).toMatch(/^columns {11}size, class \(2 texts\)$/m);
  const kept = await runCli(['data', 'scans.csv', '--keep-ids', '--drop', 's*'], { folder });
  expect(kept.stdout).toMatch(/^columns {11}file \(50 texts\), class \(2 texts\)$/m);
  const words = 'train --data scans.csv --epochs 1 --backend ts --json'.split(' ');
  const trained = await runCli(words, { folder });
  expect(trained.stderr.trim().split('\n')).toEqual(expect.arrayContaining(expected));
});

test('data describes what there is', async () => {
  const folder = folderWithTables();
  const { stdout } = await runCli(['data', 'flowers.csv'], { folder });
  expect(stdout).toMatch(/^features {10}3 of type binary32$/m);
  expect(stdout).toMatch(/^learnt {12}kind, 3 classes$/m);
  expect(stdout).toMatch(/^rose +30 {2}━+$/m);
  expect(stdout).toMatch(/^kind +length +colour=blue +colour=red$/m);
  const [event] = eventsIn(await runCli(['data', 'flowers.csv', '--json'], { folder }));
  expect(event).toMatchObject({
    event: 'dataset',
    train: 90,
    test: 0,
    labels: { train: [30, 30, 30], test: [0, 0, 0] },
    columns: ['length', 'colour'],
    label: 'kind',
  });
  expect(event!.sha256).toMatch(/^[0-9a-f]{64}$/);
  const prices = 'data prices.csv --label 2 --loss squared-error --json'.split(' ');
  const [numbers] = eventsIn(await runCli(prices, { folder }));
  expect(numbers).toMatchObject({ label: 'price', classes: 0, outputs: 1, labels: null });
});

test('scores stand beside those of a guess, in words, in JSON, in the receipt and in eval', async () => {
  const folder = folderWithTables();
  const trained = await runCli([...FLOWERS, '--json'], { folder });
  const end = eventsIn(trained).at(-1)!;
  expect(end.metrics).toMatchObject({ accuracy: end.testAccuracy, rocAuc: expect.any(Number) });
  expect(end.baseline.rocAuc).toBe(0.5);
  const evaluated = 'eval model.safetensors --data flowers.csv --backend ts'.split(' ');
  const [, same] = eventsIn(await runCli([...evaluated, '--json'], { folder }));
  expect([same!.metrics, same!.baseline]).toEqual([end.metrics, end.baseline]);
  const { stdout } = await runCli([...evaluated, '--metrics', 'macro-f1,rocAuc'], { folder });
  expect(stdout).toMatch(/^ +model +always the commonest$/m);
  expect(stdout).toMatch(/^macro F1 +\d+\.\d\d % +\d+\.\d\d %$/m);
  expect(stdout).not.toContain('balanced accuracy');
  const [model] = eventsIn(await runCli(['inspect', 'model.safetensors', '--json'], { folder }));
  expect(model!.receipt).toMatchObject({ metrics: end.metrics, baseline: end.baseline });
});

test('a model that is no better than a guess is said to be', async () => {
  const folder = temporaryFolder();
  const rows = Array.from(
    { length: 120 },
    (_, row) => `${(row * 7919) % 101},${(row * 31) % 17}.5`,
  );
  writeFiles(folder, { 'noise.csv': `x,y\n${rows.join('\n')}\n` });
  const words = 'train --data noise.csv --epochs 1 --lr 1e-9 --backend ts'.split(' ');
  const { stdout } = await runCli(words, { folder });
  expect(stdout).toMatch(/^R² +-\d/m);
  expect(stdout).toMatch(/^no better than always saying the mean: .* try /m);
});

test('--folds tests every sample once, and writes no model', async () => {
  const folder = folderWithTables();
  const words = 'train --data flowers.csv --folds 3 --epochs 5 --lr 0.05 --backend ts'.split(' ');
  const events = eventsIn(await runCli([...words, '--json'], { folder }));
  expect(events.map(({ event }) => event)).toEqual(['start', 'fold', 'fold', 'fold', 'end']);
  const folds = events.slice(1, -1);
  expect(folds.map(({ fold }) => fold)).toEqual(['1/3', '2/3', '3/3']);
  const accuracies = folds.map(({ metrics }) => metrics.accuracy);
  const mean = accuracies.reduce((sum, one) => sum + one, 0) / 3;
  const variance = accuracies.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 2;
  expect(events.at(-1)!.metrics.accuracy).toBeCloseTo(mean, 12);
  expect(events.at(-1)!.deviation.accuracy).toBeCloseTo(Math.sqrt(variance), 12);
  const { stdout, stderr } = await runCli(words, { folder });
  expect(stderr).toContain('note: the test part is one fold of all samples; the rest is cut');
  expect(stderr).not.toContain('brings no test samples');
  expect(stdout).toMatch(/^accuracy +\d+\.\d\d % ± \d+\.\d\d % +33\.33 %$/m);
  expect(readdirSync(folder).sort()).toEqual(['flowers.csv', 'prices.csv']);
});
