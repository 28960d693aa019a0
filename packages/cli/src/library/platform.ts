import type { Dataset, SavedModel, Verification } from '@bitgrad/core';
import type { RgbaImage } from '@bitgrad/formats/images';
import type { LoadOptions } from '@bitgrad/formats/table';
import type { Swept } from '../sweep/for-library.js';
import type { Loader } from './loaders.js';
import type { SweepOptions, SweepPlan } from './sweep.js';
import type { StretchOptions } from './verify.js';

/** What differs between Node (and Bun, Deno) and the web (browsers, workers, edge runtimes). */
export interface Platform {
  /** The fastest first. */
  readonly loaders: readonly Loader[];
  /** Versions of the packages, for a model's record of its run. */
  versions(): Promise<Readonly<Record<string, string>>>;
  /** What a URL is for those who read it: of a file, its path. */
  placeOf(url: URL): string;
  /** Reads a data set that a path, a URL or a name means. */
  loadDataset(source: string, options: LoadOptions): Promise<Dataset>;
  /** The bytes of a file, or of a URL. */
  readBytes(source: string): Promise<Uint8Array>;
  /** @throws BitgradError where there are no files, or it cannot be written */
  writeBytes(path: string, bytes: Uint8Array): Promise<void>;
  /** Reads a data set that is no text, such as Parquet, from its bytes. */
  loadBinary(bytes: Uint8Array, options: LoadOptions): Promise<Dataset>;
  decodeImage(bytes: Uint8Array): Promise<RgbaImage>;
  /** @throws BitgradError where there are no processes */
  sweep(plan: string | SweepPlan, options: SweepOptions): Promise<Swept>;
  /** @throws BitgradError where there are no processes */
  verifyInParts(
    saved: SavedModel,
    start: SavedModel | undefined,
    data: string,
    options: StretchOptions,
  ): Promise<Verification>;
}
