import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stream } from '@bitgrad/core';
import sharp from 'sharp';

const SIDE = 20;
const EACH = 8;

/** Writes reddish and bluish noise into a folder of each, in a folder named after their kind, and gives its path. */
export async function makeImageFolder(root: string, kind: 'png' | 'jpeg'): Promise<string> {
  const stream = new Stream(3, 'split', 0);
  for (const [name, strong] of [
    ['blue', 2],
    ['red', 0],
  ] as const) {
    const folder = join(root, kind, name);
    mkdirSync(folder, { recursive: true });
    for (let at = 0; at < EACH; at += 1) {
      const pixels = Uint8Array.from(
        { length: SIDE * SIDE * 3 },
        (_, place) => stream.below(120) + (place % 3 === strong ? 120 : 0),
      );
      const image = sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } });
      writeFileSync(join(folder, `${at}.${kind}`), await image.toFormat(kind).toBuffer());
    }
  }
  return join(root, kind);
}
