import { BitgradError, show } from '../errors.js';
import type { Model } from '../model/model.js';
import { type CellValue, type CellWriter, cellWriter } from './cells.js';

/**
 * What a model is asked about: a table's row by the columns' names, or its cells in their order; or
 * the numbers of a sample (the pixels of an image, bytes, row by row), `[features]`.
 */
export type Sample = Readonly<Record<string, CellValue>> | ArrayLike<CellValue>;

/** Room for samples, `[rows, features]`, of the type that the model's `Predictor` takes. */
export type Samples = Float32Array | Uint8Array;

/** Turns what people have into a model's samples, by what the model file says. */
export class Sampler {
  /** Of a sample. */
  readonly features: number;
  /** The columns that a row has to have, in the order of its cells; null where samples are plain numbers. */
  readonly columns: readonly string[] | null;
  private readonly isBytes: boolean;
  private readonly writers: readonly { readonly write: CellWriter; readonly offset: number }[];

  constructor({ recipe, encoding }: Pick<Model, 'recipe' | 'encoding'>) {
    this.features = recipe.layers[0]!;
    this.isBytes = recipe.preprocess !== 'none';
    this.columns = encoding?.columns.map(({ name }) => name) ?? null;
    let offset = 0;
    this.writers = (encoding?.columns ?? []).map((column) => {
      const writer = { write: cellWriter(column), offset };
      offset += column.categories?.length ?? 1;
      return writer;
    });
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
   * @throws BitgradError that names the column, if a value is missing, or is not what the column
   *   holds; a number that is not finite is refused
   */
  write(sample: Sample, samples: Samples, row: number): void {
    const start = row * this.features;
    const { columns, writers } = this;
    if (columns === null || ArrayBuffer.isView(sample)) {
      this.writeNumbers(sample, samples, start);
      return;
    }
    const cells = this.cellsOf(sample, columns);
    for (const [index, { write, offset }] of writers.entries()) {
      write(cells[index], samples as Float32Array, start + offset);
    }
  }

  /**
   * Finds the columns in a table that has perhaps more, in any order.
   *
   * @param names of the table's columns
   * @returns for each column that the model needs where it stands in the table, and the table's
   *   names that the model does not need
   * @throws BitgradError if one is missing
   */
  bind(names: readonly string[]): { readonly places: number[]; readonly extra: string[] } {
    const columns = this.columns ?? [];
    const places = columns.map((column) => {
      const place = names.indexOf(column);
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
    cells: ArrayLike<unknown>,
    places: readonly number[],
    samples: Float32Array,
    row: number,
  ): void {
    const start = row * this.features;
    for (let index = 0; index < places.length; index += 1) {
      const { write, offset } = this.writers[index]!;
      write(cells[places[index]!], samples, start + offset);
    }
  }

  private cellsOf(sample: Sample, columns: readonly string[]): ArrayLike<unknown> {
    if (Array.isArray(sample)) {
      if (sample.length === columns.length) return sample;
      throw new BitgradError(
        `sample: expected ${columns.length} cells (${columns.slice(0, 6).join(', ')}${columns.length > 6 ? ', …' : ''}), received ${sample.length}`,
      );
    }
    if (typeof sample !== 'object' || sample === null) {
      throw new BitgradError(
        `sample: expected a row, an object with a value for each column (${columns.slice(0, 6).join(', ')}${columns.length > 6 ? ', …' : ''}), received ${show(sample)}`,
      );
    }
    // What every object inherits, as `constructor`, is no cell.
    return columns.map((column) =>
      Object.hasOwn(sample, column)
        ? (sample as Readonly<Record<string, CellValue>>)[column]
        : undefined,
    );
  }

  private writeNumbers(sample: Sample, samples: Samples, start: number): void {
    const { features, isBytes } = this;
    const numbers = sample as ArrayLike<unknown>;
    const isList = Array.isArray(sample) || ArrayBuffer.isView(sample);
    if (!isList || numbers.length !== features) {
      const received = isList ? `${numbers.length}` : show(sample);
      throw new BitgradError(
        `sample: expected ${features} ${isBytes ? 'pixels, bytes from 0 to 255,' : 'numbers'}, received ${received}`,
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
