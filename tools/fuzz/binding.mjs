// The native addon itself: its classes and kernels, called with what nobody should call them with. What an
// entry's words say is made by the core of a program that it has checked, and is not changed.

import { loadAddon } from '../../packages/core-native/dist/addon.js';
import { encodeEntry } from '../../packages/core-ts/dist/for-backends.js';
import { BitgradError, planMemory } from '../../packages/core-ts/dist/index.js';

const { addon } = loadAddon();
const [isa] = addon?.isas ?? [];
/** Where there is no addon there is nothing to call. */
export const hasBinding = addon !== null;

const program = {
  ...planMemory([
    ['control', 'u32', 3],
    ['output', 'f32', 2, 20],
  ]),
  entries: {
    train: {
      batchSize: 2,
      ops: [{ op: 'activation', output: 'output', width: 20, activation: 'relu' }],
    },
  },
};
const words = encodeEntry(program, program.entries.train, 2);

/** Values of every kind, made anew, since some are taken apart. */
const STRANGE = [
  () => undefined,
  () => null,
  () => Number.NaN,
  () => -1,
  () => 0.5,
  () => 1e300,
  () => 2 ** 32,
  () => 2 ** 53,
  () => 7n,
  () => '',
  () => 'native',
  () => Symbol('s'),
  () => true,
  () => ({}),
  () => [],
  () => [[]],
  () => new Float32Array(4),
  () => new Float64Array(4),
  () => new Uint8Array(new SharedArrayBuffer(64)),
  () => new Float32Array(new SharedArrayBuffer(64)),
  () => new DataView(new ArrayBuffer(8)),
  () => detached(),
  () => () => 1,
  () =>
    new Proxy([], {
      get: () => {
        throw new Error('a trap');
      },
    }),
  () => ({
    valueOf: () => {
      throw new Error('a trap');
    },
  }),
  () => Object.create(addon.Samples.prototype),
  () => new addon.Samples(64),
  () => new addon.Session(isa, 256, new addon.Samples(0), 0, [], 1, true),
];

function detached() {
  const array = new Float32Array(8);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

const call = (act) => {
  try {
    act();
    return true;
  } catch (error) {
    // Of the engine's own making or the addon's: that there is one, and a message, is enough.
    if (error instanceof Error) return false;
    throw error;
  }
};

/** @param {import('./random.mjs').Random} random */
function strange(values, random) {
  return values.map((value) => (random.once(4) ? random.pick(STRANGE)() : value));
}

/** What is called is worked out of the same numbers again when it is read. */
export const makeCall = (random) => random.integer();

export async function callSession(_, random) {
  const args = [isa, program.bytes, new addon.Samples(0), 0, [words], 1 + random.below(3), true];
  let session;
  const isMade = call(() => {
    session = new addon.Session(...strange(args, random));
  });
  if (!isMade) throw new BitgradError('refused');
  const steps = random.below(3);
  for (const [name, values] of [
    ['buffer', []],
    ['freezeSome', [1 + random.below(2 ** 20)]],
    ['run', [0, steps]],
    ['cancel', []],
    ['close', []],
    ['run', [0, steps]],
    ['buffer', []],
  ]) {
    const target = random.once(6) ? random.pick(STRANGE)() : session;
    // A number of steps that nobody has checked may take for ever.
    const given = name === 'run' ? [random.once(4) ? random.pick(STRANGE)() : 0, steps] : values;
    call(() => addon.Session.prototype[name].apply(target, given));
  }
  if (random.once(3)) {
    const pending = [];
    const given = [random.once(2) ? random.pick(STRANGE)() : 0, 0];
    call(() => pending.push(session.runAsync(...given.slice(0, random.below(3)))));
    await Promise.allSettled(pending);
  }
}

const KERNELS = {
  sgemm: (n, a) => [false, true, n, n, n, 1, a(), n, a(), n, 0.5, a(), n],
  sgemv: (n, a) => [true, n, n, 1, a(), n, a(), 1, 1, a(), 1],
  sger: (n, a) => [n, n, 1, a(), 1, a(), 1, a(), n],
  saxpy: (n, a) => [n, 1, a(), 1, a(), 1],
  sdot: (n, a) => [n, a(), 1, a(), 1],
  sscal: (n, a) => [n, 1, a(), 1],
  scopy: (n, a) => [n, a(), 1, a(), 1],
  snrm2: (n, a) => [n, a(), 1],
};
const SIZES = [0, 1, 7, 16, 17, 0xffffffff, 0x80000000, 65536];

export async function callKernel(_, random) {
  const kernels = addon.kernels(isa, 1 + random.below(3));
  const [name, argsOf] = random.pick(Object.entries(KERNELS));
  const n = random.below(18);
  const args = strange(
    argsOf(n, () => new Float32Array(n * n)),
    random,
  ).map((value) => (typeof value === 'number' && random.once(5) ? random.pick(SIZES) : value));
  if (!call(() => kernels[name](...args.slice(0, random.once(9) ? random.below(13) : 13)))) {
    throw new BitgradError('refused');
  }
}
