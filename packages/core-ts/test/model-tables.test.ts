import { beforeAll, describe, expect, it } from 'vitest';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import { BitgradError } from '../src/errors.js';
import { preparationSha256 } from '../src/file/digest.js';
import { decodeModel, encodeModel, type SavedModel } from '../src/file/model-file.js';
import { decodeSafetensors, encodeSafetensors, type Tensor } from '../src/file/safetensors.js';
import { sha256, sha256OfText } from '../src/file/sha256.js';
import { train } from '../src/train/train.js';
import { smallDataset, smallRecipe } from './synthetic.js';

const encoding = {
  columns: [
    { name: 'height', categories: null },
    { name: 'width', categories: null },
  ],
  label: 'kind',
};
const inputs = Float32Array.from({ length: 180 }, (_, at) => ((at >> 1) * (3 + (at & 1))) % 7);
const table = smallDataset({ inputs, features: 2, image: null, encoding });
const kinds = { ...table, classNames: ['rose', 'tulip', 'lily'] };
const numbers = {
  ...table,
  labels: new Uint32Array(),
  classes: 0,
  values: Float32Array.from(inputs, (value) => 3 * value + 5),
};

/** A model of a table, its inputs standardised. */
async function modelOf(dataset: typeof numbers | typeof kinds, loss?: 'squared-error') {
  const trained = await train({
    recipe: smallRecipe({
      ...{ layers: [2, 3, loss ? 2 : 3], preprocess: 'none', epochs: 1, standardize: true },
      ...(loss && { loss, standardizeTargets: true }),
    }),
    dataset,
    backend: typescriptBackend(),
  });
  const { trainSeconds: _, samplesPerSecond: __, ...rest } = trained;
  return rest;
}

/** The file with its tensors or its input's text changed. */
function changed(model: SavedModel, change: (tensor: Tensor) => Tensor | null, input?: unknown) {
  const { tensors, metadata } = decodeSafetensors(encodeModel(model), 'm');
  const kept = tensors.map(change).filter((tensor) => tensor !== null);
  const text = input === undefined ? {} : { input: JSON.stringify(input) };
  return encodeSafetensors({ tensors: kept, metadata: { ...metadata, ...text } });
}

async function refuse(file: Uint8Array, message: string, what?: string): Promise<void> {
  await expect(decodeModel(file, 'm'), what).rejects.toThrow(BitgradError);
  await expect(decodeModel(file, 'm'), what).rejects.toThrow(message);
}

describe('a model of numbers from a table', () => {
  let model: SavedModel;
  beforeAll(async () => {
    model = await modelOf(numbers, 'squared-error');
  });

  it('holds what its inputs and its outputs are scaled by', async () => {
    const file = encodeModel(model);
    const { tensors, metadata } = decodeSafetensors(file, 'm');
    expect(tensors.slice(-4).map(({ name, shape }) => [name, shape])).toEqual([
      ['input.mean', [2]],
      ['input.deviation', [2]],
      ['output.mean', [2]],
      ['output.deviation', [2]],
    ]);
    expect(Object.keys(metadata)).toEqual(['receipt', 'run', 'input']);
    const read = await decodeModel(file, 'm');
    expect(read).toEqual(model);
    expect(read.targetStandardization!.mean).toEqual(model.targetStandardization!.mean);
    expect(read.classNames).toBeNull();
  });

  it.each(['input.mean', 'input.deviation', 'output.mean', 'output.deviation'])(
    'is refused without %s, with another number and with one too few of it',
    async (name) => {
      const without = changed(model, (one) => (one.name === name ? null : one));
      await refuse(without, 'm: expected 8 tensors, received 7');
      const renamed = (one: Tensor) => (one.name === name ? { ...one, name: 'other' } : one);
      await refuse(changed(model, renamed), `expected a tensor "${name}" [2], received none`);
      const short = (one: Tensor) =>
        one.name === name ? { ...one, shape: [1], values: one.values.slice(1) } : one;
      await refuse(changed(model, short), `expected a tensor "${name}" [2], received one of [1]`);
      const bent = (one: Tensor) =>
        one.name === name ? { ...one, values: one.values.map((value) => value + 1) } : one;
      await refuse(changed(model, bent), 'm: expected names, encoding and scaling with SHA-256');
    },
  );

  it.each(['input.deviation', 'output.deviation'])('is refused with a %s of 0', async (name) => {
    for (const value of [0, -1]) {
      const flat = (one: Tensor) =>
        one.name === name ? { ...one, values: Float32Array.of(1, value) } : one;
      await refuse(changed(model, flat), `m: expected deviations above 0 in "${name}"`);
    }
  });
});

describe('a model of classes from a table', () => {
  let model: SavedModel;
  beforeAll(async () => {
    model = await modelOf(kinds);
  });

  it('scales no outputs', async () => {
    const read = await decodeModel(encodeModel(model), 'm');
    expect(read).toEqual(model);
    expect('targetStandardization' in read).toBe(false);
  });

  it('is refused with names or columns that are not of its network', async () => {
    const names = kinds.classNames;
    const wrong: unknown[] = [
      ...[names.slice(1), [...names, 'daisy'], ['rose', 'rose', 'lily'], ['rose', 5, 'lily']].map(
        (classNames) => ({ classNames, encoding }),
      ),
      { classNames: 'abc', encoding },
      { classNames: names, encoding: { ...encoding, columns: encoding.columns.slice(1) } },
      { classNames: names, encoding: 'x' },
    ];
    for (const input of wrong) {
      await refuse(
        changed(model, (one) => one, input),
        'm: expected names of classes and columns that fit the network, received',
        JSON.stringify(input),
      );
    }
    for (const input of [{ classNames: names }, { encoding }, {}, { classNames: null, encoding }]) {
      await refuse(
        changed(model, (one) => one, input),
        'm: expected names, encoding and scaling with SHA-256',
        JSON.stringify(input),
      );
    }
  });

  it('is refused where it should have none of them', async () => {
    const plain = await modelOf({ ...kinds, encoding: undefined, classNames: undefined } as never);
    const { preparationSha256: _, ...receipt } = plain.receipt;
    expect(await decodeModel(encodeModel(plain), 'm')).toEqual(plain);
    await refuse(
      encodeModel({ ...plain, receipt }),
      'm: expected names, encoding and scaling with SHA-256 none, received ',
    );
  });
});

describe('preparationSha256', () => {
  it('is that of the JSON text, then of the numbers', async () => {
    const none = { classNames: null, encoding: null, standardization: null };
    expect(await preparationSha256(none)).toBeNull();
    expect(await preparationSha256({ ...none, targetStandardization: null })).toBeNull();
    expect(await preparationSha256({ ...none, classNames: ['a'] })).toBe(
      await sha256OfText('{"classNames":["a"],"encoding":null}'),
    );
    expect(await preparationSha256({ ...none, encoding })).toBe(
      await sha256OfText(`{"classNames":null,"encoding":${JSON.stringify(encoding)}}`),
    );
    const text = [...new TextEncoder().encode('{"classNames":null,"encoding":null}')];
    // 1, 2 and 0.5, 4 as little-endian binary32.
    const inputScale = [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40];
    const targetScale = [0, 0, 0, 0x3f, 0, 0, 0x80, 0x40];
    const scale = (mean: number, deviation: number) => ({
      mean: Float32Array.of(mean),
      deviation: Float32Array.of(deviation),
    });
    expect(await preparationSha256({ ...none, standardization: scale(1, 2) })).toBe(
      await sha256(Uint8Array.of(...text, ...inputScale)),
    );
    const both = { standardization: scale(1, 2), targetStandardization: scale(0.5, 4) };
    expect(await preparationSha256({ ...none, ...both })).toBe(
      await sha256(Uint8Array.of(...text, ...inputScale, ...targetScale)),
    );
  });
});
