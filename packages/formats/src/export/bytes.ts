import { BitgradError } from '@bitgrad/core';

/** Binary32 values as bytes, the low byte first, whatever the machine does. */
export function littleEndianBytes(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i += 1) view.setFloat32(4 * i, values[i]!, true);
  return bytes;
}

/** Binary32 values as base64 of their bytes, the low one first. */
export function base64(values: Float32Array): string {
  const bytes = littleEndianBytes(values);
  let binary = '';
  // In pieces, because a call takes only so many arguments.
  for (let start = 0; start < bytes.length; start += 8192) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return btoa(binary);
}

/**
 * @throws BitgradError if a format cannot hold so many parameters
 */
export function checkCount(format: string, received: number, most: number): void {
  if (received <= most) return;
  throw new BitgradError(
    `export: expected at most ${most} parameters for ${format}, received ${received}`,
    'export as torch, which has no such limit',
  );
}
