import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { datasetSha256, inputSha256, weightsSha256 } from '../src/file/digest.js';
import { sha256, sha256OfParts, sha256OfText, useHasher } from '../src/file/sha256.js';
import { BYTES_A_PIECE } from '../src/turns.js';
import { smallDataset } from './synthetic.js';

describe('sha256', () => {
  it('gives the known answers of FIPS 180-4', async () => {
    expect(await sha256OfText('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(await sha256(new Uint8Array(0))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it('gives the same without WebCrypto', async () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
    const expected = await sha256(bytes);
    const own = Object.getOwnPropertyDescriptor(globalThis, 'crypto')!;
    Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true });
    try {
      expect(await sha256(bytes)).toBe(expected);
    } finally {
      Object.defineProperty(globalThis, 'crypto', own);
    }
  });
});

describe('sha256OfParts', () => {
  it('gives the same of large messages, by another hasher too', async () => {
    const parts = [2 ** 26 + 1, 0, 77].map((length) => new Uint8Array(length).fill(length % 255));
    const expected = createHash('sha256');
    for (const part of parts) expected.update(part);
    const digest = expected.digest('hex');
    expect(await sha256OfParts(parts)).toBe(digest);
    let updates = 0;
    useHasher(() => {
      const hash = createHash('sha256');
      return {
        update(bytes) {
          updates += 1;
          hash.update(bytes);
        },
        digest: () => hash.digest(),
      };
    });
    expect(await sha256OfParts(parts)).toBe(digest);
    expect(updates).toBe(2 ** 26 / BYTES_A_PIECE + 2);
  });
});

describe('weightsSha256', () => {
  it('is that of little-endian binary32 without padding', async () => {
    // 1, −0, 0.1 and the smallest subnormal number, written out.
    const bytes = Uint8Array.of(
      0,
      0,
      0x80,
      0x3f,
      0,
      0,
      0,
      0x80,
      0xcd,
      0xcc,
      0xcc,
      0x3d,
      1,
      0,
      0,
      0,
    );
    const parameters = Float32Array.of(1, -0, 0.1, 1e-45);
    expect(await weightsSha256(parameters)).toBe(await sha256(bytes));
    expect(await weightsSha256(Float32Array.of(9, 1, -0, 0.1, 1e-45).subarray(1))).toBe(
      await sha256(bytes),
    );
  });
});

describe('the digests of a data set', () => {
  it('cover inputs and labels', async () => {
    const dataset = smallDataset();
    const digest = await datasetSha256(dataset);
    for (const name of ['inputs', 'labels'] as const) {
      const changed = dataset[name].slice();
      changed[changed.length - 1]! ^= 1;
      expect(await datasetSha256({ ...dataset, [name]: changed })).not.toBe(digest);
    }
  });

  it('are those of the inputs, then of the labels or the values, as files have them', async () => {
    const bytes = smallDataset({
      inputs: Uint8Array.of(0, 1, 2, 255),
      labels: Uint32Array.of(3, 0x04030201),
    });
    const labels = [3, 0, 0, 0, 1, 2, 3, 4];
    const ofBytes = (...all: number[]) => sha256(Uint8Array.from(all));
    expect(await datasetSha256(bytes)).toBe(await ofBytes(0, 1, 2, 255, ...labels));
    expect(await inputSha256(bytes, 'none')).toBe(await datasetSha256(bytes));
    expect(await inputSha256(bytes, 'binarize')).toBe(await ofBytes(0, 1, 1, 1, ...labels));
    // 1 and 2 as little-endian binary32; numbers stay what they are.
    const numbers = { ...bytes, inputs: Float32Array.of(1, 2) };
    const ofNumbers = await ofBytes(0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, ...labels);
    expect(await datasetSha256(numbers)).toBe(ofNumbers);
    expect(await inputSha256(numbers, 'binarize')).toBe(ofNumbers);
    const values = Float32Array.of(2);
    expect(await datasetSha256({ ...bytes, values })).toBe(
      await ofBytes(0, 1, 2, 255, 0, 0, 0, 0x40),
    );
  });

  it('are equal for data that are binarised and data that will be', async () => {
    const dataset = smallDataset();
    const inputs = (dataset.inputs as Uint8Array).map((byte) => Number(byte > 0));
    const binarised = { ...dataset, inputs };
    expect(await inputSha256(binarised, 'binarize')).toBe(await inputSha256(dataset, 'binarize'));
    expect(await inputSha256(binarised, 'scale')).not.toBe(await inputSha256(dataset, 'scale'));
    expect(await datasetSha256(binarised)).not.toBe(await datasetSha256(dataset));
  });
});
