/** The size of what a layer takes or gives for a sample, row-major. */
export type Shape =
  | readonly [features: number]
  | readonly [height: number, width: number, channels: number];

/** An image's size. */
export type ImageShape = Extract<Shape, { length: 3 }>;

/** How many numbers a sample of this shape is. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** As people write it: `28×28×1`, or `784`. */
export function shapeText(shape: readonly number[]): string {
  return shape.join('×');
}
