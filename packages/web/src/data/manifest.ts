import { BitgradError } from '@bitgrad/core';
import { fetchJson } from './fetch-file.js';

/** What `data/manifest.json` says: which files hold which samples, and the digests of them all. */
export interface Manifest {
  readonly format: 1;
  readonly name: string;
  readonly image: { readonly height: number; readonly width: number };
  readonly features: number;
  readonly classes: number;
  readonly trainCount: number;
  readonly testCount: number;
  /** SHA-256 of the raw inputs and labels, as in a receipt. */
  readonly sha256: string;
  /** The same of the binarised inputs. */
  readonly inputSha256: string;
  /** The model that the page ships for reading drawings: a model file. */
  readonly model: PackedFile;
  /** A small part for the first view, then the rest. */
  readonly parts: readonly Part[];
}

/** Some of the training samples and some of the test samples. */
export interface Part {
  /** From the first sample to before the last number. */
  readonly train: readonly [number, number];
  readonly test: readonly [number, number];
  /** The labels, one byte each, then all pixels, one bit each. */
  readonly bits: PackedFile;
  /** The pixels' values above 0, in order. */
  readonly grey: PackedFile;
}

/** A file compressed with deflate. */
export interface PackedFile {
  readonly file: string;
  readonly bytes: number;
  readonly contentBytes: number;
  /** Of the contents, decompressed. */
  readonly sha256: string;
}

/** How many samples a part holds. */
export function partSamples({ train, test }: Part): number {
  return train[1] - train[0] + test[1] - test[0];
}

/**
 * Fetches what is in the pack.
 *
 * @param folder the address of the pack's folder, with a slash at its end
 * @throws BitgradError if it cannot be fetched or is of another format
 */
export async function fetchManifest(folder: string): Promise<Manifest> {
  const manifest = (await fetchJson(new URL('manifest.json', folder).href)) as Manifest;
  if (manifest?.format === 1) return manifest;
  throw new BitgradError('manifest.json: expected a data pack of format 1');
}
