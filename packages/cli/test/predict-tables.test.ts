import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { load, train } from 'bitgrad';
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeAll, describe, expect, test } from 'vitest';
import { missing, reasonMissing } from '../../../scripts/require.mjs';
import { eventsIn, executable, type Result, runCli } from './run-cli.js';
import { namesIn, temporaryFolder, writeFiles } from './temporary.js';

/** Things by size and colour, with what a table has beside. */
const ROWS = Array.from({ length: 300 }, (_, index) => ({
  id: `n${index}`,
  size: ((index * 7919) % 100) / 50 + (index % 2),
  colour: ['red', 'deep blue', 'green'][index % 3]!,
  kind: ['cup', 'bowl'][index % 2]!,
}));

const csvOf = (columns: readonly (keyof (typeof ROWS)[number])[], rows = ROWS): string =>
  [columns.join(','), ...rows.map((row) => columns.map((name) => row[name]).join(',')), ''].join(
    '\n',
  );

let bytes: Uint8Array;
let expected: { label: string | number; probabilities: readonly number[] }[];

beforeAll(async () => {
  const rows = ROWS.map(({ id, ...row }) => row);
  const model = await train(rows, { label: 'kind', epochs: 4, seed: 5, backend: 'ts' });
  bytes = model.toBytes();
  expected = model.predict(rows);
});

function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder();
  writeFiles(folder, { 'model.safetensors': bytes, ...files });
  return folder;
}

const predict = (folder: string, ...words: string[]): Promise<Result> =>
  runCli(['predict', 'model.safetensors', ...words, '--backend', 'ts'], { folder });

const linesOf = (text: string): string[] => text.trimEnd().split('\n');

const CSV = (): string[] => [
  'id,prediction,probability_bowl,probability_cup',
  ...expected.map(({ label, probabilities }, row) =>
    [`n${row}`, label, ...probabilities].join(','),
  ),
];

test('rows come out in order, with the bits of the library, whatever the batch and the backend', async () => {
  const folder = folderWith({ 'new.csv': csvOf(['id', 'size', 'colour', 'kind']) });
  const words = ['new.csv', '--keep', 'id', '--probabilities'];
  const { stdout, stderr } = await predict(folder, ...words);
  expect(stderr).toBe('');
  expect(linesOf(stdout)).toEqual(CSV());
  const backends = reasonMissing('native') === null ? ['native', 'wasm'] : ['wasm'];
  for (const [at, batch] of ['1', '7', '299', '65536'].entries()) {
    // Each batch on each takes long: here they take turns.
    for (const backend of missing('long') ? [backends[at % backends.length]!] : backends) {
      const other = ['predict', 'model.safetensors', ...words, '--batch', batch];
      const result = await runCli([...other, '--backend', backend], { folder });
      expect(result.stdout).toBe(stdout);
    }
  }
});

test('columns in any order, more of them, none that was learnt', async () => {
  const folder = folderWith({ 'new.csv': csvOf(['colour', 'id', 'size']) });
  const { stdout, stderr } = await predict(folder, 'new.csv');
  expect(stderr).toBe('note: new.csv: left aside id, which the model does not need\n');
  expect(linesOf(stdout)).toEqual(['prediction', ...expected.map(({ label }) => label)]);
});

test('an object that is null in every row of JSON is missing', async () => {
  const rows = ROWS.slice(0, 60).map(({ size, kind }) => ({ of: { size }, kind }));
  const model = await train(rows, { label: 'kind', epochs: 2, seed: 5, backend: 'ts' });
  const files = { 'model.safetensors': model.toBytes(), 'new.jsonl': '{"of":null}\n{"of":null}\n' };
  const { stdout, stderr } = await predict(folderWith(files), 'new.jsonl');
  const { label } = model.predict({ of: null });
  expect(linesOf(stdout)).toEqual(['prediction', label, label]);
  expect(stderr).toBe(
    'note: column of.size: 2 rows lack a value, as no row of the training did: its median stands in\n',
  );
  const other = folderWith({ ...files, 'new.jsonl': '{"of":3}\n' });
  expect((await predict(other, 'new.jsonl')).stderr).toContain('expected a column "of.size"');
});

describe('what comes out and goes in', () => {
  test('JSON Lines and Parquet hold the same', async () => {
    const folder = folderWith({ 'new.csv': csvOf(['id', 'size', 'colour']) });
    const words = ['new.csv', '--keep', 'id', '--probabilities', '--out'];
    await predict(folder, ...words, 'new.jsonl');
    await predict(folder, ...words, 'new.parquet');
    expect(namesIn(folder)).toEqual(['model.safetensors', 'new.csv', 'new.jsonl', 'new.parquet']);
    const objects = expected.map(({ label, probabilities: [bowl, cup] }, row) => ({
      id: `n${row}`,
      prediction: label,
      probability_bowl: bowl,
      probability_cup: cup,
    }));
    const lines = linesOf(readFileSync(join(folder, 'new.jsonl'), 'utf8'));
    expect(lines.map((line) => JSON.parse(line))).toEqual(objects);
    const file = new Uint8Array(readFileSync(join(folder, 'new.parquet'))).buffer;
    expect(await parquetReadObjects({ file })).toEqual(objects);
  });

  test('Parquet is read, and its numbers kept as numbers', async () => {
    const columnData = [
      { name: 'colour', data: ROWS.map(({ colour }) => colour) },
      { name: 'size', data: ROWS.map(({ size }) => size), type: 'DOUBLE' as const },
      { name: 'number', data: ROWS.map((_, row) => row), type: 'INT32' as const },
    ];
    const parquet = new Uint8Array(parquetWriteBuffer({ columnData }));
    const folder = folderWith({ 'new.parquet': parquet });
    const { stdout } = await predict(
      folder,
      'new.parquet',
      '--keep',
      'number',
      '--format',
      'jsonl',
    );
    const objects = linesOf(stdout).map((line) => JSON.parse(line));
    expect(objects).toEqual(expected.map(({ label }, number) => ({ number, prediction: label })));
  });

  test('several tables follow one another, and quoted cells are read', async () => {
    const quoted = csvOf(['size', 'colour'], ROWS.slice(0, 100)).replaceAll(
      'deep blue',
      '"deep blue"',
    );
    const folder = folderWith({
      'one.csv': quoted,
      'two.csv': `\ufeff${csvOf(['colour', 'size'], ROWS.slice(100)).replaceAll('\n', '\r\n')}`,
    });
    const { stdout } = await predict(folder, 'one.csv', 'two.csv');
    expect(linesOf(stdout).slice(1)).toEqual(expected.map(({ label }) => label));
  });

  test('stdin, as it comes', async () => {
    const folder = folderWith({});
    const words = ['predict', 'model.safetensors', '-', '--keep', 'id', '--probabilities'];
    const child = spawn(process.execPath, [executable, ...words], { cwd: folder });
    const text = csvOf(['id', 'size', 'colour']);
    for (let at = 0; at < text.length; at += 999) child.stdin.write(text.slice(at, at + 999));
    child.stdin.end();
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (piece) => {
      stdout += piece;
    });
    await new Promise((resolve) => child.on('close', resolve));
    expect(linesOf(stdout)).toEqual(CSV());
  });

  test('JSON, JSON Lines and Parquet, plain and gzipped, from files and on stdin', async () => {
    const rows = ROWS.map(({ kind, ...row }) => row);
    const names = ['id', 'size', 'colour'] as const;
    const lines = rows.map((row) => JSON.stringify(row)).join('\n');
    const parquet = parquetWriteBuffer({
      columnData: names.map((name) => ({
        name,
        data: rows.map((row) => row[name]),
        type: name === 'size' ? 'DOUBLE' : 'STRING',
      })),
    });
    const files = {
      'new.jsonl': lines,
      'new.json': JSON.stringify(rows),
      'new.jsonl.gz': gzipSync(lines),
      'new.json.gz': gzipSync(JSON.stringify(rows)),
      'new.csv.gz': gzipSync(csvOf([...names])),
      'new.parquet': new Uint8Array(parquet),
    };
    const folder = folderWith(files);
    const words = ['--keep', 'id', '--probabilities'];
    await Promise.all(
      Object.keys(files).map(async (file) => {
        const { stdout } = await predict(folder, file, ...words);
        expect([file, ...linesOf(stdout)]).toEqual([file, ...CSV()]);
        const read = spawnSync(
          process.execPath,
          [executable, 'predict', 'model.safetensors', '-', ...words],
          { cwd: folder, input: readFileSync(join(folder, file)), encoding: 'utf8' },
        );
        expect([file, ...linesOf(read.stdout)]).toEqual([file, ...CSV()]);
      }),
    );
  });

  test('events', async () => {
    const folder = folderWith({ 'new.csv': csvOf(['id', 'size', 'colour']) });
    const events = eventsIn(await predict(folder, 'new.csv', '--json', '--keep', 'id'));
    expect(events.at(-1)).toEqual({ event: 'end', rows: 300 });
    expect(events.slice(0, -1)).toEqual(
      expected.map(({ label, probabilities }, row) => ({
        event: 'prediction',
        row: row + 1,
        kept: { id: `n${row}` },
        label: label === 'bowl' ? 0 : 1,
        className: label,
        probabilities,
      })),
    );
    const toFile = eventsIn(await predict(folder, 'new.csv', '--json', '--out', 'o.csv'));
    expect(toFile).toEqual([{ event: 'end', rows: 300, out: 'o.csv' }]);
  });
});

test('numbers are read as their own file writes them, where it shows how', async () => {
  // As many digits behind the point as thousands have.
  const rows = [1.234, 2.125, 0.75].map((size) => ({ size: size.toFixed(3), colour: 'red' }));
  const lines = rows.map(({ size, colour }) => `${size},${colour}`);
  const pointed = ['size,colour', ...lines, ''].join('\n');
  const commas = pointed.replaceAll(',', ';').replaceAll('.', ',');
  const folder = folderWith({ 'points.csv': pointed, 'commas.csv': commas });
  const words = ['--probabilities'];
  const { stdout } = await predict(folder, 'points.csv', ...words);
  expect(linesOf(stdout)).toHaveLength(4);
  const other = await predict(folder, 'commas.csv', ...words);
  expect(other.stdout).toBe(stdout);
  expect(other.stderr).toMatch(
    /commas\.csv: numbers are read with decimal commas, .* because of column size/,
  );
  const both = await predict(folder, 'commas.csv', 'points.csv', ...words);
  const [heading, ...results] = linesOf(stdout);
  expect(linesOf(both.stdout)).toEqual([heading, ...results, ...results]);
});

test('numbers that could be read either way are read as what was learnt from', async () => {
  const folder = folderWith({
    'either.csv': 'size;colour\n1,250;red\n',
    'plain.csv': 'size,colour\n1250,red\n',
    'tab.csv': 'size\tcolour\n1,250\tred\n',
  });
  const words = ['--probabilities'];
  const { stdout } = await predict(folder, 'plain.csv', ...words);
  const either = await predict(folder, 'either.csv', ...words);
  expect(either.stdout).toBe(stdout);
  expect(either.stderr).toContain(
    'column size holds numbers such as 1,234: the comma stands between thousands',
  );
  expect(await predict(folder, 'tab.csv', ...words)).toMatchObject({ stdout, stderr: '' });
});

test('a number behind the rows that are looked at has to be clear', async () => {
  const many = 'size;colour\n'.concat('3;red\n'.repeat(20_000));
  const folder = folderWith({
    'many.csv': `${many}1,234;red\n`,
    'shown.csv': `${many}0.5;red\n1,234;red\n`,
    'usual.csv': `${many}"1,234";red\n`.replaceAll(';', ','),
    'many.json': JSON.stringify([
      ...Array.from({ length: 2000 }, () => ({ size: '3', colour: 'red' })),
      { size: '1,234', colour: 'red' },
    ]),
  });
  const result = await predict(folder, 'many.csv');
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain('many.csv: line 20002: column "size": expected a number that');
  expect(result.stderr).toContain('Write 1234 or 1.234, or put a row first');
  expect((await predict(folder, 'many.json')).stderr).toContain('row 2001: column "size"');
  for (const file of ['shown.csv', 'usual.csv']) {
    expect(await predict(folder, file)).toMatchObject({ exitCode: 0, stderr: '' });
  }
});

test('numbers are predicted as the library predicts them', async () => {
  const folder = temporaryFolder();
  const rows = ROWS.map(({ size, colour }) => ({ size, colour, price: 2 * size + colour.length }));
  const options = { label: 'price', loss: 'squared-error', epochs: 4, backend: 'ts' } as const;
  const model = await train(rows, options);
  await model.save(join(folder, 'model.safetensors'));
  const cells = rows.map(({ size, colour }) => `${colour},${size}`);
  writeFileSync(join(folder, 'new.csv'), ['colour,size', ...cells].join('\n'));
  const { stdout } = await predict(folder, 'new.csv');
  const loaded = await load<number>(join(folder, 'model.safetensors'), { backend: 'ts' });
  expect(linesOf(stdout)).toEqual(['prediction', ...loaded.predict(rows).map(String)]);
});

test('a pattern that the shell handed through stands for the files that it fits, in order', async () => {
  const columns = ['id', 'size', 'colour', 'kind'] as const;
  const folder = folderWith({
    'part-1.csv': csvOf(columns, ROWS.slice(0, 120)),
    'part-2.csv': csvOf(columns, ROWS.slice(120)),
    '.part-3.csv': csvOf(columns),
  });
  const { stdout } = await predict(folder, 'part-?.csv', '--keep', 'id', '--probabilities');
  expect(linesOf(stdout)).toEqual(CSV());
  const none = await predict(folder, 'none-*.csv');
  expect(none).toMatchObject({ exitCode: 1, stdout: '' });
  expect(none.stderr).toContain('none-*.csv: expected at least one file called so, received none');
});

test('cells that are missing only in new rows are said', async () => {
  const folder = folderWith({ 'new.csv': 'size,colour\n1,red\n,red\n2,\n,blue\n' });
  const { stdout, stderr } = await predict(folder, 'new.csv');
  expect(linesOf(stdout)).toHaveLength(5);
  expect(stderr).toContain(
    'column size: 2 rows lack a value, as no row of the training did: its median stands in',
  );
  expect(stderr).toContain(
    'column colour: 1 row lacks a value, as no row of the training did: its features are 0',
  );
});

test('a category that the training did not see is said, or with --strict the end', async () => {
  const folder = folderWith({ 'new.csv': 'size,colour\n1,red\n2,pink\n' });
  const { stdout, stderr } = await predict(folder, 'new.csv');
  expect(linesOf(stdout)).toHaveLength(3);
  expect(stderr).toContain('column colour: 1 cell holds a text that the training did not see');
  const strict = await predict(folder, 'new.csv', '--strict');
  expect(strict.exitCode).toBe(1);
  expect(strict.stderr).toContain(
    'new.csv: line 3: column "colour": expected one of the 3 categories',
  );
});

test('a bad row is named, and leaves the file that was there', async () => {
  const good = csvOf(['size', 'colour'], ROWS.slice(0, 50));
  const folder = folderWith({ 'new.csv': `${good}much,red\n`, 'old.csv': 'old' });
  const result = await predict(folder, 'new.csv', '--out', 'old.csv');
  expect(result).toMatchObject({ exitCode: 1, stdout: '' });
  expect(result.stderr).toContain('error: new.csv: line 52: column "size": expected a number');
  expect(readFileSync(join(folder, 'old.csv'), 'utf8')).toBe('old');
  expect(namesIn(folder)).toEqual(['model.safetensors', 'new.csv', 'old.csv']);
});

test.each<[string[], number, string]>([
  [['nowhere.csv'], 1, 'nowhere.csv: cannot be read (ENOENT)'],
  [['.'], 1, '.: expected a file of rows, received a folder'],
  [['other.csv'], 1, 'other.csv: expected a column "size", which the model was trained on'],
  [['empty.csv'], 1, 'empty.csv: expected rows of values, received none'],
  [['bare.csv'], 1, 'bare.csv: expected rows of values, received none'],
  [['new.csv', '--keep', 'name'], 2, '--keep: expected a column of new.csv'],
  [['twice.csv'], 1, 'twice.csv: expected one column "size", received several'],
  [['named.csv', '--keep', 'prediction'], 2, '--keep: expected a column that is called other than'],
  [['new.csv', '--keep', 'size,size'], 2, '--keep: "size" is there twice'],
  [['new.csv', '--batch', '0'], 2, '--batch: expected an integer from 1 to 65536, received 0'],
  [['new.csv', '--format', 'cvs'], 2, '--format: expected csv, jsonl or parquet, received "cvs"'],
  [['new.csv', '--format', 'parquet'], 2, '--format: expected csv or jsonl for stdout'],
  [['new.csv', '--format', 'csv', '--json'], 2, '--format: expected none with --json'],
  [
    ['new.csv', '--out', 'new.csv'],
    2,
    '--out: expected another file than predict reads, received new.csv',
  ],
  [['new.csv', '--out', 'model.safetensors'], 2, '--out: expected another file than predict reads'],
  [['new.csv', '--out', 'none/new.csv'], 1, '--out: expected a folder that is there'],
  [['new.csv', '--prepare', 'digit'], 2, '--prepare: expected none'],
])('what is wrong is said: %o', async (words, exitCode, message) => {
  const folder = folderWith({
    'new.csv': csvOf(['size', 'colour']),
    'twice.csv': csvOf(['size', 'size', 'colour']),
    'named.csv': csvOf(['size', 'colour', 'id']).replace('id', 'prediction'),
    'other.csv': 'colour\nred\n',
    'bare.csv': 'size,colour\n',
    'empty.csv': '',
  });
  const result = await predict(folder, ...words);
  expect(result.stderr).toContain(message);
  expect(result).toMatchObject({ exitCode });
  if (!words.includes('--json')) expect(result.stdout).toBe('');
  else expect(JSON.parse(result.stdout)).toMatchObject({ event: 'error' });
});
