import { spawnSync } from 'node:child_process';
import {
  type Backend,
  BitgradError,
  COUNT,
  compileTraining,
  initialParameters,
  NonFiniteError,
  readParameters,
  STEP,
  writeParameters,
} from '@bitgrad/core';
import { wasmBackend } from '@bitgrad/core-wasm';
import { describe, expect, test } from 'vitest';

const training = compileTraining(
  { layers: [4, 3, 2], activation: 'relu', outputActivation: 'none' },
  { sampleCount: 40, capacity: 40, preprocess: 'none', shift: null },
  { batchSize: 20, optimizer: 'sgd', l2: 0 },
);

function openTraining(backend: Backend) {
  const session = backend.open(training);
  session.memory.f32('samples').fill(1);
  session.memory.f32('layers.0.weight').fill(0.5);
  session.memory.f32('layers.1.weight').fill(0.5);
  session.memory.u32('control')[COUNT] = 40;
  return session;
}

/** Runs a script in a process of its own and gives what it prints; it must end well, by itself. */
function printedBy(script: string): string {
  const index = JSON.stringify(new URL('../dist/index.js', import.meta.url).href);
  const core = JSON.stringify(new URL('../../core-ts/dist/index.js', import.meta.url).href);
  const text = `const { wasmBackend } = await import(${index});
    const { planMemory } = await import(${core});
    const ops = [{ op: 'biasAdd', output: 'output', bias: 'bias', width: 4 }];
    const slices = [['control', 'u32', 3], ['output', 'f32', 64, 4], ['bias', 'f32', 4]];
    const program = { ...planMemory(slices), entries: { train: { batchSize: 64, ops } } };
    const run = (session) => {
      session.memory.u32('control').set([0, 64, 0]);
      session.run('train', 1);
    };
    const tell = ({ name, message, fix }) => console.log(JSON.stringify({ name, message, fix }));
    ${script}`;
  const args = ['--input-type=module', '--eval', text];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000 });
  expect({ ...child, output: null, stdout: '' }).toMatchObject({ status: 0, stderr: '' });
  return child.stdout;
}

describe.each([2, 3, 7])('on %i threads', (threads) => {
  const made = wasmBackend({ threads });

  test('says so, and runs on shared memory', async () => {
    const backend = await made;
    expect(backend).toMatchObject({ name: 'wasm', isa: 'simd128', threads });
    const session = openTraining(backend);
    session.run('train', 2);
    expect([...session.memory.u32('control')]).toEqual([40, 40, 2]);
    expect(session.memory.u32('control').buffer).toBeInstanceOf(SharedArrayBuffer);
    session.close();
    session.close();
    expect(() => session.run('train', 1)).toThrow(/closed/);
  });

  test.each([0, 19])('ends at what is wrong with sample %i, whoever finds it', async (at) => {
    const session = openTraining(await made);
    const { memory } = session;
    memory.u32('order')[20 + at] = 40;
    expect(() => session.run('train', 2)).toThrow(/sample indices .*step 2/);
    expect(memory.u32('control')[STEP]).toBe(1);
    memory.u32('order')[20 + at] = 1;
    memory.u32('labels')[1] = 2;
    expect(() => session.run('train', 1)).toThrow(/class indices .*step 2/);
    memory.u32('labels')[1] = 0;
    memory.f32('samples')[4] = Number.NaN;
    expect(() => session.run('train', 1)).toThrow(NonFiniteError);
    memory.f32('samples')[4] = 1;
    memory.f32('layers.0.weight').fill(0.5);
    memory.f32('layers.1.weight').fill(0.5);
    memory.f32('layers.0.bias').fill(0);
    memory.f32('layers.1.bias').fill(0);
    session.run('train', 1);
    session.close();
  });

  test('writes nothing to its constants, which each instance lays down anew', async () => {
    const session = openTraining(await made);
    const { buffer, byteOffset } = session.memory.u32('control');
    const control = training.slices.find(({ name }) => name === 'control')!;
    const constants = new Uint8Array(buffer, 65536, byteOffset - control.offset - 65536);
    expect(constants.length).toBeGreaterThan(0);
    const before = constants.slice();
    session.run('train', 2);
    expect(constants).toEqual(before);
    session.close();
  });

  test('opens one session after the other, and several at once', async () => {
    const backend = await made;
    const kept = Array.from({ length: 10 }, () => openTraining(backend));
    for (let round = 0; round < 50; round += 1) {
      const session = openTraining(backend);
      session.run('train', 2);
      kept[round % 10]!.run('train', round < 20 ? 1 : 0);
      session.close();
    }
    const weights = kept.map(({ memory }) => [...memory.f32('layers.0.weight')]);
    expect(new Set(weights.map(String)).size).toBe(1);
    for (const session of kept) session.close();
  });
});

describe('threads', () => {
  test('must be a number of threads', async () => {
    for (const threads of [0, -1, 1.5, Number.NaN]) {
      await expect(wasmBackend({ threads })).rejects.toThrow(BitgradError);
    }
    expect((await wasmBackend({ threads: 1 })).threads).toBe(1);
  });

  test('are fewer where a step is too small, if that is wanted', () => {
    const printed = printedBy(`
      const session = (await wasmBackend({ threads: 2, isMost: true })).open(program);
      // Nobody could take part.
      Atomics.wait = () => console.log('waited');
      run(session);
      console.log(session.memory.u32('control').buffer.constructor.name);`);
    expect(printed).toBe('ArrayBuffer\n');
  });

  test('are fewer where that is faster, and the bits are the same', async () => {
    const network = {
      layers: [64, 256, 10],
      activation: 'relu',
      outputActivation: 'none',
    } as const;
    const large = compileTraining(
      network,
      { sampleCount: 6400, capacity: 6400, preprocess: 'none', shift: null },
      { batchSize: 64, optimizer: 'sgd', l2: 0 },
    );
    const options = [{ threads: 1 }, { threads: 2, isMost: true }];
    const results: Float32Array[] = [];
    for (const option of options) {
      const session = (await wasmBackend(option)).open(large);
      session.memory.f32('samples').forEach((_, at, samples) => {
        samples[at] = (at % 17) / 17;
      });
      session.memory.u32('order').forEach((_, at, order) => {
        order[at] = at;
      });
      session.memory.f32('rates').fill(0.1);
      writeParameters(session.memory, network, initialParameters(network, 'xavier', 1));
      session.memory.u32('control')[COUNT] = 6400;
      session.run('train', 100);
      expect([...session.memory.u32('control')]).toEqual([6400, 6400, 100]);
      results.push(readParameters(session.memory, network));
      session.close();
    }
    expect(results[1]).toEqual(results[0]);
  });

  test('keep no process alive', () => {
    const printed = printedBy(`
      const session = (await wasmBackend({ threads: 3 })).open(program);
      run(session);
      console.log('done');`);
    expect(printed).toBe('done\n');
  });

  test('are started once for backends that are made at the same time', () => {
    const printed = printedBy(`
      const threads = process.getBuiltinModule('node:worker_threads');
      let started = 0;
      threads.Worker = class extends threads.Worker {
        constructor(...args) {
          super(...args);
          started += 1;
        }
      };
      await Promise.all([3, 3, 3].map((threads) => wasmBackend({ threads })));
      console.log(started);`);
    expect(printed).toBe('2\n');
  });

  test('whose worker ends, end the run with an error; a new backend has new ones', () => {
    const printed = printedBy(`
      const threads = process.getBuiltinModule('node:worker_threads');
      const workers = [];
      threads.Worker = class extends threads.Worker {
        constructor(...args) {
          super(...args);
          workers.push(this);
        }
      };
      const open = async () => (await wasmBackend({ threads: 3 })).open(program);
      const session = await open();
      run(session);
      await workers[1].terminate();
      try { run(session) } catch (error) { tell(error) }
      run(await open());
      console.log('done');`);
    const [error, ...rest] = printed.split('\n');
    expect(JSON.parse(error!)).toMatchObject({
      name: 'BitgradError',
      message: 'run: expected workers that take part, received a worker ended',
    });
    expect(rest).toEqual(['done', '']);
  });

  test('that the floating-point settings of a worker do not suit, end the run with an error', () => {
    // Workers check what they compute, which the test changes, not what the caller does.
    const printed = printedBy(`
      const threads = process.getBuiltinModule('node:worker_threads');
      threads.Worker = class extends threads.Worker {
        constructor(source, options) {
          super('Math.fround = () => 0;' + source, options);
        }
      };
      const session = (await wasmBackend({ threads: 2 })).open(program);
      try { run(session) } catch (error) { tell(error) }`);
    expect(JSON.parse(printed).message).toBe(
      'run: expected workers that take part, received Error: subnormal numbers become 0 in a worker',
    );
  });

  test.each([
    [
      'without shared memory',
      'delete globalThis.SharedArrayBuffer;',
      'expected shared memory for more than one thread, received none',
      'serve the page with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp; or use one thread: the same bits, more slowly',
    ],
    [
      'whose thread may not wait',
      'Atomics.wait = () => { throw new TypeError(); };',
      "expected a thread that may wait for others for more than one thread, received a page's own",
      'make the backend in a worker; or use one thread: the same bits, more slowly',
    ],
    [
      'without workers',
      'process.getBuiltinModule = undefined;',
      'expected workers that share memory for more than one thread, received ReferenceError: Worker is not defined',
      'use one thread: the same bits, more slowly',
    ],
  ])('are refused by an engine %s', (_, change, message, fix) => {
    const printed = printedBy(`
      ${change}
      await wasmBackend({ threads: 2 }).catch(tell);
      run((await wasmBackend()).open(program));
      console.log('done');`);
    const [error, ...rest] = printed.split('\n');
    expect(JSON.parse(error!)).toEqual({ name: 'BitgradError', message: `wasm: ${message}`, fix });
    expect(rest).toEqual(['done', '']);
  });
});
