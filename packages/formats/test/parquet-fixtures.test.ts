import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const codecs = ['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4'];
const files = codecs.flatMap((codec) => [`${codec}-1.parquet`, `${codec}-2.parquet`]);

// Files that pyarrow wrote (make-parquet.py beside them), by compression and version of the pages.
describe('reads what pyarrow writes', () => {
  test.each(files)('images-%s', async (name) => {
    const path = fixture(`images-${name}`);
    const { inputs, labels } = await loadDataset(path, { imageSize: { height: 1, width: 2 } });
    expect([...inputs]).toEqual([0, 1, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51]);
    expect([...labels]).toEqual([0, 1, 0, 1, 0, 1]);
  });

  test.each(files)('table-%s', async (name) => {
    const { inputs, labels, features } = await loadDataset(fixture(`table-${name}`));
    expect(features).toBe(6);
    expect([...inputs.slice(0, 18)]).toEqual([
      0, 1, 0, 0, 0, 1, 0.25, 0, 1, 0, 1, 0, 0.5, 0, 0, 1, 0, 1,
    ]);
    expect([...labels]).toEqual([0, 1, 0, 1, 0, 1]);
  });
});
