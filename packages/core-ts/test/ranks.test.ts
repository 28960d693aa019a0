import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import { AbortedError, BitgradError } from '../src/errors.js';
import { decodeCheckpoint, encodeCheckpoint } from '../src/file/checkpoint-file.js';
import { type Ranks, together } from '../src/train/ranks.js';
import { shareDataset } from '../src/train/share-dataset.js';
import { stateSha256 } from '../src/train/state.js';
import { train } from '../src/train/train.js';
import { Training } from '../src/train/training.js';
import { smallDataset, smallRecipe } from './synthetic.js';

/** Ranks of one process, each of whose calls ends once all have made it. */
function makeRanks(size: number): Ranks[] {
  let brought: Uint8Array[][] = [];
  let waiting: (() => void)[] = [];
  const meet = async (rank: number, parts: Uint8Array[]): Promise<Uint8Array[][]> => {
    const here = brought;
    here[rank] = parts;
    const isLast = here.filter((one) => one !== undefined).length === size;
    if (!isLast) {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return here;
    }
    const others = waiting;
    [brought, waiting] = [[], []];
    for (const resolve of others) resolve();
    return here;
  };
  const put = (target: Uint8Array, parts: readonly Uint8Array[]): void => {
    let at = 0;
    for (const part of parts) {
      target.set(part, at);
      at += part.length;
    }
  };
  return Array.from({ length: size }, (_, rank) => ({
    rank,
    size,
    async exchange(sent, counts, received) {
      let at = 0;
      const parts = counts.map((count) => {
        at += count;
        return sent.slice(at - count, at);
      });
      put(
        received,
        (await meet(rank, parts)).map((all) => all[rank]!),
      );
    },
    async gather(sent, received) {
      put(
        received,
        (await meet(rank, [sent.slice()])).map(([part]) => part!),
      );
    },
  }));
}

/** The same on one machine: what they share is one buffer. */
function makeNeighbours(size: number): { ranks: Ranks[]; buffers: ArrayBuffer[] } {
  const buffers: ArrayBuffer[] = [];
  const ranks = makeRanks(size).map((one): Ranks => {
    let calls = 0;
    return {
      ...one,
      async share(bytes) {
        buffers[calls] ??= new ArrayBuffer(bytes);
        const buffer = buffers[calls]!;
        calls += 1;
        return { buffer, isFirst: one.rank === 0 };
      },
    };
  });
  return { ranks, buffers };
}

const outcomes = (work: readonly Promise<unknown>[]) =>
  Promise.all(work.map((one) => one.then(String, (error: unknown) => error)));

describe('together', () => {
  it('fails on all where one fails, with its words', async () => {
    const error = new BitgradError(`expected\n"${'ü'.repeat(2000)}"`, '\u0001'.repeat(2000));
    const [first, second, third] = await outcomes(
      makeRanks(3).map((ranks) =>
        together(ranks, () =>
          ranks.rank === 1 ? Promise.reject(error) : Promise.resolve(ranks.rank),
        ),
      ),
    );
    expect(second).toBe(error);
    for (const other of [first, third] as BitgradError[]) {
      expect(other).toBeInstanceOf(BitgradError);
      expect(other.message).toBe(`rank 1: ${error.message.slice(0, 600)}`);
      expect(other.fix).toBe(error.fix!.slice(0, 600));
    }
  });

  it('gives each its own result', async () => {
    const work = makeRanks(3).map((ranks) => together(ranks, async () => ranks.rank));
    expect(await Promise.all(work)).toEqual([0, 1, 2]);
  });
});

describe('samples of ranks on one machine', () => {
  const images = smallDataset();
  const table = {
    ...images,
    image: null,
    inputs: Float32Array.from(images.inputs, (value, at) => value / 7 + (at % 3)),
  };
  const numbers = {
    ...table,
    values: Float32Array.from(images.labels, (label, at) => label * 1.5 + (at % 7) / 9),
    labels: new Uint32Array(0),
    classes: 0,
  };
  const common = { shards: 4, split: [0.6, 0.2, 0.2] as const, learningRate: 0.01 };
  const ofTables = { ...common, preprocess: 'none', standardize: true, augment: 'none' } as const;
  const regression = {
    layers: [16, 8, 1],
    loss: 'squared-error',
    standardizeTargets: true,
  } as const;

  it.each([
    ['images', images, smallRecipe(common)],
    ['a table', table, smallRecipe(ofTables)],
    ['numbers to be learnt', numbers, smallRecipe({ ...ofTables, ...regression })],
  ])('are gathered from one copy, with the same bits: %s', async (_, dataset, recipe) => {
    const backend = typescriptBackend();
    const { receipt } = await train({ recipe, dataset, backend });
    const { ranks, buffers } = makeNeighbours(3);
    const places: unknown[] = [];
    const watched: typeof backend = {
      ...backend,
      openSamples(program, place) {
        if (program.entries.gradients) places.push(place);
        return backend.openSamples!(program, place);
      },
    };
    const models = await Promise.all(
      ranks.map((one) => train({ recipe, dataset, backend: watched, ranks: one })),
    );
    for (const model of models) expect(model.receipt).toEqual(receipt);
    expect(places).toHaveLength(3);
    for (const place of places) expect(place).toBe(buffers[0]);
  });

  it('let go of those that each has read', async () => {
    const { ranks, buffers } = makeNeighbours(2);
    const shared = await Promise.all(
      ranks.map((one) => shareDataset(one, { ...numbers, inputs: numbers.inputs.slice() })),
    );
    for (const one of shared) {
      expect(one!.inputs.buffer).toBe(buffers[0]);
      expect(one!.values!.buffer).toBe(buffers[0]);
      expect(one).toMatchObject({ inputs: numbers.inputs, values: numbers.values });
    }
    // What is shared already is not shared again; and ranks that cannot share say so.
    expect(await shareDataset(ranks[0]!, shared[0]!)).toBe(shared[0]);
    expect(await shareDataset(makeRanks(1)[0]!, numbers)).toBeNull();
  });

  it('are not shared where one has others', async () => {
    const { ranks, buffers } = makeNeighbours(2);
    const inputs = images.inputs.slice();
    inputs[5] = inputs[5]! ^ 1;
    const received = await outcomes([
      shareDataset(ranks[0]!, images),
      shareDataset(ranks[1]!, { ...images, inputs }),
    ]);
    for (const one of received) {
      expect(one).toMatchObject({
        message: expect.stringMatching(/^ranks: expected the same data/),
      });
    }
    expect(buffers).toEqual([]);
  });
});

describe('train on ranks', () => {
  const dataset = smallDataset();
  const backend = typescriptBackend();

  it('ends on all after the same epoch where one is told to', async () => {
    const controller = new AbortController();
    const epochs: number[][] = [[], []];
    const saved: number[] = [];
    const received = await outcomes(
      makeRanks(2).map((ranks) =>
        train({
          recipe: smallRecipe({ shards: 2, epochs: 50 }),
          dataset,
          backend,
          ranks,
          ...(ranks.rank === 1 && { signal: controller.signal }),
          onEpoch({ epoch }) {
            epochs[ranks.rank]!.push(epoch);
            if (ranks.rank === 1 && epoch === 2) controller.abort();
          },
          onAbort: (training) => saved.push(training.epoch),
        }),
      ),
    );
    for (const one of received) expect(one).toBeInstanceOf(AbortedError);
    expect(epochs).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(saved).toEqual([2, 2]);
  });

  it('names the step at which the loss is not finite, on all', async () => {
    const recipe = smallRecipe({ shards: 3, learningRate: 1e30 });
    const [alone] = await outcomes([train({ recipe, dataset, backend })]);
    const received = await outcomes(
      makeRanks(3).map((ranks) => train({ recipe, dataset, backend, ranks })),
    );
    expect(received).toEqual([alone, alone, alone]);
  });

  it('gives numbers to be learnt, and the validation’s losses, the bits of one process', async () => {
    const values = Float32Array.from(dataset.labels, (label, at) => label * 1.5 + (at % 7) / 9);
    const numbers = { ...dataset, values, labels: new Uint32Array(0), classes: 0 };
    const recipe = smallRecipe({
      layers: [16, 8, 1],
      loss: 'squared-error',
      shards: 4,
      split: [0.6, 0.2, 0.2],
      patience: 2,
      learningRate: 0.01,
      standardizeTargets: true,
    });
    const { receipt } = await train({ recipe, dataset: numbers, backend });
    const models = await Promise.all(
      makeRanks(3).map((ranks) => train({ recipe, dataset: numbers, backend, ranks })),
    );
    for (const model of models) expect(model.receipt).toEqual(receipt);
  });

  it('refuses a checkpoint that is whole on each, and another on one', async () => {
    const recipe = smallRecipe({ shards: 2, optimizer: 'momentum' });
    const training = await Training.open(backend, recipe, dataset);
    await training.runEpoch();
    const bytes = await encodeCheckpoint(training.checkpoint());
    training.close();
    const forged = await decodeCheckpoint(bytes, 'file');
    [...forged.state.values()].at(-1)![0]! += 1;
    // Its digests are made anew.
    const states = [await stateSha256(forged.state, forged.best)];
    const files = [bytes, await encodeCheckpoint({ ...forged, states })];
    const checkpoints = await Promise.all(files.map((file) => decodeCheckpoint(file, 'file')));
    const all = await outcomes(
      makeRanks(2).map((ranks) =>
        train({ recipe, dataset, backend, ranks, checkpoint: checkpoints[ranks.rank] }),
      ),
    );
    for (const one of all) {
      expect(String(one)).toContain(
        'ranks: expected the same state to begin with on all, received',
      );
    }
  });

  it('refuses more ranks than shards, and what is not alike', async () => {
    // Other seeds choose other samples to standardise by.
    const recipe = smallRecipe({
      shards: 2,
      standardize: true,
      preprocess: 'none',
      split: [0.6, 0.2, 0.2],
    });
    const numbers = { ...dataset, inputs: Float32Array.from(dataset.inputs) };
    const run = (size: number, seed: (rank: number) => number) =>
      outcomes(
        makeNeighbours(size).ranks.map((ranks) =>
          train({
            recipe: { ...recipe, seed: seed(ranks.rank) },
            dataset: numbers,
            backend,
            ranks,
          }),
        ),
      );
    for (const one of await run(3, () => 1)) {
      expect(String(one)).toContain('shards: expected at least 3, the number of ranks');
    }
    for (const one of await run(2, (rank) => rank)) {
      expect(String(one)).toContain('ranks: expected the same recipe on all');
    }
  });
});
