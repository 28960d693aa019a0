import { describe, expect, test } from 'vitest';
import { inkBox, prepareDigit } from '../src/prepare/prepare.js';
import { drawStrokes, type GreyImage, type Stroke } from '../src/prepare/strokes.js';

const SEVEN: readonly Stroke[] = [
  [
    { x: 40, y: 30 },
    { x: 100, y: 30 },
    { x: 60, y: 110 },
  ],
];

const moved = (strokes: readonly Stroke[], dx: number, dy: number): Stroke[] =>
  strokes.map((stroke) => stroke.map(({ x, y }) => ({ x: x + dx, y: y + dy })));

function centreOfMass(pixels: Uint8Array): [number, number] {
  let [mass, x, y] = [0, 0, 0];
  for (const [at, value] of pixels.entries()) {
    mass += value;
    x += value * ((at % 28) + 0.5);
    y += value * (Math.floor(at / 28) + 0.5);
  }
  return [x / mass, y / mass];
}

const prepared = (strokes: readonly Stroke[], radius = 5.5) =>
  prepareDigit(drawStrokes(strokes, 140, radius))!;
const asImage = (pixels: Uint8Array): GreyImage => ({ width: 28, height: 28, pixels });

describe('strokes', () => {
  test('a dot is round: its ink is about the area of its circle', () => {
    const { pixels } = drawStrokes([[{ x: 20, y: 20 }]], 40, 8);
    const ink = pixels.reduce((sum, value) => sum + value / 255, 0);
    expect(ink / (Math.PI * 64)).toBeCloseTo(1, 1);
  });

  test('crossing strokes do not add up, and ink outside the image is left out', () => {
    const line: Stroke = [
      { x: -20, y: 10 },
      { x: 60, y: 10 },
    ];
    expect(drawStrokes([line, line], 40, 3)).toEqual(drawStrokes([line], 40, 3));
  });
});

describe('the preparation', () => {
  test('the ink fills a box of 20 pixels, its proportions kept', () => {
    const box = inkBox(asImage(prepared(SEVEN)))!;
    expect(box.height).toBe(20);
    // The drawing is 71 units wide and 91 high, the pen included.
    expect(Math.abs(box.width - (20 * 71) / 91)).toBeLessThanOrEqual(1);
  });

  test('the centre of mass comes to the middle, as near as whole pixels allow', () => {
    // A shape near to the middle already, so that the edge of the image is in nobody's way.
    const [x, y] = centreOfMass(
      prepared([
        [
          { x: 40, y: 40 },
          { x: 100, y: 100 },
        ],
      ]),
    );
    expect(Math.abs(x - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(y - 14)).toBeLessThanOrEqual(0.5);
  });

  test('where it was drawn makes no difference', () => {
    expect(prepared(moved(SEVEN, 17, -12))).toEqual(prepared(SEVEN));
  });

  test('how large it was drawn makes little difference', () => {
    const small = SEVEN.map((stroke) => stroke.map(({ x, y }) => ({ x: x / 2, y: y / 2 })));
    const [one, other] = [prepared(SEVEN), prepared(small, 2.75)];
    const difference = one.reduce((sum, value, at) => sum + Math.abs(value - other[at]!) / 255, 0);
    expect(difference / 784).toBeLessThan(0.03);
  });

  test('an image in the box already keeps its bytes', () => {
    const pixels = new Uint8Array(784);
    for (let y = 4; y < 24; y += 1) for (let x = 4; x < 24; x += 1) pixels[y * 28 + x] = 200;
    expect(prepareDigit(asImage(pixels))).toEqual(pixels);
  });

  test('a line as thin as a pixel stays visible, and nothing stays nothing', () => {
    const pixels = new Uint8Array(784);
    for (let y = 0; y < 28; y += 1) pixels[y * 28 + 3] = 255;
    const box = inkBox(asImage(prepareDigit(asImage(pixels))!));
    expect(box).toMatchObject({ width: 1, height: 20 });
    expect(prepareDigit(asImage(new Uint8Array(784)))).toBeNull();
  });
});
