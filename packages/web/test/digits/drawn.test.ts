import { Stream } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { fitStrokes } from '../../src/views/draw/fit-strokes.js';
import { DISTORTIONS, drawDistorted } from './distort.js';
import { drawHand, HANDS } from './hands.js';
import { openShipped } from './shipped-model.js';
import { drawStyle, STYLES } from './styles.js';
import { TRAJECTORIES } from './trajectories.js';

const SEED = 1;
/** Drawings of each way of writing with each distortion. */
const COPIES = 4;
/** Drawings of each style. */
const STYLED = 50;

test('the shipped model reads drawings, however distorted', async () => {
  const read = await openShipped();
  const scores = Object.keys(DISTORTIONS).map((name, index) => {
    const stream = new Stream(SEED, 'augment', index);
    const answers = TRAJECTORIES.flatMap((ways, digit) =>
      ways.flatMap((way) =>
        Array.from({ length: COPIES }, () => {
          const { strokes, penRadius } = drawDistorted(way, name, stream);
          return read(fitStrokes(strokes, penRadius)!) === digit;
        }),
      ),
    );
    return { name, right: answers.filter(Boolean).length, count: answers.length };
  });
  expectRead(scores, 1000);
});

test.each([
  ['the styles that hands differ in', STYLES, drawStyle, SEED + 1],
  ['the same styles of other hands', HANDS, drawHand, SEED + 2],
])('the shipped model reads %s', async (_, names, draw, seed) => {
  const read = await openShipped();
  const scores = names.map((name, index) => {
    const drawings = draw(name, new Stream(seed, 'augment', index), STYLED);
    const right = drawings.filter(
      ({ digit, strokes, penRadius }) => read(fitStrokes(strokes, penRadius)!) === digit,
    );
    return { name, right: right.length, count: drawings.length };
  });
  expectRead(scores, 400);
});

interface Score {
  readonly name: string;
  readonly right: number;
  readonly count: number;
}

/** Of all at least 97 % are read correctly, and of each kind at least 90 %. */
function expectRead(scores: readonly Score[], leastCount: number): void {
  const total = (key: 'right' | 'count') => scores.reduce((sum, score) => sum + score[key], 0);
  const told = scores.map(({ name, right, count }) => `${name} ${right} of ${count}`).join(', ');
  expect(total('count')).toBeGreaterThanOrEqual(leastCount);
  expect(total('right') / total('count'), told).toBeGreaterThanOrEqual(0.97);
  for (const { name, right, count } of scores)
    expect(right / count, `${name}; ${told}`).toBeGreaterThanOrEqual(0.9);
}

test('every digit is written in several ways', () => {
  expect(TRAJECTORIES).toHaveLength(10);
  for (const ways of TRAJECTORIES) expect(ways.length).toBeGreaterThanOrEqual(4);
});
