import { BitgradError, show } from '../errors.js';
import { resolve } from '../network/graph.js';
import type { Model } from '../network/model.js';
import type { Cell } from './cell.js';
import type { RowEncoderOptions } from './column-encoder.js';
import { placeOfColumn } from './column-place.js';
import { RowEncoder, type RowRecord } from './row-encoder.js';

/**
 * What a model is asked about: a table's row by the columns' names, or its cells in their order; or
 * the numbers of a sample (the pixels of an image, bytes, row by row), `[features]`.
 */
export type Sample = RowRecord | ArrayLike<Cell>;

/** Room for samples, `[rows, features]`, of the type that the model's `Predictor` takes. */
export type Samples = Float32Array | Uint8Array;

/** Turns what people have into a model's samples, by what the model file says. */
export class Sampler {
  /** Of a sample. */
  readonly features: number;
  /** The columns that a row has to have, in the order of its cells; null where samples are plain numbers. */
  readonly columns: readonly string[] | null;
  private readonly isBytes: boolean;
  /** Of tables; it counts the cells that it does not know. */
  readonly encoder: RowEncoder | null;

  constructor(
    { recipe, encoding }: Pick<Model, 'recipe' | 'encoding'>,
    options: RowEncoderOptions = {},
  ) {
    this.features = resolve(recipe).features;
    this.isBytes = recipe.preprocess !== 'none';
    this.columns = encoding?.columns.map(({ name }) => name) ?? null;
    this.encoder = encoding && new RowEncoder(encoding, options);
  }

  /** Room for `rows` samples. */
  allocate(rows: number): Samples {
    const length = rows * this.features;
    return this.isBytes ? new Uint8Array(length) : new Float32Array(length);
  }

  /**
   * Writes a sample as row `row` of `samples`.
   *
   * @param samples as `allocate` gives them
   * @throws BitgradError that names the column, if it is not there, or its value is not what the
   *   column holds; a number that is not finite is refused
   */
  write(sample: Sample, samples: Samples, row: number): void {
    const start = row * this.features;
    if (this.encoder === null || ArrayBuffer.isView(sample)) {
      this.writeNumbers(sample, samples, start);
      return;
    }
    const cells = this.encoder.cellsOf(sample as RowRecord | readonly Cell[]);
    samples.fill(0, start, start + this.features);
    this.encoder.encode(cells, samples as Float32Array, start);
  }

  /**
   * Finds the columns in a table that has perhaps more, in any order.
   *
   * @param names of the table's columns
   * @param empty as `placeOfColumn` has it
   * @returns for each column that the model needs where it stands in the table, and the table's
   *   names that the model does not need
   * @throws BitgradError if one is missing
   */
  bind(
    names: readonly string[],
    empty: ReadonlySet<string> = new Set(),
  ): { readonly places: number[]; readonly extra: string[] } {
    const columns = this.columns ?? [];
    const places = columns.map((column) => {
      const place = placeOfColumn(column, names, empty, columns);
      if (place >= 0 && names.indexOf(column, place + 1) > place) {
        throw new BitgradError(`expected one column ${show(column)}, received several`);
      }
      if (place >= 0) return place;
      throw new BitgradError(
        `expected a column ${show(column)}, which the model was trained on, received ${names.slice(0, 6).map(show).join(', ')}${names.length > 6 ? ', …' : ''}`,
      );
    });
    return { places, extra: names.filter((_, index) => !places.includes(index)) };
  }

  /**
   * Writes a table's row, given by all of its cells, as row `row` of `samples`.
   *
   * @param places of `bind`
   * @throws BitgradError as `write` does
   */
  writeCells(
    cells: ArrayLike<Cell>,
    places: readonly number[],
    samples: Float32Array,
    row: number,
  ): void {
    const start = row * this.features;
    samples.fill(0, start, start + this.features);
    this.encoder?.encode(cells, samples, start, places);
  }

  private writeNumbers(sample: Sample, samples: Samples, start: number): void {
    const { features, isBytes } = this;
    const numbers = sample as ArrayLike<unknown>;
    const isList = Array.isArray(sample) || ArrayBuffer.isView(sample);
    if (!isList || numbers.length !== features) {
      const received = isList ? `${numbers.length}` : show(sample);
      throw new BitgradError(
        `sample: expected ${features} ${isBytes ? 'pixels, bytes from 0 to 255' : 'numbers'}, received ${received}`,
      );
    }
    for (let i = 0; i < features; i += 1) {
      const value = numbers[i];
      const isValid = isBytes
        ? Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255
        : typeof value === 'number' && Number.isFinite(Math.fround(value));
      if (!isValid) {
        throw new BitgradError(
          `sample: expected ${isBytes ? 'bytes from 0 to 255' : 'numbers that binary32 can hold'}, received ${show(value)} at ${i}`,
        );
      }
      samples[start + i] = value as number;
    }
  }
}
