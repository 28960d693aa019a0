import { beforeAll, describe, expect, it } from 'vitest';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import { BitgradError } from '../src/errors.js';
import { weightsSha256 } from '../src/file/digest.js';
import { decodeModel, encodeModel, type SavedModel } from '../src/file/model-file.js';
import { decodeSafetensors, encodeSafetensors } from '../src/file/safetensors.js';
import { Predictor } from '../src/network/predictor.js';
import { recipeFor } from '../src/train/recipe-for.js';
import { train } from '../src/train/train.js';
import { SMALL_RUN, smallDataset, smallRecipe } from './synthetic.js';

let model: SavedModel;
let file: Uint8Array;

beforeAll(async () => {
  const trained = await train({
    recipe: smallRecipe({ epochs: 1 }),
    dataset: smallDataset(),
    backend: typescriptBackend(),
  });
  const { trainSeconds: _, samplesPerSecond: __, ...rest } = trained;
  model = { ...rest, run: SMALL_RUN };
  file = encodeModel(model);
});

/** The file with its tensors or metadata changed. */
function changed(
  change: (contents: ReturnType<typeof decodeSafetensors>) => ReturnType<typeof decodeSafetensors>,
): Uint8Array {
  return encodeSafetensors(change(decodeSafetensors(file, 'file')));
}

/** The file with the receipt's fields changed. */
function withReceipt(changes: object): Uint8Array {
  return changed(({ tensors, metadata }) => ({
    tensors,
    metadata: {
      ...metadata,
      receipt: JSON.stringify({ ...JSON.parse(metadata.receipt!), ...changes }),
    },
  }));
}

async function expectRefusal(bytes: Uint8Array, message: string | RegExp): Promise<void> {
  const reading = decodeModel(bytes, 'some.model');
  await expect(reading).rejects.toThrow(BitgradError);
  await expect(decodeModel(bytes, 'some.model')).rejects.toThrow(message);
}

describe('a model file', () => {
  it('comes back as it was, to the bit', async () => {
    const read = await decodeModel(file, 'file');
    expect(read).toEqual(model);
    expect(await weightsSha256(read.parameters)).toBe(model.receipt.weightsSha256);
    expect(encodeModel(read)).toEqual(file);
  });

  it('predicts after reading as before', async () => {
    const { inputs } = smallDataset();
    const samples = (inputs as Uint8Array).subarray(0, 5 * 16);
    const probabilities = [model, await decodeModel(file, 'file')].map((one) => {
      const predictor = new Predictor(one, typescriptBackend(), 5);
      const result = predictor.predict(samples);
      predictor.close();
      return result;
    });
    expect(probabilities[1]).toEqual(probabilities[0]);
  });

  it('predicts into an array of the caller, which has to fit', () => {
    const samples = (smallDataset().inputs as Uint8Array).subarray(0, 3 * 16);
    const predictor = new Predictor(model, typescriptBackend(), 5);
    const expected = predictor.predict(samples);
    const result = new Float32Array(expected.length);
    expect(predictor.predict(samples, result)).toBe(result);
    expect(result).toEqual(expected);
    expect(() => predictor.predict(samples, new Float32Array(expected.length + 1))).toThrow(
      `expected a result of ${expected.length} numbers, received one of ${expected.length + 1}`,
    );
    predictor.close();
  });

  it('is refused when cut off', async () => {
    for (const length of [0, 7, 8, 100, file.length - 4, file.length - 1]) {
      await expectRefusal(file.subarray(0, length), /^some\.model: /);
    }
  });

  it('is refused when one bit of a weight is another', async () => {
    const bent = file.slice();
    bent[bent.length - 10]! ^= 1;
    await expectRefusal(
      bent,
      /expected weights with SHA-256 "[0-9a-f]{64}", received [0-9a-f]{64}/,
    );
  });

  it('is refused without a receipt or run record, or with one that is no JSON object', async () => {
    for (const name of ['receipt', 'run']) {
      for (const text of [undefined, '', '{', 'null', '1', '"text"']) {
        const bytes = changed(({ tensors, metadata }) => {
          const { [name]: _, ...rest } = metadata;
          return { tensors, metadata: text === undefined ? rest : { ...rest, [name]: text } };
        });
        await expectRefusal(bytes, `some.model: expected a ${name} in JSON`);
      }
    }
  });

  it('is refused with a receipt that is a list', async () => {
    await expectRefusal(
      changed(({ tensors, metadata }) => ({ tensors, metadata: { ...metadata, receipt: '[]' } })),
      /^some\.model: /,
    );
  });

  it('is refused when another version of the contract made it', async () => {
    for (const contract of [0, 2, '1', null]) {
      await expectRefusal(withReceipt({ contract }), 'some.model: expected contract version 1');
    }
  });

  it('is refused with a receipt of another digest', async () => {
    await expectRefusal(withReceipt({ weightsSha256: '0'.repeat(64) }), 'expected weights with');
    await expectRefusal(withReceipt({ weightsSha256: undefined }), 'weightsSha256');
    await expectRefusal(withReceipt({ weightsSha256: 5 }), 'weightsSha256');
  });

  it('is refused with a recipe that is not valid', async () => {
    const { recipe } = model;
    await expectRefusal(withReceipt({ recipe: null }), 'some.model: recipe');
    await expectRefusal(withReceipt({ recipe: { ...recipe, learningRate: 0 } }), 'learningRate');
    await expectRefusal(withReceipt({ recipe: { ...recipe, layers: [16] } }), 'layers');
    await expectRefusal(withReceipt({ recipe: { ...recipe, unknown: 1 } }), 'unknown');
  });

  it("is refused when its tensors are not the recipe's", async () => {
    const { recipe } = model;
    await expectRefusal(
      withReceipt({ recipe: { ...recipe, layers: [16, 9, 3] } }),
      'expected a tensor "layers.0.weight" [16,9], received one of [16,8]',
    );
    await expectRefusal(
      withReceipt({ recipe: { ...recipe, layers: [16, 8, 3, 3] } }),
      'expected a tensor "layers.2.weight" [3,3], received none',
    );
    await expectRefusal(
      changed(({ tensors, metadata }) => ({ tensors: tensors.slice(1), metadata })),
      'expected a tensor "layers.0.weight" [16,8], received none',
    );
    await expectRefusal(
      changed(({ tensors, metadata }) => ({
        tensors: [...tensors, { name: 'more', shape: [1], values: Float32Array.of(1) }],
        metadata,
      })),
      'expected 4 tensors, received 5',
    );
  });

  it('is refused with a weight that is not finite', async () => {
    const bent = file.slice();
    new DataView(bent.buffer).setFloat32(bent.length - 4, Number.NaN, true);
    await expectRefusal(bent, 'expected finite values, received NaN at index');
  });

  it('is refused with a layer too wide for any memory, before memory is asked for', async () => {
    const layers = [2 ** 20, 2 ** 20, 3];
    await expectRefusal(withReceipt({ recipe: { ...model.recipe, layers } }), /^some\.model: /);
  });
});

describe('a model file of a table', () => {
  const table = smallDataset({
    inputs: Float32Array.from({ length: 180 }, (_, at) => ((at >> 1) * (3 + (at & 1))) % 7),
    features: 2,
    image: null,
    classNames: ['rose', 'tulip', 'lily'],
    encoding: {
      columns: [
        { name: 'height', categories: null },
        { name: 'width', categories: null },
      ],
      label: 'kind',
    },
  });
  const trainTable = () =>
    train({
      recipe: recipeFor(table, { epochs: 1, layers: [2, 3, 3] }),
      dataset: table,
      backend: typescriptBackend(),
    });

  it('comes back as it was', async () => {
    const { trainSeconds: _, samplesPerSecond: __, ...trained } = await trainTable();
    expect(await decodeModel(encodeModel(trained), 'table')).toEqual(trained);
  });

  it('is refused with any bit of its tensors flipped', async () => {
    const whole = encodeModel(await trainTable());
    const header = Number(new DataView(whole.buffer, whole.byteOffset).getBigUint64(0, true));
    for (let at = 8 + header; at < whole.length; at += 1) {
      const bytes = whole.slice();
      bytes[at]! ^= 1 << (at % 8);
      await expect(decodeModel(bytes, 'table'), `byte ${at}`).rejects.toThrow(BitgradError);
    }
  });

  it.each([
    ['rose', 'rosa'],
    ['width', 'depth'],
    ['kind', 'sort'],
  ])('is refused with %s called %s', async (name, other) => {
    const { tensors, metadata } = decodeSafetensors(encodeModel(await trainTable()), 'table');
    const input = metadata.input!.replace(name, other);
    const bytes = encodeSafetensors({ tensors, metadata: { ...metadata, input } });
    await expect(decodeModel(bytes, 'table')).rejects.toThrow(
      /^table: expected names, encoding and scaling with SHA-256 [0-9a-f]{64}, received [0-9a-f]{64}$/,
    );
  });
});
