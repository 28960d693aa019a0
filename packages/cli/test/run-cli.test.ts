import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runCli, startCli } from './run-cli.js';
import { SHAPES, temporaryFolder, writeFiles, writeShapes } from './temporary.js';

const PLAN = 'data: shapes\naugment: none\nepochs: 1\nsplit: 0.6,0.2,0.2\nlayers: "16,3"\n';
const ROWS = Array.from({ length: 40 }, (_, row) => `${row % 7},${'ab'[row % 2]}\n`);

/** Of every command a line that ends, each with what the lines before it left; some fail. */
const LINES = [
  '',
  'train --help',
  `train ${SHAPES.join(' ')} --checkpoint {epoch}.checkpoint --checkpoint-every 3 --plot p.html`,
  'eval model.safetensors --data shapes',
  'eval nowhere --verbose',
  'inspect model.safetensors',
  'verify model.safetensors --data shapes',
  'compare 3.checkpoint model.safetensors',
  'export model.safetensors --format onnx --out m.onnx',
  'data shapes',
  'train rows.csv --epochs 1 --out rows.safetensors --json',
  'predict rows.safetensors rows.csv --probabilities',
  'sweep plan.yaml',
  'serve none.safetensors --json',
  'worker',
  'conformance --soak x',
  'bench --backend none',
  'doctor --json',
];

/** What takes another time in each run, and what is called by its place or lies elsewhere. */
const VARYING =
  /(?<=")[^"]*\/packages\/(?=core-native)|[\d.,]+k? samples\/s|\d+(?:\.\d+)? s\b|"(?:seconds|samplesPerSecond|trainSeconds)":[\d.e-]+|\d{4}-\d\d-\d\dT[\d:.]+Z|\n +at .*/g;

async function runAll(run: typeof runCli): Promise<unknown> {
  const folder = temporaryFolder();
  writeShapes(folder);
  writeFiles(folder, { 'plan.yaml': PLAN, 'rows.csv': `x,class\n${ROWS.join('')}` });
  const results: unknown[] = [];
  for (const line of LINES) {
    const { stdout, stderr, ...ending } = await run(line === '' ? [] : line.split(' '), { folder });
    results.push([line, ending, ...[stdout, stderr].map((text) => text.replace(VARYING, '…'))]);
  }
  const names = readdirSync(folder, { recursive: true }).map(String).sort();
  return { results, names, predictor: readFileSync(join(folder, 'm.onnx')) };
}

test('each command does and says in this process what it does and says as one of its own', async () => {
  expect(await runAll(runCli)).toEqual(await runAll(startCli));
});

test('what is asked for while a command is in another folder is done where tests are', async () => {
  const folder = temporaryFolder();
  writeFiles(folder, { 'rows.csv': `x,class\n${ROWS.join('')}` });
  const elsewhere = runCli(['data', 'rows.csv'], { folder });
  while (process.cwd() !== realpathSync(folder)) await setImmediate();
  const both = [runCli(['data', 'rows.csv']), startCli(['data', 'rows.csv'])];
  expect((await elsewhere).exitCode).toBe(0);
  for (const { stderr } of await Promise.all(both)) expect(stderr).toContain('nothing is there');
});
