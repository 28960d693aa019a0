import type { Dimension } from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { kindCases, type OpRun } from './op-shapes.js';

/** `[m, n, k]`: every mixture of edges, then shapes that reach past tiles and blocks. */
const SHAPES: readonly (readonly [m: number, n: number, k: number])[] = [
  ...[0, 1, 7, 17].flatMap((m) =>
    [0, 1, 7, 16, 33].flatMap((n) => [0, 1, 8, 15].map((k) => [m, n, k] as const)),
  ),
  [2, 4, 31],
  [3, 65, 16],
  [15, 15, 15],
  [16, 16, 16],
  [31, 2, 65],
  [33, 31, 3],
  [65, 9, 17],
  [5, 129, 130],
  [1, 257, 40],
  // Past the rows, columns and depths that are packed at a time.
  [250, 530, 5],
  [17, 530, 400],
];

const TRANSPOSES = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

/** The op `gemm` over many shapes, in all transposes, and with a step's rows as each dimension. */
export function gemmCases(): GroupCase[] {
  return TRANSPOSES.flatMap(([transposeA, transposeB]) =>
    kindCases(
      `gemm, transposes ${Number(transposeA)}${Number(transposeB)}`,
      function* (): Iterable<OpRun> {
        for (const [m, n, k] of SHAPES) {
          yield gemmRun([m, n, k], [m, n, k], 1, 1, transposeA, transposeB);
        }
        // Two steps of 17 rows, then one of 5: what lies behind a partial batch stays untouched.
        for (const [m, n, k] of [
          ['rows', 10, 33],
          [33, 10, 'rows'],
          [9, 'rows', 16],
        ] as const) {
          yield gemmRun(
            [m, n, k],
            [sizeOf(m), sizeOf(n), sizeOf(k)],
            17,
            39,
            transposeA,
            transposeB,
          );
        }
      },
    ),
  );

  function sizeOf(dimension: Dimension): number {
    return dimension === 'rows' ? 17 : dimension;
  }
}

function gemmRun(
  [m, n, k]: readonly [Dimension, Dimension, Dimension],
  [largestM, largestN, largestK]: readonly [number, number, number],
  batchSize: number,
  count: number,
  transposeA: boolean,
  transposeB: boolean,
): OpRun {
  return {
    op: { op: 'gemm', a: 'a', b: 'b', c: 'c', m, n, k, transposeA, transposeB },
    batchSize,
    count,
    declarations: [
      ['a', 'f32', largestM, largestK],
      ['b', 'f32', largestK, largestN],
      // Longer than needed: the rest must stay as it was.
      ['c', 'f32', largestM * largestN + 5],
    ],
  };
}
