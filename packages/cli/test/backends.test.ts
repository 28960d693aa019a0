import { expect, test } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { eventsIn, runCli, startCli } from './run-cli.js';
import { namesIn, SHAPES, temporaryFolder, writeShapes } from './temporary.js';

/** An instruction set that no machine has: the native backend cannot be had. */
const WITHOUT_NATIVE = { BITGRAD_ISA: '6502', BITGRAD_REQUIRE: undefined };

function shapesFolder(): string {
  const folder = temporaryFolder();
  writeShapes(folder);
  return folder;
}

test('auto falls back to WebAssembly, and says why', async () => {
  const folder = shapesFolder();
  const args = ['train', ...SHAPES];
  const { exitCode, stderr } = await startCli(args, { folder, environment: WITHOUT_NATIVE });
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/^backend {2}wasm \(simd128, 1 thread\); native: expected an .*$/m);
});

test('WebAssembly uses the threads that it is given, also where auto falls back to it', async () => {
  const digests: string[] = [];
  for (const [backend, threads] of [
    ['wasm', 1],
    ['wasm', 2],
    ['auto', 3],
  ] as const) {
    const folder = shapesFolder();
    const args = ['train', ...SHAPES, '--backend', backend, '--threads', `${threads}`, '--json'];
    const events = eventsIn(await startCli(args, { folder, environment: WITHOUT_NATIVE }));
    expect(events[0]).toMatchObject({ backend: 'wasm', threads });
    digests.push(events.at(-1)!.weightsSha256);
  }
  expect(new Set(digests).size).toBe(1);
});

test('a backend that was asked for and does not load is an error', async () => {
  const folder = shapesFolder();
  const args = ['train', ...SHAPES, '--backend', 'native'];
  const { exitCode, stderr } = await startCli(args, { folder, environment: WITHOUT_NATIVE });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^error: native: expected an /);
  expect(namesIn(folder)).toEqual(['shapes']);
});

test('BITGRAD_REQUIRE makes a missing native backend an error of auto', async () => {
  const folder = shapesFolder();
  const environment = { ...WITHOUT_NATIVE, BITGRAD_REQUIRE: 'native' };
  const { exitCode, stderr } = await startCli(['train', ...SHAPES], { folder, environment });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^error: BITGRAD_REQUIRE demands native; native: expected an /);
});

test.skipIf(missing('native'))('auto takes native, and the bits are the same', async () => {
  const digests: string[] = [];
  for (const [name, used] of [
    ['auto', 'native'],
    ['wasm', 'wasm'],
    ['ts', 'ts'],
  ] as const) {
    const folder = shapesFolder();
    const args = ['train', ...SHAPES, '--backend', name, '--json'];
    const events = eventsIn(await runCli(args, { folder }));
    expect(events[0]!.backend).toBe(used);
    digests.push(events.at(-1)!.weightsSha256);
  }
  expect(new Set(digests).size).toBe(1);
});

test('doctor says what loads, and why the rest does not', async () => {
  const { exitCode, stdout } = await startCli(['doctor'], { environment: WITHOUT_NATIVE });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^backend native +does not load: expected an /m);
  expect(stdout).toMatch(/^backend wasm +loads: wasm \(simd128, 1 thread\)$/m);
  expect(stdout).toMatch(/^backend ts +loads: ts \(javascript, 1 thread\)$/m);
  expect(stdout).toMatch(/^subnormal numbers +kept$/m);
  expect(stdout).toMatch(/^--backend auto takes wasm\.$/m);
  const [report] = eventsIn(await runCli(['doctor', '--json']));
  expect(report).toMatchObject({ event: 'doctor', works: true, gradualUnderflow: true });
});
