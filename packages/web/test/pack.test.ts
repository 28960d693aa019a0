import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { packBits, packFile, packGrey } from '../scripts/pack.mjs';
import type { Manifest, Part } from '../src/data/manifest.js';
import { emptySamples, unpackBits, unpackGrey } from '../src/data/unpack.js';

const FEATURES = 9;
const LABELS = [3, 1, 4, 1, 5, 9, 2];
/** Seven images: five to train, two to test. */
const PIXELS = Uint8Array.from({ length: LABELS.length * FEATURES }, (_, at) =>
  at % 3 === 0 ? 0 : (at * 37) % 256,
);
const NO_FILE = { file: '', bytes: 0, contentBytes: 0, sha256: '' };
const PARTS: readonly Part[] = [
  { train: [0, 2], test: [0, 1], bits: NO_FILE, grey: NO_FILE },
  { train: [2, 5], test: [1, 2], bits: NO_FILE, grey: NO_FILE },
];
const MANIFEST: Manifest = {
  format: 1,
  name: 'small',
  image: { height: 3, width: 3 },
  features: FEATURES,
  classes: 10,
  trainCount: 5,
  testCount: 2,
  sha256: '',
  inputSha256: '',
  model: { file: 'model.bin', bytes: 0, contentBytes: 0, sha256: '' },
  parts: PARTS,
};

/** What a part's files hold. */
function contentsOf({ train, test: tests }: Part) {
  const rows = [0, 1, 2, 3, 4, 5, 6].filter((row) =>
    row < 5 ? row >= train[0] && row < train[1] : row - 5 >= tests[0] && row - 5 < tests[1],
  );
  const pixels = Uint8Array.from(
    rows.flatMap((row) => [...PIXELS.subarray(row * FEATURES, (row + 1) * FEATURES)]),
  );
  const labels = rows.map((row) => LABELS[row]!);
  return { bits: Uint8Array.from([...labels, ...packBits(pixels)]), grey: packGrey(pixels) };
}

describe('the data pack', () => {
  test('all parts together give the binarised images and their labels', () => {
    const samples = emptySamples(MANIFEST, 2);
    for (const part of PARTS) unpackBits(samples, part, FEATURES, contentsOf(part).bits);
    expect([...samples.labels]).toEqual(LABELS);
    expect([...samples.inputs]).toEqual([...PIXELS].map((value) => Number(value > 0)));
  });

  test('the grey values restore every byte', () => {
    const samples = emptySamples(MANIFEST, 2);
    for (const part of PARTS) {
      const { bits, grey } = contentsOf(part);
      unpackBits(samples, part, FEATURES, bits);
      unpackGrey(samples, part, FEATURES, grey);
    }
    expect([...samples.inputs]).toEqual([...PIXELS]);
  });

  test('the first part alone is a data set of its own', () => {
    const samples = emptySamples(MANIFEST, 1);
    unpackBits(samples, PARTS[0]!, FEATURES, contentsOf(PARTS[0]!).bits);
    expect(samples).toMatchObject({ trainCount: 2, testCount: 1 });
    expect([...samples.labels]).toEqual([3, 1, 9]);
  });

  test('a file is named by its contents and decompresses to them', () => {
    const { data, entry } = packFile('name', PIXELS);
    expect(new Uint8Array(inflateSync(data))).toEqual(PIXELS);
    expect(entry.file).toBe(`name-${entry.sha256.slice(0, 12)}.bin`);
    expect(entry).toMatchObject({ bytes: data.length, contentBytes: PIXELS.length });
  });
});
