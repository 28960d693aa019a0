import type { Stream } from '@bitgrad/core';
import { PAD_SIZE, PEN_RADIUS } from '../../src/views/draw/pad-size.js';
import type { Point } from '../../src/views/draw/strokes.js';
import type { StyledDrawing } from './styles.js';

/**
 * Other hands: each digit made of straight lines and bows whose proportions vary widely, apart from the
 * trajectories and from `styles.ts`, so that what reads those has not been fitted to one set alone.
 */

/** Points of a box of 1×1, y downwards; a third number bends the line that leads to the point. */
type Corner = readonly [x: number, y: number, bow?: number];

/** A digit as one writes it, anew each time. */
type Form = (stream: Stream) => readonly (readonly Corner[])[];

const between = (stream: Stream, least: number, most: number): number =>
  least + (most - least) * stream.uniform();
const oneOf = <Value>(stream: Stream, values: readonly Value[]): Value =>
  values[stream.below(values.length)]!;

const oval: Form = (stream) => {
  const [left, right] = [between(stream, 0.1, 0.28), between(stream, 0.72, 0.9)];
  const open = between(stream, -0.05, 0.04);
  const middle = (left + right) / 2;
  const round = (right - left) / 2 / 0.9;
  return [
    [
      [middle + open, 0.05],
      [middle, 0.95, -round],
      [middle - open, 0.05, -round],
    ],
  ];
};

const stem = (
  stream: Stream,
  reach: readonly [number, number],
  rise: readonly [number, number],
): Corner[] => {
  const x = between(stream, 0.48, 0.64);
  const across = between(stream, ...reach);
  return [
    [x - across, 0.05 + across * between(stream, ...rise), 0],
    [x, 0.05, between(stream, -0.1, 0.05)],
    [x + between(stream, -0.08, 0.04), 0.95, between(stream, -0.03, 0.03)],
  ];
};

/** An oval and a line through it, of so many times the oval's size. */
function slashed(stream: Stream, least: number, most: number): ReturnType<Form> {
  const out = between(stream, least, most);
  const across = out * between(stream, 0.16, 0.26);
  const along = out * between(stream, 0.24, 0.34);
  return [
    ...oval(stream),
    [
      [0.5 + across, 0.5 - along],
      [0.5 - across, 0.5 + along],
    ],
  ];
}

/** The styles that one digit alone is written in. */
const FORMS: Readonly<Record<string, { digit: number; form: Form }>> = {
  'crossed 7': {
    digit: 7,
    form: (stream) => {
      const [left, right] = [between(stream, 0.1, 0.28), between(stream, 0.72, 0.92)];
      const foot = between(stream, 0.3, 0.62);
      const height = between(stream, 0.4, 0.6);
      const middle = right + (foot - right) * height;
      const reach = between(stream, 0.12, 0.26);
      const tilt = between(stream, -0.06, 0.06);
      const hook: Corner[] =
        stream.below(3) === 0
          ? [
              [left, between(stream, 0.12, 0.22)],
              [left, 0.06],
            ]
          : [[left, 0.06]];
      return [
        [
          ...hook,
          [right, 0.06, between(stream, -0.06, 0.04)],
          [foot, 0.95, between(stream, -0.08, 0.08)],
        ],
        [
          [middle - reach, height + tilt],
          [middle + reach, height - tilt],
        ],
      ];
    },
  },
  'open 4': {
    digit: 4,
    form: (stream) => {
      const left = between(stream, 0.12, 0.26);
      const right = between(stream, 0.62, 0.76);
      const bar = between(stream, 0.48, 0.62);
      const lean = between(stream, -0.08, 0.05);
      return [
        [
          [left + between(stream, 0, 0.12), between(stream, 0.05, 0.14)],
          [left, bar, between(stream, -0.06, 0.06)],
          [
            right + between(stream, 0.04, 0.2),
            bar + between(stream, -0.03, 0.03),
            between(stream, -0.05, 0.05),
          ],
        ],
        [
          [right, between(stream, 0.05, 0.3)],
          [right + lean, 0.95],
        ],
      ];
    },
  },
  'open 4 in one stroke': {
    digit: 4,
    form: (stream) => {
      const [left, right] = [between(stream, 0.15, 0.28), between(stream, 0.66, 0.8)];
      const bar = between(stream, 0.45, 0.58);
      return [
        [
          [left + 0.04, 0.06],
          [left, bar, 0.04],
          [right, bar - 0.02, 0],
          [right + 0.02, between(stream, 0.1, 0.25), 0],
          [right - between(stream, 0, 0.1), 0.95, 0],
        ],
      ];
    },
  },
  'closed 4': {
    digit: 4,
    form: (stream) => {
      const peak = between(stream, 0.55, 0.72);
      const left = between(stream, 0.08, 0.22);
      const bar = between(stream, 0.56, 0.72);
      return [
        [
          [peak, 0.05],
          [left, bar, between(stream, -0.06, 0.02)],
          [between(stream, 0.84, 0.95), bar + between(stream, -0.03, 0.02)],
        ],
        [
          [peak + between(stream, -0.02, 0.02), between(stream, 0.04, 0.1)],
          [peak + between(stream, -0.06, 0.04), 0.95],
        ],
      ];
    },
  },
  '1 with upstroke': { digit: 1, form: (stream) => [stem(stream, [0.12, 0.3], [0.7, 1.4])] },
  '1 with long upstroke': { digit: 1, form: (stream) => [stem(stream, [0.28, 0.42], [0.9, 1.6])] },
  '1 with very long upstroke': {
    digit: 1,
    form: (stream) => [stem(stream, [0.3, 0.46], [1, 1.6])],
  },
  '1 with upstroke and foot': {
    digit: 1,
    form: (stream) => {
      const line = stem(stream, [0.1, 0.28], [0.7, 1.4]);
      const [x] = line.at(-1)!;
      const foot = between(stream, 0.12, 0.26);
      return [
        line,
        [
          [x - foot, 0.95],
          [x + foot, 0.95 + between(stream, -0.03, 0.02)],
        ],
      ];
    },
  },
  '1 with long upstroke and foot': {
    digit: 1,
    form: (stream) => {
      const line = stem(stream, [0.24, 0.36], [0.9, 1.5]);
      const [x] = line.at(-1)!;
      const foot = between(stream, 0.14, 0.28);
      return [
        line,
        [
          [x - foot, 0.95],
          [x + foot, 0.95],
        ],
      ];
    },
  },
  '2 like a Z': {
    digit: 2,
    form: (stream) => {
      const [left, right] = [between(stream, 0.12, 0.24), between(stream, 0.68, 0.82)];
      const top = between(stream, 0.05, 0.12);
      return [
        [
          [left + between(stream, 0, 0.06), top],
          [right, 0.06],
          [left, 0.94],
          [right + between(stream, 0, 0.1), 0.94],
        ],
      ];
    },
  },
  'slashed 0': { digit: 0, form: (stream) => slashed(stream, 0.5, 1.15) },
  '0 with a slash far beyond it': { digit: 0, form: (stream) => slashed(stream, 1.2, 2.2) },
};

/** Usual ways, by digit. */
const USUAL: readonly Form[] = [
  oval,
  (stream) => [
    oneOf(stream, [
      [
        [0.5 + between(stream, -0.05, 0.15), 0.05],
        [0.5, 0.95],
      ] as Corner[],
      stem(stream, [0.08, 0.2], [0.7, 1.3]),
    ]),
  ],
  (stream) => {
    const [left, right] = [between(stream, 0.12, 0.28), between(stream, 0.66, 0.82)];
    const turn = between(stream, 0.24, 0.34);
    return [
      [
        [left, turn],
        [right, turn, 0.45],
        [left - between(stream, -0.03, 0.06), 0.93, between(stream, 0.05, 0.14)],
        [right + between(stream, 0, 0.12), 0.93, between(stream, -0.06, 0.08)],
      ],
    ];
  },
  (stream) => {
    const left = between(stream, 0.14, 0.3);
    const waist = between(stream, 0.4, 0.5);
    const notch = between(stream, 0.36, 0.5);
    return [
      [
        [left, between(stream, 0.08, 0.16)],
        [notch, waist, between(stream, 0.5, 0.62)],
        [
          left - between(stream, -0.02, 0.06),
          between(stream, 0.86, 0.93),
          between(stream, 0.5, 0.62),
        ],
      ],
    ];
  },
  (stream) => FORMS[oneOf(stream, ['open 4', 'closed 4'])]!.form(stream),
  (stream) => {
    const left = between(stream, 0.22, 0.34);
    const waist = between(stream, 0.36, 0.46);
    const belly: Corner[] = [
      [left - 0.03, waist],
      [left - between(stream, 0, 0.1), between(stream, 0.86, 0.94), between(stream, 0.52, 0.68)],
    ];
    const top: Corner = [between(stream, 0.68, 0.84), 0.06 + between(stream, -0.03, 0.03)];
    return stream.below(2) === 0
      ? [[top, [left, 0.07], ...belly]]
      : [
          [[left, 0.07], ...belly],
          [[left, 0.07], top],
        ];
  },
  (stream) => {
    const left = between(stream, 0.18, 0.26);
    const right = between(stream, 0.68, 0.82);
    const top = between(stream, 0.46, 0.56);
    const middle = (left + right) / 2;
    const bulge = (right - left) / 2 / (0.95 - top);
    return [
      [
        [between(stream, 0.5, 0.72), 0.05],
        [left, 0.72, between(stream, -0.22, -0.1)],
        [middle, 0.95, -0.2],
        [middle, top, -bulge],
        [left + 0.02, 0.74, -0.25],
      ],
    ];
  },
  (stream) => {
    const { form } = FORMS['crossed 7']!;
    return [form(stream)[0]!];
  },
  (stream) => {
    const waist = between(stream, 0.42, 0.52);
    const [upper, lower] = [between(stream, 0.18, 0.27), between(stream, 0.24, 0.34)];
    const bulgeUp = upper / (waist - 0.05);
    const bulgeDown = lower / (0.95 - waist);
    return stream.below(2) === 0
      ? [
          [
            [0.5, 0.05],
            [0.5, waist, -bulgeUp],
            [0.5, 0.95, bulgeDown],
            [0.5, waist, bulgeDown],
            [0.5, 0.05, -bulgeUp],
          ],
        ]
      : [
          [
            [0.5, 0.05],
            [0.5, waist, -bulgeUp],
            [0.5, 0.05, -bulgeUp],
          ],
          [
            [0.5, waist],
            [0.5, 0.95, -bulgeDown],
            [0.5, waist, -bulgeDown],
          ],
        ];
  },
  (stream) => {
    const right = between(stream, 0.68, 0.8);
    const left = between(stream, 0.18, 0.3);
    const waist = between(stream, 0.46, 0.54);
    const middle = (left + right) / 2;
    const bulge = (right - left) / 2 / (waist - 0.05);
    return [
      [
        [right - 0.04, 0.16],
        [middle, 0.05, -0.25],
        [middle, waist, -bulge],
        [right, between(stream, 0.22, 0.3), -0.35],
        [right - between(stream, 0, 0.2), 0.95, between(stream, -0.02, 0.1)],
      ],
    ];
  },
];

interface Placing {
  readonly size: number;
  readonly stretch: number;
  readonly tilt: number;
  readonly place: Point;
  readonly pen: number;
}

const TREATMENTS: Readonly<Record<string, (stream: Stream) => Partial<Placing>>> = {
  usual: () => ({}),
  thick: (stream) => ({ pen: between(stream, 1.6, 2.2) }),
  thin: (stream) => ({ pen: between(stream, 0.25, 0.45) }),
  narrow: (stream) => ({ stretch: between(stream, 0.4, 0.65) }),
  wide: (stream) => ({ size: 0.5, stretch: between(stream, 1.4, 1.9) }),
  'turned 20° right': () => ({ tilt: 20 }),
  'turned 20° left': () => ({ tilt: -20 }),
  'tiny in a corner': (stream) => ({
    size: between(stream, 0.1, 0.2),
    place: { x: stream.below(2), y: stream.below(2) },
  }),
};

export const HANDS: readonly string[] = [...Object.keys(FORMS), ...Object.keys(TREATMENTS)];

/** Draws `count` digits of a style. */
export function drawHand(style: string, stream: Stream, count: number): StyledDrawing[] {
  return Array.from({ length: count }, (_, at) => {
    const digit = FORMS[style]?.digit ?? at % 10;
    const form = FORMS[style]?.form ?? USUAL[digit]!;
    const placing: Placing = {
      size: between(stream, 0.5, 0.8),
      stretch: between(stream, 0.8, 1.05),
      tilt: between(stream, -6, 6),
      place: { x: between(stream, 0.2, 0.8), y: between(stream, 0.2, 0.8) },
      pen: 1,
      ...TREATMENTS[style]?.(stream),
    };
    const wobble = slowWobble(stream);
    return {
      digit,
      strokes: form(stream).map((corners) => linesOf(corners).map(placed(placing, wobble))),
      penRadius: PEN_RADIUS * placing.pen,
    };
  });
}

const PIECES = 16;

/** A line through corners, each stretch bent by its bow: half an ellipse over its chord. */
function linesOf(corners: readonly Corner[]): Point[] {
  return corners.flatMap(([x, y, bow = 0], index) => {
    const [fromX, fromY] = corners[index - 1] ?? [x, y];
    if (index === 0) return [{ x, y }];
    const [alongX, alongY] = [x - fromX, y - fromY];
    return Array.from({ length: PIECES }, (_, piece) => {
      const turn = (Math.PI * (piece + 1)) / PIECES;
      const share = Math.abs(bow) < 0.15 ? (piece + 1) / PIECES : (1 - Math.cos(turn)) / 2;
      const out = bow * Math.sin(turn);
      return { x: fromX + share * alongX + out * alongY, y: fromY + share * alongY - out * alongX };
    });
  });
}

/** A hand strays slowly, by up to 2 % of the digit's size: two waves of chance. */
function slowWobble(stream: Stream): (point: Point) => Point {
  const waves = Array.from({ length: 4 }, () => ({
    size: between(stream, 0, 0.012),
    turns: between(stream, 0.5, 2),
    begin: stream.uniform(),
  }));
  const wave = (at: number, place: number): number => {
    const { size, turns, begin } = waves[at]!;
    return size * Math.sin(2 * Math.PI * (begin + turns * place));
  };
  return ({ x, y }) => ({
    x: x + wave(0, y) + wave(1, x),
    y: y + wave(2, x) + wave(3, y),
  });
}

function placed({ size, stretch, tilt, place }: Placing, wobble: (point: Point) => Point) {
  const side = size * PAD_SIZE;
  const turn = (tilt * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  const [left, top] = [place.x * (PAD_SIZE - side), place.y * (PAD_SIZE - side)];
  return (point: Point): Point => {
    const { x, y } = wobble(point);
    const [across, down] = [(x - 0.5) * stretch, y - 0.5];
    return {
      x: left + side * (0.5 + cosine * across - sine * down),
      y: top + side * (0.5 + sine * across + cosine * down),
    };
  };
}
