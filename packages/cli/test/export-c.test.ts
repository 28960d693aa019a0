import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { train } from 'bitgrad';
import { expect, test } from 'vitest';
import { eventsIn, runCli } from './run-cli.js';
import { temporaryFolder, writeFiles } from './temporary.js';

test('a C file in bytes, and what that costs', async () => {
  const folder = temporaryFolder();
  const rows = Array.from({ length: 90 }, (_, index) => ({
    size: ((index * 7919) % 100) / 50 + (index % 3),
    kind: ['cup', 'bowl', 'jug'][index % 3]!,
  }));
  const csv = ['size,kind', ...rows.map((row) => Object.values(row).join(',')), ''].join('\n');
  writeFiles(folder, { 'things.csv': csv });
  const model = await train(join(folder, 'things.csv'), {
    label: 'kind',
    epochs: 30,
    backend: 'ts',
  });
  await model.save(join(folder, 'model.safetensors'));
  const line = 'export model.safetensors --format c --quantize int8 --out model.c'.split(' ');
  const [end] = eventsIn(await runCli([...line, '--data', 'things.csv', '--json'], { folder }));
  expect(end).toMatchObject({
    event: 'end',
    format: 'c',
    quantized: {
      before: { accuracy: model.receipt.testAccuracy, loss: model.receipt.testLoss },
      after: { accuracy: expect.any(Number), loss: expect.any(Number) },
    },
  });
  expect(readFileSync(join(folder, 'model.c'), 'utf8')).toContain('static const int8_t');
  const shown = await runCli([...line, '--data', 'things.csv'], { folder });
  expect(shown.stdout).toMatch(
    /^int8 +accuracy \d+\.\d\d % → \d+\.\d\d %, loss .* of \d+ samples$/m,
  );
  const untold = await runCli(line, { folder });
  expect(untold.stderr).toContain('note: what bytes cost in accuracy is told with --data');
});

test.each([
  ['--format js --quantize int8', '--quantize: expected none with --format js, received int8'],
  ['--format c --quantize int4', '--quantize: expected none or int8, received "int4"'],
  ['--format c --data x.csv', '--data: expected none without --quantize int8'],
])('export %s', async (words, message) => {
  const folder = temporaryFolder();
  const rows = [0, 1, 0, 1, 0, 1, 0, 1].map((size) => ({ size, kind: 'ab'[size]! }));
  const model = await train(rows, { label: 'kind', epochs: 1, backend: 'ts' });
  writeFiles(folder, { 'model.safetensors': model.toBytes() });
  const line = ['export', 'model.safetensors', '--out', 'model.c', ...words.split(' ')];
  const result = await runCli(line, { folder });
  expect(result.stderr).toContain(message);
  expect(result.exitCode).toBe(2);
});
