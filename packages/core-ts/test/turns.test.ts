import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Backend, SampleMemory } from '../src/backend.js';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import { imputing } from '../src/data/fill-missing.js';
import type { Dataset } from '../src/dataset.js';
import { datasetSha256, inputSha256 } from '../src/file/digest.js';
import { useHasher } from '../src/file/sha256.js';
import { scoring } from '../src/metrics/metrics.js';
import { range, Stream } from '../src/random/stream.js';
import { splitting } from '../src/train/split.js';
import { measuring } from '../src/train/standardize.js';
import { Training } from '../src/train/training.js';
import { BYTES_A_PIECE, ITEMS_A_PIECE, inTurns, type Pieces } from '../src/turns.js';
import { smallRecipe } from './synthetic.js';

/** Counts turns of the event loop while some work lasts, and looks at what it has done after each. */
async function watching<Result>(
  work: (turn: () => number) => Promise<Result>,
  look: () => void = () => undefined,
): Promise<Result> {
  let turns = 0;
  let isOver = false;
  const next = (): void => {
    turns += 1;
    look();
    if (!isOver) setImmediate(next);
  };
  setImmediate(next);
  try {
    return await work(() => turns);
  } finally {
    isOver = true;
  }
}

/** Bytes of a little more than three pieces. */
const SAMPLES = Math.ceil((3 * BYTES_A_PIECE + 7) / 784);

function images(): Dataset {
  return {
    name: 'images',
    inputs: new Uint8Array(SAMPLES * 784).fill(3),
    features: 784,
    image: { height: 28, width: 28 },
    labels: Uint32Array.from({ length: SAMPLES }, (_, at) => at % 2),
    classes: 2,
    trainCount: SAMPLES - 10,
    testCount: 10,
  };
}

describe('the event loop turns', () => {
  it.each([
    ['raw', (dataset: Dataset) => datasetSha256(dataset), (byte: number) => byte],
    ['binarized', (dataset: Dataset) => inputSha256(dataset, 'binarize'), () => 1],
  ] as const)('between pieces that are hashed: %s', async (_, digest, asGiven) => {
    const dataset = images();
    const seen = new Set<number>();
    let updates = 0;
    await watching(async (turn) => {
      useHasher(() => {
        const hash = createHash('sha256');
        return {
          update(bytes) {
            expect(bytes.length).toBeLessThanOrEqual(BYTES_A_PIECE);
            updates += 1;
            seen.add(turn());
            hash.update(bytes);
          },
          digest: () => hash.digest(),
        };
      });
      const expected = createHash('sha256').update(dataset.inputs.map(asGiven));
      expect(await digest(dataset)).toBe(expected.update(dataset.labels).digest('hex'));
    });
    expect(updates).toBe(5);
    expect(seen.size).toBe(updates);
  });

  it('between pieces of samples that are copied', async () => {
    const inner = typescriptBackend();
    let samples: SampleMemory | undefined;
    const backend: Backend = {
      ...inner,
      openSamples(program, place) {
        samples = inner.openSamples!(program, place);
        return samples;
      },
    };
    const written = (): number => {
      const bytes = samples?.memory.u8('samples');
      const first = bytes?.indexOf(0) ?? 0;
      return first < 0 ? bytes!.length : first;
    };
    const steps: number[] = [];
    let before = 0;
    const training = await watching(
      () => Training.open(backend, smallRecipe({ layers: [784, 4, 2] }), images()),
      () => {
        steps.push(written() - before);
        before = written();
      },
    );
    training.close();
    expect(written()).toBe(SAMPLES * 784);
    expect(steps.filter((bytes) => bytes > 0)).toHaveLength(4);
    expect(Math.max(...steps)).toBe(BYTES_A_PIECE);
  });
});

describe('work in pieces', () => {
  const count = 3 * ITEMS_A_PIECE + 5;
  const all = range(0, count);
  const inputs = Float32Array.from({ length: count }, (_, at) => (at % 7 === 0 ? Number.NaN : at));
  const labels = Uint32Array.from(all, (at) => at % 2);
  const table: Dataset = {
    ...images(),
    ...{ name: 'table', inputs, labels, features: 1, image: null, trainCount: count, testCount: 0 },
    encoding: {
      rules: 2,
      label: 'y',
      missing: 'impute',
      columns: [{ name: 'x', categories: null }],
    } as unknown as NonNullable<Dataset['encoding']>,
  };
  const options = { subset: null, split: [0.8, 0.1, 0.1] as const, stratify: true, seed: 1 };

  it.each<[string, () => Pieces<unknown>, number]>([
    ['splitting', () => splitting(table, options), 4],
    ['shuffling', () => new Stream(1, 'shuffle', 0).shuffling(all.slice()), 3],
    ['imputing', () => imputing(table, all), 4],
    ['measuring', () => measuring(inputs, 1, all), 6],
    ['scoring', () => scoring(table, all, new Float32Array(2 * count).fill(0.5)), 8],
  ])('%s', async (_, make, least) => {
    let pieces = 0;
    const work = make();
    while (!work.next().done) pieces += 1;
    expect(pieces).toBeGreaterThanOrEqual(least);
    // Each takes a turn of its own.
    await watching(async (turn) => {
      await inTurns(make());
      expect(turn()).toBeGreaterThanOrEqual(pieces);
    });
  });
});
