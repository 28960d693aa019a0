import type { Window } from '@bitgrad/core';

/** Zeros below and right of an image that a window's last places reach into. */
export function paddingAfter(window: Window): { bottom: number; right: number } {
  const { height, width, kernelHeight, kernelWidth, paddingTop, paddingLeft } = window;
  const { strideVertical, strideHorizontal, outHeight, outWidth } = window;
  const reach = (places: number, stride: number, kernel: number) => (places - 1) * stride + kernel;
  const [rows, columns] = [
    reach(outHeight, strideVertical, kernelHeight),
    reach(outWidth, strideHorizontal, kernelWidth),
  ];
  return {
    bottom: Math.max(rows - height - paddingTop, 0),
    right: Math.max(columns - width - paddingLeft, 0),
  };
}
