import { fitDigit } from '@bitgrad/formats/prepare';
import { expect, test } from 'vitest';
import { fitStrokes } from '../src/views/draw/fit-strokes.js';
import { PAD_SIZE, PEN_RADIUS } from '../src/views/draw/pad-size.js';
import { goesOn } from '../src/views/draw/paint-strokes.js';
import { drawStrokes, type Stroke } from '../src/views/draw/strokes.js';

const SEVEN: readonly Stroke[] = [
  [
    { x: 40, y: 30 },
    { x: 100, y: 30 },
    { x: 60, y: 110 },
  ],
];

const moved = (strokes: readonly Stroke[], dx: number, dy: number): Stroke[] =>
  strokes.map((stroke) => stroke.map(({ x, y }) => ({ x: x + dx, y: y + dy })));

const prepared = (strokes: readonly Stroke[], radius = PEN_RADIUS) =>
  fitDigit(drawStrokes(strokes, PAD_SIZE, radius));

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

test('where it was drawn makes no difference', () => {
  expect(prepared(moved(SEVEN, 17, -12))).toEqual(prepared(SEVEN));
});

test('how large it was drawn makes little difference', () => {
  const small = SEVEN.map((stroke) => stroke.map(({ x, y }) => ({ x: x / 2, y: y / 2 })));
  const [one, other] = [prepared(SEVEN)!, prepared(small, PEN_RADIUS / 2)!];
  const difference = one.reduce((sum, value, at) => sum + Math.abs(value - other[at]!) / 255, 0);
  expect(difference / 784).toBeLessThan(0.03);
});

test('on the pad, neither place nor size make a difference, nor do a hundred points in one place', () => {
  const scaled = (factor: number) =>
    SEVEN.map((stroke) => stroke.map(({ x, y }) => ({ x: x * factor, y: y * factor })));
  expect(fitStrokes(scaled(0.2))).toEqual(fitStrokes(SEVEN));
  expect(fitStrokes(moved(scaled(0.2), 100, 100))).toEqual(fitStrokes(SEVEN));
  const slow = SEVEN.map((stroke) =>
    stroke.flatMap((point) => new Array<typeof point>(100).fill(point)),
  );
  expect(fitStrokes(slow)).toEqual(fitStrokes(SEVEN));
});

test('what is drawn beside the pad is not read', () => {
  const beside = [
    ...SEVEN,
    [
      { x: 300, y: 20 },
      { x: 300, y: 90 },
    ],
  ];
  expect(fitStrokes(beside)).toEqual(fitStrokes(SEVEN));
  expect(fitStrokes(moved(SEVEN, 500, 0))).toBeNull();
  expect(fitStrokes([])).toBeNull();
});

test('a line that leaves the pad is read as far as its edge', () => {
  const across: Stroke[] = [
    [
      { x: 70, y: 20 },
      { x: 70, y: PAD_SIZE + 80 },
    ],
  ];
  const cut: Stroke[] = [
    [
      { x: 70, y: 20 },
      { x: 70, y: PAD_SIZE },
    ],
  ];
  expect(fitStrokes(across)).toEqual(fitStrokes(cut));
  const corner: Stroke[] = [
    [
      { x: -10, y: 20 },
      { x: 20, y: -10 },
    ],
  ];
  expect(fitStrokes(corner)).not.toBeNull();
  const beside: Stroke[] = [
    [
      { x: -30, y: 20 },
      { x: 20, y: -30 },
    ],
  ];
  expect(fitStrokes(beside)).toBeNull();
});

test('a drawing that only grows needs its new part painted, any other all of it', () => {
  const [stroke] = SEVEN as [Stroke];
  const longer = [[...stroke, { x: 60, y: 120 }]];
  expect(goesOn(SEVEN, longer)).toBe(true);
  expect(goesOn(longer, [...longer, [{ x: 1, y: 1 }]])).toBe(true);
  expect(goesOn(longer, SEVEN)).toBe(false);
  expect(goesOn(SEVEN, moved(SEVEN, 1, 0))).toBe(false);
  expect(goesOn([], SEVEN)).toBe(false);
});

test('no strokes, or none on the pad, are nothing to read', () => {
  expect(prepared([])).toBeNull();
  expect(prepared(moved(SEVEN, 500, 0))).toBeNull();
});
