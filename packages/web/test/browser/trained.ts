import {
  encodeModel,
  RECIPES,
  type Recipe,
  type RunRecord,
  train,
  typescriptBackend,
} from '@bitgrad/core';
import { loadMnist } from '@bitgrad/formats';
import { missing } from '../../../../scripts/require.mjs';
import { nativeAvailability, nativeBackend } from '../../../core-native/dist/index.js';

const RUN: RunRecord = {
  versions: {},
  backend: 'ts',
  isa: 'javascript',
  threads: 1,
  trainSeconds: 1,
  samplesPerSecond: 1,
  finishedAt: '2026-01-01T00:00:00.000Z',
};

/** The main job, cut short. */
export const SHORT_RECIPE: Recipe = { ...RECIPES.mnist!, epochs: 2 };

/** What the command trains on, which takes a twentieth of the time; all in TypeScript takes long. */
const isQuick = missing('long') && nativeAvailability().available;

/** Trains in Node, from MNIST's own files: what the page must equal. */
export async function trainInNode(recipe: Recipe) {
  const backend = isQuick ? nativeBackend() : typescriptBackend();
  const model = await train({ recipe, dataset: await loadMnist(), backend });
  return { ...model, file: encodeModel({ ...model, run: RUN }) };
}

/** A model file as the page is given it. */
export function asFile(name: string, bytes: Uint8Array) {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) };
}
