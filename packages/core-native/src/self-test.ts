import { createHash } from 'node:crypto';
import {
  type Backend,
  COUNT,
  compileTraining,
  type Network,
  type Program,
  parameterCount,
  range,
  readParameters,
  type Session,
  writeParameters,
} from '@bitgrad/core';
import { BrokenAddonError } from './broken-addon-error.js';

/** What the contract's arithmetic gives; the TypeScript backend does. */
const EXPECTED = '270560f35fcf0698b6f900bef10c58a2';

/** Widths that fill no vector, of any instruction set. */
const NETWORK: Network = { layers: [19, 37, 5], activation: 'tanh', outputActivation: 'none' };
const ROWS = 14;
const BATCH = 7;

/** What is tried: a backend, whose sessions need not check a program, since it is written here. */
export interface Tried extends Pick<Backend, 'isa' | 'kernels'> {
  open(program: Program): Pick<Session, 'memory' | 'close'> & {
    run(entry: 'train', steps: number): unknown;
  };
}

/**
 * Runs a few ops on a backend, in milliseconds, and compares the bits: a compiler's mistake, a damaged
 * file or a processor that cannot do what it says must not train anybody's network.
 *
 * @throws BrokenAddonError if they differ, or there are none
 */
export function selfTest(backend: Tried): void {
  const received = outcomeOf(backend);
  if (received === EXPECTED) return;
  throw new BrokenAddonError(
    `native: expected its self-test on ${backend.isa} to give ${EXPECTED}, received ${received}`,
    'WebAssembly gives the right bits (--backend wasm); please report this with what bitgrad doctor says',
  );
}

/** The digest, or why there is none: Electron, for one, lets no addon share memory with JavaScript. */
function outcomeOf(backend: Tried): string {
  try {
    return selfTestDigest(backend);
  } catch (error) {
    return `an error: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The first half of a SHA-256 of what two steps of a training and a product leave. */
export function selfTestDigest(backend: Tried): string {
  const hash = createHash('sha256');
  for (const part of [trainedParameters(backend), product(backend)]) hash.update(part);
  return hash.digest('hex').slice(0, 32);
}

function trainedParameters(backend: Tried): Float32Array {
  const input = { sampleCount: ROWS, capacity: ROWS, preprocess: 'scale', shift: null } as const;
  const settings = { batchSize: BATCH, optimizer: 'sgd', l2: 0.001 } as const;
  const program = compileTraining(NETWORK, input, settings);
  const session = backend.open({ ...program, entries: { train: program.entries.train! } });
  try {
    const { memory } = session;
    writeParameters(memory, NETWORK, fractions(parameterCount(NETWORK)));
    memory.u8('samples').forEach((_, at, samples) => {
      // A third of the pixels is 0, as in most images.
      samples[at] = at % 3 === 0 ? 0 : at * 71;
    });
    memory.u32('labels').set(range(0, ROWS).map((row) => row % 5));
    memory.u32('order').set(range(0, ROWS));
    memory.f32('rates').fill(0.25);
    memory.u32('control')[COUNT] = ROWS;
    session.run('train', ROWS / BATCH);
    return readParameters(memory, NETWORK);
  } finally {
    session.close();
  }
}

/** Numbers from -½ to ½ whose products and sums are all rounded. */
function fractions(length: number): Float32Array {
  return Float32Array.from({ length }, (_, at) => ((at * 7919) % 1013) / 1013 - 0.5);
}

/** `C = Aᵀ · B`. */
function product({ kernels }: Tried): Float32Array {
  const [m, n, k] = [21, 35, 18];
  const c = new Float32Array(m * n);
  kernels.sgemm(true, false, m, n, k, 1, fractions(k * m), m, fractions(k * n), n, 0, c, n);
  return c;
}
