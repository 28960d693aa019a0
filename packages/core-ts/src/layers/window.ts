import { BitgradError } from '../errors.js';
import type { Window } from '../program/ops.js';
import { type ImageShape, type Shape, shapeText } from './shape.js';
import type { AveragePool2dSpec, MaxPool2dSpec, Padding, Size2d } from './spec.js';

/** A window's size, step and padding, as layers describe them. */
export interface WindowSpec {
  readonly kernelSize: Size2d;
  readonly strides: Size2d;
  readonly padding: Padding;
}

export function pair(size: Size2d): readonly [vertical: number, horizontal: number] {
  return typeof size === 'number' ? [size, size] : size;
}

/** @throws BitgradError where the input is no image */
export function imageOf(input: Shape): ImageShape {
  if (input.length === 3) return input;
  throw new BitgradError(
    `expected an image [height, width, channels] as input, received ${shapeText(input)} features`,
    'write the input as in 28x28 or 32x32x3; tables and flat layers have none',
  );
}

/**
 * How a window walks over an image. With `same` there are `⌈size ÷ stride⌉` places, and the padding
 * that they need, `max((places − 1) · stride + kernel − size, 0)`, goes half before (rounded down) and
 * half after, as in TensorFlow.
 *
 * @throws BitgradError where the input is no image, or the window larger than it
 */
export function windowOf(spec: WindowSpec, input: Shape): Window {
  const [height, width, channels] = imageOf(input);
  const [kernelHeight, kernelWidth] = pair(spec.kernelSize);
  const [strideVertical, strideHorizontal] = pair(spec.strides);
  if (spec.padding === 'valid' && (kernelHeight > height || kernelWidth > width)) {
    throw new BitgradError(
      `expected a window no larger than its image of ${height}×${width}, received ${kernelHeight}×${kernelWidth}`,
      'leave layers that make the image smaller out, or use padding same',
    );
  }
  const [outHeight, paddingTop] = along(spec.padding, height, kernelHeight, strideVertical);
  const [outWidth, paddingLeft] = along(spec.padding, width, kernelWidth, strideHorizontal);
  return {
    height,
    width,
    channels,
    kernelHeight,
    kernelWidth,
    strideVertical,
    strideHorizontal,
    paddingTop,
    paddingLeft,
    outHeight,
    outWidth,
  };
}

/** The window of a pool, whose size has a name of its own. */
export function poolWindowOf(spec: MaxPool2dSpec | AveragePool2dSpec, input: Shape): Window {
  return windowOf({ ...spec, kernelSize: spec.poolSize }, input);
}

/** One window as large as its image. */
export function wholeWindowOf(input: Shape): Window {
  const [height, width] = imageOf(input);
  const size2d = [height, width] as const;
  return windowOf({ kernelSize: size2d, strides: size2d, padding: 'valid' }, input);
}

/** The number of places along one side, and the padding before the first. */
function along(
  padding: Padding,
  size: number,
  kernel: number,
  stride: number,
): readonly [places: number, before: number] {
  if (padding === 'valid') return [Math.floor((size - kernel) / stride) + 1, 0];
  const places = Math.ceil(size / stride);
  const total = Math.max((places - 1) * stride + kernel - size, 0);
  return [places, Math.floor(total / 2)];
}
