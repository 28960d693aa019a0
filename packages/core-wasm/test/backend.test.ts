import { spawnSync } from 'node:child_process';
import { type Program, planMemory, type SliceDeclaration, typescriptBackend } from '@bitgrad/core';
import { wasmBackend } from '@bitgrad/core-wasm';
import { describe, expect, test, vi } from 'vitest';

/** Adds a bias once a step to whatever the arena holds. */
function programOf(...more: readonly SliceDeclaration[]): Program {
  const slices: SliceDeclaration[] = [
    ['control', 'u32', 3],
    ['output', 'f32', 1, 4],
    ['bias', 'f32', 4],
    ...more,
  ];
  const ops = [{ op: 'biasAdd', output: 'output', bias: 'bias', width: 4 }] as const;
  return { ...planMemory(slices), entries: { train: { batchSize: 1, ops } } };
}

describe('a session', () => {
  test('runs on memory that never moves', async () => {
    const session = (await wasmBackend()).open(programOf());
    const output = session.memory.f32('output');
    session.memory.f32('bias').set([1, 2, 3, 4]);
    session.memory.u32('control').set([0, 3, 0]);
    session.run('train', 3);
    expect([...output]).toEqual([3, 6, 9, 12]);
    expect(session.memory.f32('output')).toBe(output);
    session.close();
    expect(() => session.run('train', 0)).toThrow(
      'expected an open session, received a closed one',
    );
    expect([...output]).toEqual([3, 6, 9, 12]);
  });

  test('runs what was checked, not what its program has become since', async () => {
    const program = structuredClone(programOf());
    const session = (await wasmBackend()).open(program);
    (program.entries.train as { batchSize: number }).batchSize = 1000;
    session.memory.u32('control').set([0, 2, 0]);
    session.run('train', 2);
    expect([...session.memory.u32('control')]).toEqual([2, 2, 2]);
  });

  test('says so where addresses or memory do not reach', async () => {
    const backend = await wasmBackend();
    const huge = programOf(['more', 'u8', 0x7fffffff], ['most', 'u8', 0x7ffffe00]);
    expect(() => backend.open(huge)).toThrow(/expected at most 4294967296 bytes/);
    const { Memory } = WebAssembly;
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function refuse(this: unknown, limits) {
      if (limits.initial > 100) throw new RangeError('no memory');
      return new Memory(limits);
    });
    const large = programOf(['more', 'u8', 2 ** 24]);
    expect(() => backend.open(large)).toThrow(/^open: expected 16777\d+ bytes of memory/);
    vi.restoreAllMocks();
    backend.open(large).close();
  });
});

describe('the direct kernels', () => {
  test('work on arrays larger than those before, then on small ones again', async () => {
    const { kernels } = await wasmBackend();
    const expected = typescriptBackend().kernels;
    for (const n of [3, 2_000_003, 20_000_001, 5]) {
      const x = Float32Array.from({ length: n }, (_, at) => Math.fround(1 / (at + 3)));
      const [received, wanted] = [x.slice(), x.slice()];
      kernels.saxpy(n, 0.1, x, 1, received, 1);
      expected.saxpy(n, 0.1, x, 1, wanted, 1);
      expect(Buffer.compare(Buffer.from(received.buffer), Buffer.from(wanted.buffer))).toBe(0);
    }
  });

  test('leave what lies between rows and behind them alone', async () => {
    const { kernels } = await wasmBackend();
    const c = new Float32Array(9).fill(7);
    kernels.sgemm(
      false,
      false,
      2,
      2,
      1,
      1,
      Float32Array.of(1, 2),
      1,
      Float32Array.of(3, 4),
      2,
      0,
      c,
      3,
    );
    expect([...c]).toEqual([3, 4, 7, 6, 8, 7, 7, 7, 7]);
  });
});

describe('an engine that cannot run it', () => {
  /** Makes the backend in a process of its own, after `change`, and gives what it throws. */
  function refusalAfter(change: string): unknown {
    const index = JSON.stringify(new URL('../dist/index.js', import.meta.url).href);
    const script = `const { wasmBackend } = await import(${index});
      ${change}
      await wasmBackend().catch(({ name, message, fix }) => {
        console.log(JSON.stringify({ name, message, fix }));
      });`;
    const args = ['--input-type=module', '--eval', script];
    return JSON.parse(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout);
  }

  test.each([
    [
      'without WebAssembly',
      'delete globalThis.WebAssembly;',
      'expected an engine with WebAssembly, received none',
    ],
    [
      'without SIMD',
      'WebAssembly.validate = () => false;',
      'expected an engine with WebAssembly SIMD (128 bits), received one without',
    ],
    [
      'that may not compile',
      "WebAssembly.compile = async () => { throw new WebAssembly.CompileError('forbidden'); };",
      'expected leave to compile a WebAssembly module, received CompileError: forbidden',
    ],
  ])('%s is told so', (_, change, message) => {
    expect(refusalAfter(change)).toEqual({
      name: 'BitgradError',
      message: `wasm: ${message}`,
      fix: 'use the TypeScript backend: the same bits, more slowly',
    });
  });
});
