// The recipes on the real digits: the digest after every epoch, pinned, the same from each backend.

import { describe, expect, test } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { eventsIn, runCli } from './run-cli.js';
import { temporaryFolder } from './temporary.js';

const EPOCH_DIGESTS: Readonly<Record<string, readonly string[]>> = {
  'mnist --epochs 2': [
    '696a07e42918ca7e692e35078d095609a080697d618f2f40fb94887822696cc8',
    'c33ff687d3d5af7555e23dd97b690599ac06f8d0c6971d031ed9925756f97288',
  ],
  seed: [
    '0b00764be37a22d163247dadacdf8246aec7fb4dc67d488f002b8b51d89469e8',
    'ebd25f1782454392f2ff2a3e351f41e75006f03788e8012264f067a543136f23',
    'a6eded26d99d14caa45958b5cf803466bc780e0078cf6ae621e3a91b3337e836',
    '394cb8730657fe5bc36f09cd618344905de43ad38210b25fa91437209c70c5d0',
    '957bf0931e550bee30e945e8a74dd22074e6714b0efa943b35e405bf52cd9602',
  ],
  listing: [
    '67954bd132a4d4571778eb0aea0693edfe46494521cb8705de62baacab29baac',
    '90641a358e41facff711cba1127fd9c1f007d4f93194913cec36279cc206dcef',
    'a9365479884425f7dd4c9b24c073dd0fc1f4b5c52042726b9430fdd3933d1efb',
    '3135f5b459962fc01f34b866f1d497311cdfb0551a3fc863c598beb70dfba927',
    '26141da04b449f526c0cd88ff06c9d48fa4448fd1c1dc0ea5820cfc16f1d91b7',
  ],
};

/** What the other backends than the native one train; all on all take long. */
const OTHERS: Readonly<Record<string, string>> = { wasm: 'listing', ts: 'seed' };
const isTrained = (backend: string, recipe: string): boolean =>
  !missing('long') || (OTHERS[backend] ?? recipe) === recipe;

async function trainBy(recipe: string, backend: string) {
  const args = ['train', '--json', '--backend', backend, '--recipe', ...recipe.split(' ')];
  return eventsIn(await runCli(args, { folder: temporaryFolder() }));
}

describe.each(['native', 'wasm', 'ts'])('on %s', (backend) => {
  const isMissing = backend === 'native' && missing('native');
  const recipes = Object.entries(EPOCH_DIGESTS).filter(([recipe]) => isTrained(backend, recipe));
  test.skipIf(isMissing).each(recipes)('%s', async (recipe, digests) => {
    const events = await trainBy(recipe, backend);
    const epochs = events.filter(({ event }) => event === 'epoch');
    expect(epochs.map(({ weightsSha256 }) => weightsSha256)).toEqual(digests);
  });
});

test.skipIf(missing('native'))(
  'the main job reaches 97 %, and the digest in the README',
  async () => {
    const end = (await trainBy('mnist', 'native')).at(-1)!;
    expect(end).toMatchObject({
      epochs: 50,
      weightsSha256: '6c07cd6f50694da4347f17eec54daf335869d6fdb4b087eac0f208bc0915f823',
    });
    expect(end.testAccuracy).toBeGreaterThanOrEqual(0.97);
  },
);
