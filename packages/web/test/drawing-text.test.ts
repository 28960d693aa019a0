import { fitDigit } from '@bitgrad/formats/prepare';
import { describe, expect, test } from 'vitest';
import { glyphCells } from '../src/parts/glyph.js';
import { decodeDrawing, encodeDrawing } from '../src/state/drawing-text.js';
import { fitStrokes } from '../src/views/draw/fit-strokes.js';
import { PAD_SIZE, PEN_RADIUS } from '../src/views/draw/pad-size.js';
import { drawStrokes, type Stroke } from '../src/views/draw/strokes.js';

const LINE: Stroke = Array.from({ length: 900 }, (_, at) => ({ x: 20 + at / 10, y: 30 + at / 12 }));
const DOT: Stroke = [{ x: 110, y: 20 }];

describe('a drawing in a link', () => {
  test('comes back as it looked', () => {
    const text = encodeDrawing([LINE, DOT]);
    expect(text).toMatch(/^[\w-]{10,400}$/);
    const back = decodeDrawing(text)!;
    expect(back).toHaveLength(2);
    const image = (strokes: readonly Stroke[]) =>
      fitDigit(drawStrokes(strokes, PAD_SIZE, PEN_RADIUS))!;
    const [one, other] = [image([LINE, DOT]), image(back)];
    const difference = one.reduce((sum, value, at) => sum + Math.abs(value - other[at]!), 0);
    expect(difference / 255 / 784).toBeLessThan(0.01);
    expect(fitStrokes(back)).not.toBeNull();
  });

  test('is never longer than a link may be', () => {
    const scribble = Array.from({ length: 50 }, () => LINE);
    const text = encodeDrawing(scribble);
    expect(text.length).toBeLessThan(1200);
    expect(decodeDrawing(text)).not.toBeNull();
  });

  test.each(['', 'A', '!!!!', '____', '_wD_', 'A'.repeat(5000)])('%j is none', (text) => {
    expect(decodeDrawing(text)).toBeNull();
  });
});

test('a digest’s pattern is mirrored, and another digest has another one', () => {
  const digest = '6c07cd6f50694da4347f17eec54daf335869d6fdb4b087eac0f208bc0915f823';
  const cells = glyphCells(digest);
  const places = new Set(cells.map(({ x, y }) => `${x} ${y}`));
  for (const { x, y } of cells) expect(places.has(`${7 - x} ${y}`)).toBe(true);
  expect(glyphCells(digest.replace('6c', '6d'))).not.toEqual(cells);
});
