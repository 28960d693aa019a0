import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { columnWidth, encodeRow, resolve, type SavedModel, typescriptBackend } from '@bitgrad/core';
import { serve } from '@bitgrad/serve';
import { load, type Model } from 'bitgrad';
import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { missing, reasonMissing } from '../../../scripts/require.mjs';
import { type MixedTable, mixedTable } from './mixed-tables.js';
import { eventsIn, runCli } from './run-cli.js';
import { temporaryFolder, writeFiles } from './temporary.js';

env.wasm.numThreads = 1;

const TABLES: Readonly<Record<string, MixedTable>> = {
  classes: mixedTable('kind'),
  'numbers, standardised': mixedTable('price'),
  'classes, with decimal commas': mixedTable('kind', ','),
  'numbers, with decimal commas': mixedTable('price', ','),
  'several of yes and no': mixedTable('warm,wet'),
};
const BACKENDS = reasonMissing('native') === null ? ['native', 'wasm', 'ts'] : ['wasm', 'ts'];

type Numbers = number[][];

/** Of each kind one, of which one is with decimal commas: all of them take long. */
const tables = Object.entries(TABLES).filter(
  ([name]) =>
    !missing('long') || !['numbers, standardised', 'classes, with decimal commas'].includes(name),
);

describe.each(tables)('%s: the same numbers everywhere', (_, table) => {
  let bytes: Uint8Array;
  let model: Model<unknown>;
  let saved: SavedModel;
  /** Of the TypeScript backend: probabilities, or the number. */
  let expected: Numbers;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bitgrad-everywhere-'));
    writeFiles(folder, { 'table/train.csv': table.train, 'table/test.csv': table.test });
    const words = `train table --label ${table.label} --epochs 6 --seed 4 --backend ts --json`;
    const loss = table.label.includes(',') ? ['--loss', 'binary-cross-entropy'] : [];
    const events = eventsIn(await runCli([...words.split(' '), ...loss], { folder }));
    expect(events.at(-1)).toMatchObject({ event: 'end', out: 'model.safetensors' });
    bytes = new Uint8Array(readFileSync(join(folder, 'model.safetensors')));
    model = await load<unknown>(bytes, { backend: 'ts' });
    saved = model.saved;
    expected = table.rows.map((row) => numbersIn(model.predict(row)));
    return () => {
      model.close();
      rmSync(folder, { recursive: true });
    };
  });

  test('the table has what is to be tested', () => {
    const { columns, targets } = saved.encoding!;
    const named = (name: string) => columns.find((column) => column.name === name);
    expect(named('size')).toMatchObject({ missing: true, median: expect.any(Number) });
    expect(named('seen')).toMatchObject({ offset: expect.any(Number) });
    expect(named('town')!.categories).toHaveLength(4);
    expect(named('day')!.date).toMatchObject({ unit: 'days' });
    expect(named('at')!.date!.parts).toContain('hour');
    const isRegression = table.label === 'price';
    expect(saved.targetStandardization != null).toBe(isRegression);
    expect(targets?.[0]?.offset !== undefined).toBe(isRegression);
    expect(new Set(expected.map(String)).size).toBe(table.rows.length);
  });

  test('the library, on every backend', async () => {
    for (const backend of BACKENDS) {
      await using one = await load<unknown>(bytes, { backend: backend as 'ts' });
      expect(one.predict(table.rows).map(numbersIn)).toEqual(expected);
    }
  });

  test('the command, on every backend', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'model.safetensors': bytes, 'test.csv': table.test });
    for (const backend of BACKENDS) {
      const words = `predict model.safetensors test.csv --format jsonl --backend ${backend}`;
      const flags = table.label === 'price' ? [] : ['--probabilities'];
      const { stdout } = await runCli([...words.split(' '), ...flags], { folder });
      const rows = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      const numbers = rows.map((row): number[] =>
        Object.values(row).filter((value) => typeof value === 'number'),
      );
      expect(numbers).toEqual(expected);
    }
  });

  test('eval, by what it scores', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'model.safetensors': bytes, 'test.csv': table.test });
    const words = 'eval model.safetensors --data test.csv --backend ts --json'.split(' ');
    const end = eventsIn(await runCli(words, { folder })).at(-1)!;
    expect(end.samples).toBe(table.rows.length);
    if (table.label === 'kind') {
      const places = table.learnt.map(([name]) => model.classNames!.indexOf(name!));
      const right = expected.filter((row, at) => row.indexOf(Math.max(...row)) === places[at]);
      expect(end.accuracy).toBe(right.length / table.rows.length);
    } else if (table.label === 'price') {
      const errors = table.learnt.map(([price], at) =>
        Math.abs(expected[at]![0]! - Number(price!.replace(',', '.'))),
      );
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      expect(end.metrics.mae / mean).toBeCloseTo(1, 4);
    }
  });

  test('the server, in each of its forms', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'model.safetensors': bytes });
    const { url, close } = await serve({
      models: [join(folder, 'model.safetensors')],
      backend: typescriptBackend(),
      port: 0,
      batchRows: 7,
      log: () => undefined,
    });
    onTestFinished(close);
    const post = async (path: string, body: unknown, type = 'application/json') => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const headers = { 'Content-Type': type };
      const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: text });
      // biome-ignore lint/suspicious/noExplicitAny: an answer in JSON
      return (await answer.json()) as any;
    };
    expect((await post('/models/model/predict', table.rows)).map(numbersIn)).toEqual(expected);
    const ofCsv = await post('/models/model/predict', table.test, 'text/csv');
    expect(ofCsv.map(numbersIn)).toEqual(expected);
    const served = await post('/v1/models/model:predict', { instances: table.rows });
    expect(served.predictions).toEqual(expected);
    const inputs = model.columns!.map((name) => ({
      name,
      datatype: 'BYTES',
      shape: [table.rows.length],
      data: table.rows.map((row) => row[name]),
    }));
    const inferred = await post('/v2/models/model/infer', { inputs });
    expect(inferred.outputs[0].data).toEqual(expected.flat());
  });

  /** The features of each row, by the JavaScript file that was exported. */
  async function exported() {
    const file = join(temporaryFolder(), 'model.mjs');
    writeFileSync(file, await model.export('js'));
    const module = await import(/* @vite-ignore */ pathToFileURL(file).href);
    return module as {
      features(row: object): number[];
      predict(features: ArrayLike<number>): Float32Array | Float64Array;
    };
  }

  test('the JavaScript file', async () => {
    const { features, predict } = await exported();
    expect(table.rows.map((row) => [...predict(features(row))])).toEqual(expected);
  });

  test.skipIf(missing('native'))('the C file', async () => {
    const folder = temporaryFolder();
    const source = new TextDecoder().decode(await model.export('c'));
    const encoded = table.rows.map((row) => encodeRow(saved.encoding!, row, { keepMissing: true }));
    const samples = Float32Array.from(encoded.flatMap(({ features }) => [...features]));
    expect(samples.some(Number.isNaN)).toBe(true);
    const isDouble = source.includes('double *output');
    writeFileSync(join(folder, 'model.c'), source + mainOf(saved, isDouble));
    const flags = '-std=c99 -O2 -Wall -Wextra -Werror -ffp-contract=off model.c -o model';
    expect(spawnSync('gcc', flags.split(' '), { cwd: folder, encoding: 'utf8' }).stderr).toBe('');
    const { stdout, status } = spawnSync(join(folder, 'model'), {
      input: new Uint8Array(samples.buffer),
    });
    expect(status).toBe(0);
    const given = new Uint8Array(stdout).buffer;
    expect([...(isDouble ? new Float64Array(given) : new Float32Array(given))]).toEqual(
      expected.flat(),
    );
  });

  test('onnxruntime, nearly', async () => {
    const session = await InferenceSession.create(await model.export('onnx'));
    const encoding = saved.encoding!;
    const raw = table.rows.map((row) => {
      const { features } = encodeRow(encoding, row, { keepMissing: true });
      const numbers = Float64Array.from(features);
      let at = 0;
      for (const column of encoding.columns) {
        numbers[at] = numbers[at]! + (column.offset ?? 0);
        at += columnWidth(column);
      }
      return [...numbers];
    });
    const shape = [raw.length, raw[0]!.length];
    const input = new Tensor('float64', Float64Array.from(raw.flat()), shape);
    const results = await session.run({ input });
    const given = [...(results[session.outputNames[0]!]!.data as Float64Array)];
    expect(given).toHaveLength(expected.flat().length);
    for (const [at, value] of expected.flat().entries()) {
      expect(Math.abs(given[at]! - value)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(value)));
    }
    await session.release();
  });
});

/** The numbers of a prediction, in whichever form. */
function numbersIn(prediction: unknown): number[] {
  if (typeof prediction === 'number') return [prediction];
  const { probabilities, outputs } = prediction as Record<string, number[] | undefined>;
  return [...(probabilities ?? outputs ?? [])];
}

/** A program that reads rows of features and writes what is predicted; 0 if the self-test passes. */
function mainOf({ recipe }: SavedModel, isDouble: boolean): string {
  const { features, outputs } = resolve(recipe);
  return `
#include <stdio.h>
int main(void) {
  float row[${features}];
  ${isDouble ? 'double' : 'float'} out[${outputs}];
  while (fread(row, sizeof row, 1, stdin) == 1) {
    bitgrad_predict(row, out);
    fwrite(out, sizeof out, 1, stdout);
  }
  return bitgrad_self_test();
}
`;
}
