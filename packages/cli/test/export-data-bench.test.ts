import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { eventsIn, runCli } from './run-cli.js';
import { namesIn, SHAPES, temporaryFolder, writeShapes } from './temporary.js';

test('a model is exported in every format', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  await runCli(['train', ...SHAPES], { folder });
  const files = { onnx: 'm.onnx', torch: 'm.torch', json: 'm.json', js: 'm.mjs' };
  for (const [format, out] of Object.entries(files)) {
    const words = ['export', 'model.safetensors', '--format', format, '--out', out, '--json'];
    const [event] = eventsIn(await runCli(words, { folder }));
    const { length } = readFileSync(join(folder, out));
    expect(event).toEqual({ event: 'end', model: 'model.safetensors', format, out, bytes: length });
  }
  expect(namesIn(folder)).toEqual([...Object.values(files), 'model.safetensors', 'shapes'].sort());
  const exported = await import(pathToFileURL(join(folder, 'm.mjs')).href);
  expect(Object.keys(exported)).toContain('predict');
});

test('data shows images as text', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  const { stdout } = await runCli(['data', 'shapes'], { folder });
  expect(stdout).toMatch(/^features {10}4×4 pixels, 16 of type bytes$/m);
  expect(stdout).toMatch(/^0 +20 +4 {2}━{30}$/m);
  expect(stdout).toMatch(/^0 {5}1 {5}2 {5}0$/m);
  const sources = eventsIn(await runCli(['data', '--json'], { folder }));
  expect(sources[0]).toMatchObject({ event: 'source', source: 'mnist' });
});

test.skipIf(missing('long'))('bench measures each workload', async () => {
  const events = eventsIn(await runCli('bench --backend ts --json'.split(' ')));
  expect(events[0]).toMatchObject({ event: 'start', machine: { node: process.version } });
  const measured = events.slice(1, -1);
  expect(measured).toHaveLength(7);
  for (const { backend, rate, pieces } of measured) {
    expect(backend).toBe('ts');
    expect(rate).toBeGreaterThan(0);
    expect(pieces).toBeGreaterThanOrEqual(5);
  }
  expect(events.at(-1)).toEqual({ event: 'end', measurements: 7 });
});
