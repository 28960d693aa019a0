import { join } from 'node:path';
import type { Recipe } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { colourPngBytes } from './pictures.js';
import { eventsIn, runCli } from './run-cli.js';
import { temporaryFolder, writeFiles } from './temporary.js';

type Colour = readonly [red: number, green: number, blue: number];
type Shape = (u: number, v: number) => boolean;

const DISC: Shape = (u, v) => u * u + v * v < 1;
const SQUARE: Shape = (u, v) => Math.abs(u) < 0.85 && Math.abs(v) < 0.85;
const RING: Shape = (u, v) => DISC(u, v) && u * u + v * v > 0.35;
const RED: Colour = [200, 60, 50];
const GREEN: Colour = [60, 170, 70];
const BLUE: Colour = [50, 80, 200];

/** Numbers that look random, the same in every run. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A photograph of a thing somewhere before a ground of some colour, in some light. */
function photograph(seed: number, shape: Shape, colour: Colour): Uint8Array {
  const next = noise(seed);
  const [width, height] = [60 + Math.floor(next() * 30), 60 + Math.floor(next() * 30)];
  const [x, y, size] = [0.35 + 0.3 * next(), 0.35 + 0.3 * next(), 0.2 + 0.12 * next()];
  const light = 0.7 + 0.5 * next();
  const ground = [next(), next(), next()].map((part) => 110 + 90 * part);
  return colourPngBytes(width, height, (column, row) => {
    const isThing = shape((column / width - x) / size, (row / height - y) / size);
    const base = isThing ? colour : ground;
    return base.map((part) =>
      Math.max(0, Math.min(255, part * light + 24 * (next() - 0.5))),
    ) as unknown as Colour;
  });
}

function folderOf(things: Readonly<Record<string, readonly [Shape, Colour]>>): string {
  const folder = temporaryFolder();
  for (const [at, [name, [shape, colour]]] of Object.entries(things).entries()) {
    for (let index = 0; index < 40; index += 1) {
      const bytes = photograph(1000 * at + index + 1, shape, colour);
      writeFiles(folder, { [join('photos', name, `${index}.png`)]: bytes });
    }
  }
  return folder;
}

const KINDS = [
  ['shape alone', { disc: [DISC, GREEN], square: [SQUARE, GREEN], ring: [RING, GREEN] }],
  ['colour alone', { red: [DISC, RED], green: [DISC, GREEN], blue: [DISC, BLUE] }],
] as const;

test.each(missing('long') ? KINDS.slice(0, 1) : KINDS)(
  'photographs that differ in %s are learnt with nothing but --data',
  async (_, things) => {
    const folder = folderOf(things as unknown as Parameters<typeof folderOf>[0]);
    const trained = await runCli(['train', '--data', 'photos', '--json'], { folder });
    expect(trained.exitCode).toBe(0);
    const events = eventsIn(trained);
    expect(events[0]).toMatchObject({
      recipe: { name: 'images', preprocess: 'scale', augment: 'flip' },
    });
    expect((events[0] as { recipe?: Recipe }).recipe?.layers[0]).toEqual([64, 64, 3]);
    expect(events.at(-1)!.testAccuracy).toBeGreaterThanOrEqual(0.95);
    const predicted = await runCli(
      ['predict', 'model.safetensors', join('photos', Object.keys(things)[0]!), '--json'],
      { folder },
    );
    expect(predicted.exitCode).toBe(0);
    const verified = await runCli(['verify', 'model.safetensors', '--data', 'photos'], { folder });
    expect(verified).toMatchObject({ exitCode: 0 });
  },
);
