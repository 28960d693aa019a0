import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import { BitgradError } from '../src/errors.js';
import { decodeCheckpoint, encodeCheckpoint } from '../src/file/checkpoint-file.js';
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
});
