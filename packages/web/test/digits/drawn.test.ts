import { Stream } from '@bitgrad/core';
import { fitDigit } from '@bitgrad/formats/prepare';
import { expect, test } from 'vitest';
import { PAD_SIZE } from '../../src/views/draw/pad-size.js';
import { drawStrokes } from '../../src/views/draw/strokes.js';
import { DISTORTIONS, drawDistorted } from './distort.js';
import { openShipped } from './shipped-model.js';
import { TRAJECTORIES } from './trajectories.js';

const SEED = 1;
/** Drawings of each way of writing with each distortion. */
const COPIES = 4;

test('the shipped model reads drawings, however distorted', async () => {
  const read = await openShipped();
  const scores = Object.keys(DISTORTIONS).map((name, index) => {
    const stream = new Stream(SEED, 'augment', index);
    const answers = TRAJECTORIES.flatMap((ways, digit) =>
      ways.flatMap((way) =>
        Array.from({ length: COPIES }, () => {
          const { strokes, penRadius } = drawDistorted(way, name, stream);
          return read(fitDigit(drawStrokes(strokes, PAD_SIZE, penRadius))!) === digit;
        }),
      ),
    );
    return { name, right: answers.filter(Boolean).length, count: answers.length };
  });
  const total = (key: 'right' | 'count') => scores.reduce((sum, score) => sum + score[key], 0);
  const told = scores.map(({ name, right, count }) => `${name} ${right} of ${count}`).join(', ');
  expect(total('count')).toBeGreaterThanOrEqual(1000);
  expect(total('right') / total('count'), told).toBeGreaterThanOrEqual(0.93);
  for (const { name, right, count } of scores)
    expect(right / count, `${name}; ${told}`).toBeGreaterThanOrEqual(0.9);
});

test('every digit is written in several ways', () => {
  expect(TRAJECTORIES).toHaveLength(10);
  for (const ways of TRAJECTORIES) expect(ways.length).toBeGreaterThanOrEqual(4);
});
