import {
  BitgradError,
  type Prediction,
  predictionOf,
  resolve,
  type Sample,
  Sampler,
  type Samples,
  type SavedModel,
  sha256OfText,
  type Task,
  taskOf,
} from '@bitgrad/core';
import { imagePreparationOf, prepareImage } from '@bitgrad/formats/images';
import type { Batcher } from './batcher.js';
import { RequestError } from './errors.js';
import { JsonRows } from './json-rows.js';
import { MOST_SAMPLE_BYTES, MOST_WAITING } from './options.js';

/** A version of a model that is served. */
export class ServedModel {
  readonly features: number;
  readonly outputs: number;
  readonly isBytes: boolean;
  readonly task: Task;
  readonly sampler: Sampler;
  /** Rows of one request. */
  private readonly most: number;
  private readonly jsonRows: JsonRows;

  private constructor(
    readonly name: string,
    /** Counted from 1: each change of the file is a new one. */
    readonly version: string,
    readonly saved: SavedModel,
    /** SHA-256 of the receipt's JSON text. */
    readonly receiptSha256: string,
    readonly batcher: Batcher,
  ) {
    const { features, outputs } = resolve(saved.recipe);
    this.features = features;
    this.outputs = outputs;
    this.isBytes = saved.recipe.preprocess !== 'none';
    this.task = taskOf(saved.recipe);
    this.sampler = new Sampler(saved);
    const bytes = (this.isBytes ? 1 : 4) * features;
    this.most = Math.min(MOST_WAITING, Math.max(1, Math.floor(MOST_SAMPLE_BYTES / bytes)));
    this.jsonRows = new JsonRows(this.sampler, this.most);
  }

  static async of(
    name: string,
    version: string,
    saved: SavedModel,
    batcher: Batcher,
  ): Promise<ServedModel> {
    const digest = await sha256OfText(JSON.stringify(saved.receipt));
    return new ServedModel(name, version, saved, digest, batcher);
  }

  /**
   * @returns `[rows, features]`
   * @throws BitgradError naming row and column of what does not fit
   */
  samplesOf(rows: readonly Sample[]): Samples {
    this.checkCount(rows.length);
    const samples = this.sampler.allocate(rows.length);
    for (let index = 0; index < rows.length; index += 1) {
      try {
        this.sampler.write(rows[index]!, samples, index);
      } catch (error) {
        if (!(error instanceof BitgradError) || rows.length === 1) throw error;
        throw new BitgradError(`row ${index + 1}: ${error.message}`, error.fix);
      }
    }
    return samples;
  }

  /**
   * The samples of a list of rows in JSON, where it is written plainly; else null: `JSON.parse` and
   * `samplesOf` read them, or say what is wrong.
   *
   * @param isNamed whether the list is all that an object holds, as `instances`
   */
  samplesIn(body: Buffer, isNamed: boolean): Samples | null {
    return this.jsonRows.read(body, isNamed);
  }

  /** @throws RequestError with status 413 if one request has too many rows */
  checkCount(rows: number): void {
    if (rows <= this.most) return;
    throw new RequestError(
      413,
      `expected at most ${this.most} rows in a request, received ${rows}`,
    );
  }

  /** @throws BitgradError if the model is not for images, or the bytes are none */
  async imageSamples(bytes: Uint8Array): Promise<Samples> {
    const preparation = imagePreparationOf(this.saved.receipt.dataset);
    if (preparation === null) {
      throw new BitgradError(
        'expected rows, because the model is not for images, received an image',
      );
    }
    const { decodeImage } = await import('@bitgrad/formats/decode');
    return prepareImage(await decodeImage(bytes, 'image'), preparation, 'image');
  }

  /** @returns `[rows, outputs]` */
  predict(samples: Samples): Promise<Float32Array> {
    return this.batcher.predict(samples);
  }

  /** Of each row what it gives: numbers, or probabilities. */
  listsOf(outputs: Float32Array): (readonly number[])[] {
    const { task, outputs: width } = this;
    if (task === 'regression') {
      return this.predictionsOf(outputs).map((one) => ('outputs' in one ? one.outputs : []));
    }
    const lists: number[][] = [];
    for (let at = 0; at < outputs.length; ) {
      const list: number[] = [];
      for (let index = 0; index < width; index += 1, at += 1) list.push(outputs[at]!);
      lists.push(list);
    }
    return lists;
  }

  /** What rows of outputs mean. */
  predictionsOf(outputs: Float32Array): Prediction[] {
    const { outputs: width, saved } = this;
    return Array.from({ length: outputs.length / width }, (_, row) =>
      predictionOf(saved, outputs.subarray(row * width, (row + 1) * width)),
    );
  }
}
