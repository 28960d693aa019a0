/// <reference lib="esnext.disposable" preserve="true" />

import {
  type Backend,
  BitgradError,
  type Cell,
  datasetSha256,
  type Evaluation,
  encodeModel,
  evaluate,
  Predictor,
  predictionOf,
  type Receipt,
  type Recipe,
  type RowRecord,
  range,
  resolve,
  Sampler,
  type Samples,
  type SavedModel,
  show,
  splitDataset,
} from '@bitgrad/core';
import type { ExportFormat, Quantization } from '@bitgrad/formats/export';
import type { RgbaImage } from '@bitgrad/formats/images';
import { platform } from '#platform';
import { type Data, datasetOf } from './data.js';
import { type ImageLike, isImage, pixelsOf } from './image.js';
import { loadOptionsLike } from './like.js';
import { type Metrics, metricsOf } from './metrics.js';

/** Rows of one run; no result depends on it. */
const BATCH = 256;

/** What a model for classes says of a sample. */
export interface ClassPrediction {
  /** The most probable class: its name, or its number where classes have none. */
  readonly label: string | number;
  /** `[classes]`, in the order of `model.classNames`. */
  readonly probabilities: readonly number[];
}

/** What a model for several labels says of a sample. */
export interface LabelsPrediction {
  /** `[labels]`: of each the text that is more probable, or 1 and 0 where they have no texts. */
  readonly labels: readonly (string | number)[];
  /** `[labels]`, of yes. */
  readonly probabilities: readonly number[];
}

/** How a model does on labelled data. */
export interface Judgement extends Evaluation {
  /** What became of the data, in words: rows that were left out, categories and missing cells that training never saw. */
  readonly notes: readonly string[];
}

/** A sample: a row by its columns' names, its cells in their order, numbers or pixels, or an image. */
export type Input = RowRecord | ArrayLike<Cell> | ImageLike;

/**
 * A trained model, ready to be asked. `Output` is what it says of a sample: a `ClassPrediction`, a
 * number (several: `number[]`) where numbers were learnt, or a `LabelsPrediction`.
 */
export class Model<Output = ClassPrediction> {
  private readonly sampler: Sampler;
  private predictor: Predictor | null = null;
  private samples: Samples;
  private isClosed = false;

  /**
   * @param saved the model as `@bitgrad/core` knows it
   * @param backend runs it
   * @param notes what was decided of the data that it was trained on, in words; none of one that was loaded
   */
  constructor(
    readonly saved: SavedModel,
    readonly backend: Backend,
    readonly notes: readonly string[] = [],
  ) {
    this.sampler = new Sampler(saved, { strict: true });
    this.samples = this.sampler.allocate(1);
  }

  /** The classes' names in the order of the probabilities, or null where they are just numbered. */
  get classNames(): readonly string[] | null {
    return this.saved.classNames;
  }

  /** The columns that a row has to have, or null where samples are plain numbers. */
  get columns(): readonly string[] | null {
    return this.sampler.columns;
  }

  /** Everything that decided the training, but for the data. */
  get recipe(): Recipe {
    return this.saved.recipe;
  }

  /** What the training was and what came of it: anyone can train again and compare. */
  get receipt(): Receipt {
    return this.saved.receipt;
  }

  /** How good the model is on the test samples of its training, which it has not learnt from. */
  get metrics(): Metrics<Output> {
    return metricsOf(this.saved);
  }

  /**
   * Predicts a sample, or several. A call changes nothing about another: a sample's numbers are the
   * same alone and in any company.
   *
   * @param input a row by names (`{ length: 5.1 }`), cells or numbers in order, pixels, an image; or
   *   an array of these, or a typed array `[rows, features]`
   * @throws BitgradError naming column or place if a sample does not fit; NaN is refused
   */
  predict(input: readonly Input[]): Output[];
  predict(input: Input): Output;
  predict(input: Input | readonly Input[]): Output | Output[] {
    const many = this.rowsOf(input);
    return many === null ? this.predictRows([input as Input])[0]! : this.predictRows(many);
  }

  /**
   * Judges the model by labelled data: of the training's own, the test part that was not learnt
   * from; of others, their test part, or all. Rows without a label are left out, which its `notes` say.
   *
   * @throws BitgradError if the data do not fit
   */
  async evaluate(data: Data, options: { readonly signal?: AbortSignal } = {}): Promise<Judgement> {
    this.checkOpen();
    const { saved, backend } = this;
    const dataset = await datasetOf(data, loadOptionsLike(saved), options.signal);
    const isOwn = (await datasetSha256(dataset)) === saved.receipt.dataset.sha256;
    const own = isOwn ? splitDataset(dataset, saved.recipe).test : new Uint32Array(0);
    const { trainCount, testCount } = dataset;
    const others = testCount > 0 ? range(trainCount, testCount) : range(0, trainCount);
    const judged = await evaluate(saved, dataset, own.length > 0 ? own : others, backend, options);
    return { ...judged, notes: dataset.notes ?? [] };
  }

  /** The bytes of the model file. */
  toBytes(): Uint8Array {
    return encodeModel(this.saved);
  }

  /** Writes the model file: the whole file is there, or nothing is changed. */
  async save(path: string): Promise<void> {
    if (typeof path !== 'string' || path === '') {
      throw new BitgradError(`save: expected a path, received ${show(path)}`);
    }
    await platform.writeBytes(path, this.toBytes());
  }

  /** The model as a file for other programs; `quantize: 'int8'` is for `c`. */
  async export(
    format: ExportFormat,
    { quantize = 'none' }: { readonly quantize?: Quantization } = {},
  ): Promise<Uint8Array> {
    const { exportModel } = await import('@bitgrad/formats/export');
    return exportModel(this.saved, format, quantize);
  }

  /** What is known of the model in short, for `JSON.stringify` and `console.log`. */
  toJSON(): object {
    const { recipe, receipt, columns, classNames, metrics } = this;
    const { name, layers } = recipe;
    const { weightsSha256 } = receipt;
    return { recipe: name, layers, columns, classNames, metrics, weightsSha256 };
  }

  /** As Node's `console.log` shows it; its numbers would take pages. */
  [Symbol.for('nodejs.util.inspect.custom')](): object {
    return this.toJSON();
  }

  /** Frees what the backend holds. Closing twice is allowed; predicting afterwards is not. */
  close(): void {
    this.isClosed = true;
    this.predictor?.close();
    this.predictor = null;
  }

  /** The same, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** The samples of an input that is several, or null where it is one. */
  private rowsOf(input: Input | readonly Input[]): readonly Input[] | null {
    const { features } = this.sampler;
    if (Array.isArray(input)) {
      const isOne = input.length > 0 && (typeof input[0] !== 'object' || input[0] === null);
      return isOne || input[0] instanceof Date ? null : input;
    }
    if (!ArrayBuffer.isView(input)) return null;
    const numbers = input as unknown as Float32Array;
    const rows = numbers.length / features;
    if (rows === 1 || !Number.isInteger(rows)) return null;
    return Array.from({ length: rows }, (_, row) =>
      numbers.subarray(row * features, (row + 1) * features),
    );
  }

  private predictRows(rows: readonly Input[]): Output[] {
    this.checkOpen();
    const { saved, sampler } = this;
    const outputs = resolve(saved.recipe).outputs;
    this.predictor ??= new Predictor(saved, this.backend, BATCH);
    const results: Output[] = [];
    for (let start = 0; start < rows.length; start += BATCH) {
      const count = Math.min(BATCH, rows.length - start);
      if (this.samples.length < count * sampler.features) this.samples = sampler.allocate(BATCH);
      for (let row = 0; row < count; row += 1)
        this.write(rows[start + row]!, row, start, rows.length);
      const given = this.predictor.predict(this.samples.subarray(0, count * sampler.features));
      for (let row = 0; row < count; row += 1) {
        results.push(this.outputOf(given.subarray(row * outputs, (row + 1) * outputs)));
      }
    }
    return results;
  }

  private write(input: Input, row: number, start: number, total: number): void {
    try {
      const sample = isImage(input) ? pixelsOf(input as RgbaImage, this.saved) : input;
      this.sampler.write(sample as ArrayLike<Cell>, this.samples, row);
    } catch (error) {
      if (!(error instanceof BitgradError) || total === 1) throw error;
      throw new BitgradError(`row ${start + row + 1}: ${error.message}`, error.fix);
    }
  }

  private outputOf(values: Float32Array): Output {
    const prediction = predictionOf(this.saved, values);
    if ('outputs' in prediction) {
      const { outputs } = prediction;
      return (outputs.length === 1 ? outputs[0] : outputs) as Output;
    }
    if ('labels' in prediction) return prediction as Output;
    const { label, className = label, probabilities } = prediction;
    return { label: className, probabilities } as Output;
  }

  private checkOpen(): void {
    if (this.isClosed) throw new BitgradError('model: expected one that is open, it is closed');
  }
}
