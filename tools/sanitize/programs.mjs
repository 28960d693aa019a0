// Programs that nobody wrote, and ways to end a run.

import {
  BitgradError,
  checkLayers,
  compileTraining,
  parseLayers,
  planMemory,
  typescriptBackend,
} from '../../packages/core-ts/dist/index.js';

const relu = { op: 'activation', output: 'output', width: 64, activation: 'relu' };

/** A program whose steps do next to nothing, in an arena that begins with `control`. */
export const tiny = {
  ...planMemory([
    ['control', 'u32', 3],
    ['output', 'f32', 1, 64],
  ]),
  entries: { train: { batchSize: 1, ops: [relu] } },
};
const LONGEST = 0x7fffffff;

const DENSE = ['5,3', '17,16,4', '33,65,7,2', '30,1,5'];
const IMAGES = [
  '9x7,conv3:3,norm,pool,5',
  '8x8x3,conv17:3/2,norm,conv5v,gap,4',
  '12x12,conv7:2x3,avgpool:3/2s,drop:0.2,conv5:1,9,3',
];
const OPTIMIZERS = ['sgd', 'momentum', 'nesterov', 'adam', 'adamw', 'none'];

/**
 * Runs a random network's program, and the same with two of its slices laid over each other, which must
 * be refused or give the TypeScript backend's bits.
 *
 * @param {import('../fuzz/random.mjs').Random} random
 * @returns how many were refused
 */
export function programs(random, backend) {
  const isImage = random.once(2);
  const text = random.pick(isImage ? IMAGES : DENSE);
  const batchSize = random.pick([1, 2, 7, 15, 16, 17, 33]);
  const sampleCount = batchSize + random.below(40);
  const optimizer = random.pick(OPTIMIZERS);
  const program = compileTraining(
    {
      layers: checkLayers(parseLayers(text)),
      activation: random.pick(['relu', 'sigmoid', 'tanh', 'leaky-relu', 'elu']),
      outputActivation: 'none',
      dropout: random.once(3) ? 0.25 : 0,
    },
    {
      sampleCount,
      capacity: sampleCount,
      preprocess: isImage ? random.pick(['scale', 'binarize']) : 'none',
      shift: null,
      affine: null,
    },
    {
      batchSize,
      optimizer,
      l2: random.pick([0, 0.01]),
      momentum: 0.9,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0.01,
      shards: random.pick([1, 1, 3]),
      weighsClasses: false,
    },
  );
  const isWritten = optimizer === 'none' ? () => true : isResult;
  runBoth(program, backend, sampleCount, random, isWritten);
  const slices = structuredClone(program.slices);
  const [one, other] = [random.pick(slices), random.pick(slices)];
  one.offset = other.offset;
  try {
    const isOther = (name) => isResult(name) && ![one.name, other.name].includes(name);
    runBoth({ ...program, slices }, backend, sampleCount, random, isOther);
    return 0;
  } catch (error) {
    if (error instanceof BitgradError) return 1;
    throw error;
  }
}

/** Random bytes make numbers that are not finite, of which no bit is promised: these are small. */
function fill(memory, program, random) {
  for (const { name, type } of [...program.slices, ...(program.samples?.slices ?? [])]) {
    const slice = memory[type](name);
    for (let i = 0; i < slice.length; i += 1) {
      slice[i] = type === 'u8' ? random.below(256) : type === 'f32' ? random.below(65) / 256 : 0;
    }
  }
}

/** Where gradients are used up at once, nobody writes them. */
const isResult = (name) => /^(control|losses|layers\.\d+\.(?!d[A-Z])\w+)$/.test(name);

function runBoth(program, backend, count, random, isCompared) {
  const expected = typescriptBackend().open(program);
  const received = backend.open(program);
  try {
    fill(expected.memory, program, random);
    const slices = [...program.slices, ...(program.samples?.slices ?? [])];
    for (const { name, type } of slices) {
      received.memory[type](name).set(expected.memory[type](name));
    }
    if (random.once(2)) received.freezeSamples?.();
    for (const { memory } of [expected, received]) memory.u32('control').set([0, count]);
    const steps = Math.ceil(count / program.entries.train.batchSize);
    for (const session of [expected, received]) session.run('train', steps);
    for (const { name, type } of program.slices) {
      if (!isCompared(name)) continue;
      const [a, b] = [expected, received].map(({ memory }) => {
        const { buffer, byteOffset, byteLength } = memory[type](name);
        return Buffer.from(buffer, byteOffset, byteLength);
      });
      if (!a.equals(b)) throw new Error(`${name}: expected the TypeScript backend's bits`);
    }
  } finally {
    expected.close();
    received.close();
  }
}

/** Starts a run that nobody waits for. */
export function startEndless(backend) {
  const session = backend.open(tiny);
  session.memory.u32('control')[1] = LONGEST;
  return { session, running: session.runAsync('train', LONGEST) };
}

/** Ends runs, closes sessions, and takes their memory away, at moments that do not suit. */
export async function breakIn(backend) {
  for (let round = 0; round < 5; round += 1) {
    const session = backend.open(tiny);
    session.memory.u32('control')[1] = LONGEST;
    const abort = new AbortController();
    const running = session.runAsync('train', LONGEST, abort.signal);
    // Reading is allowed meanwhile; closing is refused.
    for (let look = 0; look < 100; look += 1) session.memory.f32('output')[look % 64];
    refused(() => session.close());
    if (round % 2 === 0) await new Promise((go) => setTimeout(go, 1));
    abort.abort();
    await running.then(
      () => Promise.reject(new Error('expected an interrupted run')),
      (error) =>
        refused(() => {
          throw error;
        }),
    );
    session.close();
    refused(() => session.run('train', 1));
  }
  const detached = backend.open(tiny);
  const { buffer } = detached.memory.u32('control');
  // From Node 22 on this takes the memory away; Node 20 copies it.
  if (buffer.transfer) buffer.transfer();
  else structuredClone(buffer, { transfer: [buffer] });
  if (buffer.byteLength === 0) refused(() => detached.run('train', 1));
  detached.close();
  const shared = new Float32Array(new SharedArrayBuffer(64));
  const { kernels } = backend;
  try {
    kernels.sscal(16, 2, shared, 1);
  } catch (error) {
    if (!(error instanceof BitgradError || error instanceof TypeError)) throw error;
  }
}

function refused(act) {
  try {
    act();
  } catch (error) {
    if (error instanceof BitgradError) return;
    throw error;
  }
  throw new Error('expected a BitgradError, received none');
}
