import type { Dataset } from '@bitgrad/core';
import { fetchFile } from './fetch-file.js';
import { fetchManifest, type Manifest, type PackedFile } from './manifest.js';
import { emptySamples, type Samples, unpackBits, unpackGrey } from './unpack.js';

/** How much of MNIST: the first part, for a first view and slow lines, or all of it. */
export type DataChoice = 'first' | 'all';

export interface LoadProgress {
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

/** MNIST as far as it has been loaded. Whatever is asked for twice is loaded once. */
export class DataStore {
  private manifest: Promise<Manifest> | undefined;
  private readonly loaded = new Map<DataChoice, Promise<Samples>>();
  private readonly grey = new Map<DataChoice, Promise<void>>();

  /**
   * @param folder the address of the pack's folder, with a slash at its end
   * @param onProgress told while files come in
   */
  constructor(
    private readonly folder: string,
    private readonly onProgress: (progress: LoadProgress) => void,
  ) {}

  /**
   * The data set for a training. Binarised, it knows the digest of the raw data it was made from.
   *
   * @param needsGrey whether the pixels' grey values are needed too
   */
  async dataset(choice: DataChoice, needsGrey: boolean): Promise<Dataset> {
    const manifest = await this.describe();
    const samples = await once(this.loaded, choice, () => this.loadBits(manifest, choice));
    if (needsGrey) await once(this.grey, choice, () => this.loadGrey(manifest, choice, samples));
    // Grey values that somebody else asked for take the places of ones: wait for that to be over.
    else await this.grey.get(choice)?.catch(() => undefined);
    const { name, features, image, classes, sha256 } = manifest;
    const isRaw = this.grey.has(choice);
    return {
      ...samples,
      name: choice === 'all' ? name : `${name}-first`,
      features,
      image,
      classes,
      sha256: choice === 'all' && !isRaw ? sha256 : undefined,
    };
  }

  private describe(): Promise<Manifest> {
    this.manifest ??= fetchManifest(this.folder);
    this.manifest.catch(() => {
      this.manifest = undefined;
    });
    return this.manifest;
  }

  private async loadBits(manifest: Manifest, choice: DataChoice): Promise<Samples> {
    const parts = partsOf(manifest, choice);
    const contents = await this.fetchAll(parts.map(({ bits }) => bits));
    const samples = emptySamples(manifest, parts.length);
    for (const [index, part] of parts.entries())
      unpackBits(samples, part, manifest.features, contents[index]!);
    return samples;
  }

  private async loadGrey(manifest: Manifest, choice: DataChoice, samples: Samples): Promise<void> {
    const parts = partsOf(manifest, choice);
    const contents = await this.fetchAll(parts.map(({ grey }) => grey));
    for (const [index, part] of parts.entries())
      unpackGrey(samples, part, manifest.features, contents[index]!);
  }

  private fetchAll(files: readonly PackedFile[]): Promise<Uint8Array[]> {
    const received = files.map(() => 0);
    const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
    return Promise.all(
      files.map((file, index) =>
        fetchFile(file, this.folder, (bytes) => {
          received[index] = bytes;
          this.onProgress({ receivedBytes: received.reduce((a, b) => a + b, 0), totalBytes });
        }),
      ),
    );
  }
}

function partsOf({ parts }: Manifest, choice: DataChoice): readonly Manifest['parts'][number][] {
  return choice === 'all' ? parts : parts.slice(0, 1);
}

/** Begins a piece of work unless it was begun before; one that failed may be begun again. */
function once<Key, Value>(
  begun: Map<Key, Promise<Value>>,
  key: Key,
  work: () => Promise<Value>,
): Promise<Value> {
  let promise = begun.get(key);
  if (promise === undefined) {
    promise = work();
    begun.set(key, promise);
    promise.catch(() => begun.delete(key));
  }
  return promise;
}
