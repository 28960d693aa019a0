import type { Case } from '@bitgrad/conformance';
import { typescriptBackend } from '@bitgrad/core';
import { expect, test, vi } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { runSuite } from '../src/run-suite.js';
import { eventsIn, runCli } from './run-cli.js';

// The same suite as packages/conformance/test, by the command.
test.skipIf(missing('long')).each(['wasm', 'ts'])('the backend %s passes', async (name) => {
  const result = await runCli(['conformance', '--backend', name, '--json']);
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  const events = eventsIn(result);
  const groups = events.slice(0, -1);
  expect(groups.length).toBeGreaterThan(0);
  for (const group of groups) {
    expect(group).toMatchObject({ event: 'group', backend: name, failures: [] });
  }
  const passed = groups.reduce((sum, group) => sum + group.passed, 0);
  expect(events.at(-1)).toEqual({ event: 'end', passed, failed: 0 });
});

test('failures are counted and shown', async () => {
  const cases: Case[] = [
    { group: 'ops', name: 'good', run: () => undefined },
    { group: 'ops', name: 'bad', run: () => Promise.reject(new Error('gemm: step 1\nslice c')) },
    { group: 'kernels', name: 'good', run: () => Promise.resolve() },
  ];
  let written = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += text;
    return true;
  });
  const { signal } = new AbortController();
  const counts = await runSuite(cases, typescriptBackend(), {
    signal,
    json: false,
    heedSignals: () => undefined,
  });
  vi.restoreAllMocks();
  expect(counts).toEqual({ passed: 2, failed: 1 });
  expect(written).toMatch(/^ts \(javascript, 1 thread\)\n {2}✗ ops: 1 passed, 1 failed \(/);
  expect(written).toContain('      bad: gemm: step 1\n        slice c\n');
  expect(written).toMatch(/ {2}✓ kernels: 1 passed \(/);
});
