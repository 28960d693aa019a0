import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { findCores, parseCores } from '../src/soak/cores.js';
import { soak } from '../src/soak/soak.js';
import { eventsIn, runCli, startCli } from './run-cli.js';

const planted = fileURLToPath(new URL('soak-planted.mjs', import.meta.url));

test('a flipped bit is told with its op and its core, and no other core is named', async () => {
  const bad = findCores().numbers.at(-1)!;
  process.env.BITGRAD_PLANT = `${bad}:activation`;
  // Ends when the first is found, however long that takes.
  const controller = new AbortController();
  let written = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += text;
    if (String(text).includes('"difference"')) controller.abort();
    return true;
  });
  const context = { signal: controller.signal, json: true, heedSignals: () => undefined };
  try {
    await expect(soak(['ts'], 60, context, planted)).rejects.toThrow(/interrupted/);
  } finally {
    vi.restoreAllMocks();
    delete process.env.BITGRAD_PLANT;
  }
  const events = written
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const differences = events.filter(({ event }) => event === 'difference');
  expect(differences.length).toBeGreaterThan(0);
  for (const difference of differences) {
    expect(difference).toMatchObject({ core: bad, backend: 'ts' });
    expect(difference.case).toMatch(/^ops: (golden: )?activation[ ,]/);
    expect(difference.message).toMatch(/index \d+: expected .* received/);
  }
  expect(events.at(-1)).toMatchObject({ event: 'end', badCores: [bad] });
});

test.skipIf(missing('long'))(
  'the command checks every core for a time, and says how it went',
  async () => {
    const result = await runCli(['conformance', '--backend', 'ts', '--soak', '0.1', '--json']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const end = eventsIn(result).at(-1)!;
    expect(end).toMatchObject({ event: 'end', differences: 0, badCores: [] });
    expect(end.cores).toEqual(findCores().numbers);
    expect(end.seconds).toBeGreaterThanOrEqual(6);
  },
);

test.each(['0', 'x', '1e9'])('--soak %s is wrong usage', async (minutes) => {
  const { exitCode, stderr } = await runCli(['conformance', '--soak', minutes]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--soak: expected ');
});

test('Ctrl-C ends it', async () => {
  const result = await startCli(['conformance', '--backend', 'ts', '--soak', '60'], {
    onOutput: (child, stdout) => {
      if (stdout.includes('1:00:00')) child.kill('SIGINT');
    },
  });
  expect(result.exitCode).toBe(130);
  expect(result.stdout).toMatch(/\d+ cases?, 0 differences\n$/);
});

test('cores are read as Linux lists them', () => {
  expect(parseCores('0')).toEqual([0]);
  expect(parseCores('0-2,5,7-8')).toEqual([0, 1, 2, 5, 7, 8]);
});
