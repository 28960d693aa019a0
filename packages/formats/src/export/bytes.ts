import { BitgradError } from '@bitgrad/core';

/** Binary32 values as bytes, the low byte first, whatever the machine does. */
export function littleEndianBytes(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i += 1) view.setFloat32(4 * i, values[i]!, true);
  return bytes;
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
