import type { LayerSpec, Shape } from '@bitgrad/core';

/** One sample as an image. */
export interface Image {
  readonly at: (y: number, x: number, c: number) => number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A place `(y, x)` of an image that a window's `(i, j)` lies on. */
interface Place {
  readonly y: number;
  readonly x: number;
  readonly i: number;
  readonly j: number;
}

type Windowed = Extract<LayerSpec, { readonly strides: unknown }>;

const pair = (size: number | readonly [number, number]): readonly [number, number] =>
  typeof size === 'number' ? [size, size] : size;

/** Where windows begin along one side, from the rules of `same` and `valid` alone. */
function starts(padding: string, size: number, kernel: number, stride: number): number[] {
  const begin: number[] = [];
  if (padding === 'valid') {
    for (let at = 0; at + kernel <= size; at += stride) begin.push(at);
    return begin;
  }
  const count = Math.ceil(size / stride);
  const before = Math.floor(Math.max((count - 1) * stride + kernel - size, 0) / 2);
  for (let n = 0; n < count; n += 1) begin.push(n * stride - before);
  return begin;
}

/** The places inside the image that each window covers, windows row by row. */
export function windows64(spec: Windowed, [height, width]: Shape): Place[][] {
  const kernel = pair(spec.type === 'conv2d' ? spec.kernelSize : spec.poolSize);
  const strides = pair(spec.strides);
  return starts(spec.padding, height, kernel[0], strides[0]).flatMap((top) =>
    starts(spec.padding, width!, kernel[1], strides[1]).map((left) => {
      const places: Place[] = [];
      for (let i = 0; i < kernel[0]; i += 1) {
        for (let j = 0; j < kernel[1]; j += 1) {
          const [y, x] = [top + i, left + j];
          if (y >= 0 && y < height && x >= 0 && x < width!) places.push({ y, x, i, j });
        }
      }
      return places;
    }),
  );
}

/** What `reduce` makes of the values in each window of each channel. */
export function pool64(
  image: Image,
  spec: LayerSpec,
  reduce: (inside: number[]) => number,
): number[] {
  const { height, width, channels } = image;
  return windows64(spec as Windowed, [height, width, channels]).flatMap((places) =>
    Array.from({ length: channels }, (_, c) => reduce(places.map(({ y, x }) => image.at(y, x, c)))),
  );
}
