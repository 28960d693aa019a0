import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import { BitgradError } from '../src/errors.js';
import { decodeCheckpoint, encodeCheckpoint } from '../src/file/checkpoint-file.js';
import { littleEndianBytes } from '../src/file/digest.js';
import { decodeSafetensors, encodeSafetensors } from '../src/file/safetensors.js';
import { sha256OfParts } from '../src/file/sha256.js';
import type { Checkpoint } from '../src/train/checkpoint.js';
import { Training } from '../src/train/training.js';
import { smallDataset, smallRecipe } from './synthetic.js';

/** After two epochs, with all that a checkpoint can hold: what Adam remembers, and the best epoch. */
async function trainedFile(): Promise<{ training: Training; file: Uint8Array }> {
  const changes = {
    layers: [16, 2, 3],
    optimizer: 'adam',
    split: [0.6, 0.2, 0.2],
    patience: 5,
  } as const;
  const training = await Training.open(typescriptBackend(), smallRecipe(changes), smallDataset());
  for (let epoch = 0; epoch < 2; epoch += 1) await training.runEpoch();
  return { training, file: await encodeCheckpoint(training.checkpoint()) };
}

describe('a checkpoint file', () => {
  it('comes back as it was', async () => {
    const { training, file } = await trainedFile();
    const checkpoint = training.checkpoint();
    expect(checkpoint.best).not.toBeNull();
    expect(await decodeCheckpoint(file, 'a')).toEqual(checkpoint);
  });

  it('is refused with a bit flipped anywhere, in what the optimiser remembers too', async () => {
    const { file } = await trainedFile();
    for (let at = 0; at < file.length; at += 1) {
      const bytes = file.slice();
      bytes[at]! ^= 1 << (at % 8);
      await expect(decodeCheckpoint(bytes, 'a'), `byte ${at}`).rejects.toThrow(BitgradError);
    }
  });

  it('is refused when it was cut', async () => {
    const { file } = await trainedFile();
    for (let length = 0; length < file.length; length += 7) {
      const cut = decodeCheckpoint(file.subarray(0, length), 'a');
      await expect(cut, `${length} bytes`).rejects.toThrow(/^a: /);
    }
  });

  it.each([
    [undefined, 'a file without one'],
    ['{', '"{"'],
    ['null', '"null"'],
    ['1', '"1"'],
  ])('is refused with the text %s', async (text, received) => {
    const metadata: Record<string, string> = text === undefined ? {} : { checkpoint: text };
    const bytes = encodeSafetensors({ tensors: [], metadata });
    await expect(decodeCheckpoint(bytes, 'a')).rejects.toThrow(
      `a: expected a checkpoint, received ${received}`,
    );
  });

  const forgeries: readonly (readonly [what: string, change: object, error: RegExp])[] = [
    ['no data', { dataset: null }, /dataset: expected an object, received null$/],
    ['an image that is a number', { image: 5 }, /dataset: image: expected height and width/],
    ['an image without height', { image: { height: 0, width: 4 } }, /dataset: image: expected/],
    ['an image of another size', { image: { height: 9, width: 9 } }, /dataset: expected samples/],
    ['text for a count', { train: '60' }, /dataset: train: expected an integer/],
    ['other features', { features: 17 }, /dataset: expected samples of 16 numbers/],
    ['text for seconds', { trainSeconds: '1' }, /trainSeconds: expected a number/],
    ['negative seconds', { trainSeconds: -1 }, /trainSeconds: expected a number/],
    ['an epoch that is no digest', { epochs: ['../../x'] }, /epochs: expected a SHA-256/],
    ['a text of states', { states: 'ab' }, /states: expected a SHA-256 for each of 2 epochs/],
    ['another contract', { contract: '1' }, /contract: expected version 1, received "1"$/],
    ['a best epoch to come', { best: { epoch: 3, validationLoss: 1 } }, /expected one of 2 epochs/],
    ['a best epoch of text', { best: { epoch: '1', validationLoss: 1 } }, /best: epoch: expected/],
    ['a loss of text', { best: { epoch: 1, validationLoss: '1' } }, /validationLoss: expected/],
    ['a best that is a text', { best: 'x' }, /best: expected an object, received "x"$/],
    ['no recipe', { recipe: undefined }, /recipe: .*expected an object/],
    ['a recipe without a name', { recipe: { name: 5 } }, /recipe: /],
    [
      'an encoding that is a text',
      { encoding: 'x' },
      /checkpoint: encoding: expected columns that/,
    ],
    ['an encoding without columns', { encoding: { a: 1 } }, /encoding: expected columns that/],
    ['an encoding of no columns', { encoding: { label: 'y', columns: [] } }, /encoding: expected/],
    ['a hundred thousand layers', { layers: Array(100_000).fill(1) }, /at most 1000 layers/],
  ];

  it.each(forgeries)('is refused with %s, its digest made anew', async (_, change, error) => {
    const { training } = await trainedFile();
    const checkpoint = training.checkpoint();
    const file = await forge(await encodeCheckpoint(checkpoint), checkpoint, change);
    await expect(decodeCheckpoint(file, 'a')).rejects.toThrow(error);
    await expect(decodeCheckpoint(file, 'a')).rejects.toThrow(BitgradError);
    await expect(decodeCheckpoint(file, 'a')).rejects.toThrow(/^a: /);
  });
});

/** The same file with some fields of its text, its data or its recipe changed, and a digest that fits. */
async function forge(
  file: Uint8Array,
  { state, best, dataset, recipe }: Checkpoint,
  change: Record<string, unknown> | object,
): Promise<Uint8Array> {
  const { tensors, metadata } = decodeSafetensors(file, 'a');
  const value = JSON.parse(metadata.checkpoint!) as Record<string, unknown>;
  for (const [field, changed] of Object.entries(change)) {
    if (field in value || field === 'encoding') value[field] = changed;
    else if (field in dataset) value.dataset = { ...dataset, [field]: changed };
    else value.recipe = { ...recipe, [field]: changed };
  }
  const checkpoint = JSON.stringify(value);
  const numbers = [...state.values(), ...(best ? [best.parameters] : [])];
  const sha256 = await sha256OfParts([
    new TextEncoder().encode(checkpoint),
    ...numbers.map(littleEndianBytes),
  ]);
  return encodeSafetensors({ tensors, metadata: { checkpoint, sha256 } });
}
