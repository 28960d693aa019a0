import {
  AbortedError,
  type Backend,
  BitgradError,
  type Decimal,
  inSentence,
  Predictor,
  predictionOf,
  resolve,
  Sampler,
  type SavedModel,
  show,
} from '@bitgrad/core';
import { pointIn, type RowStream, type VisitCells, withRows } from '@bitgrad/formats/rows';
import { formatCount, formatSeconds } from '../format.js';
import { emit, note } from '../output.js';
import { UsageError } from '../usage-error.js';
import { type ResultColumn, resultColumns } from './result-columns.js';
import { rowProgress } from './row-progress.js';
import type { RowSink, Value } from './row-sink.js';
import { stdoutDrained } from './stdout.js';
import { findColumns, type TableColumns } from './table-columns.js';

/** What somebody asks of a table's predictions. */
export interface TableRequest {
  readonly model: SavedModel;
  readonly backend: Backend;
  /** Paths, or `-` for stdin; their rows follow one another. */
  readonly inputs: readonly string[];
  /** Names of columns to carry through. */
  readonly keep: readonly string[];
  readonly hasProbabilities: boolean;
  /** Whether a category that the training did not see is an error. */
  readonly strict: boolean;
  /** Rows of one run; no result depends on it. */
  readonly batch: number;
  readonly signal: AbortSignal;
  /** Opens where the rows go, given the columns; null for JSON events on stdout. */
  readonly openSink: ((columns: readonly SinkColumn[]) => Promise<RowSink>) | null;
}

/** A column of what comes out. */
export interface SinkColumn {
  readonly name: string;
  readonly type: 'number' | 'text';
}

/**
 * Predicts the rows of tables in their order, in bounded memory.
 *
 * @returns how many
 * @throws BitgradError naming file, line and column of what is wrong; AbortedError if the signal ended it
 */
export async function predictTables(request: TableRequest): Promise<number> {
  const { model, backend, inputs, strict, batch } = request;
  const samplers = {
    '.': new Sampler(model, { strict, decimal: '.' }),
    ',': new Sampler(model, { strict, decimal: ',' }),
  };
  const predictor = new Predictor(model, backend, batch);
  const progress = rowProgress(request.openSink !== null);
  const begun = performance.now();
  const run = new TableRun(request, samplers, predictor, progress.rows);
  try {
    for (const input of inputs) await withRows(input, (rows) => run.add(rows));
    run.end();
  } finally {
    predictor.close();
    progress.close();
  }
  run.tellUnknown();
  const seconds = (performance.now() - begun) / 1000;
  if (process.stderr.isTTY === true) {
    note(`${formatCount(run.rows)} rows in ${formatSeconds(seconds)}`);
  }
  return run.rows;
}

class TableRun {
  /** Rows so far. */
  rows = 0;
  private readonly samples: Float32Array;
  private readonly outputs: Float32Array;
  private readonly width: number;
  private readonly features: number;
  private readonly results: readonly ResultColumn[];
  private readonly values: Value[] = [];
  private kept: Value[][];
  private pending = 0;
  private sink: RowSink | null = null;
  private keptCount = 0;

  constructor(
    private readonly request: TableRequest,
    private readonly samplers: Readonly<Record<Decimal, Sampler>>,
    private readonly predictor: Predictor,
    private readonly onRows: (rows: number) => void,
  ) {
    const { model, batch, hasProbabilities } = request;
    this.width = resolve(model.recipe).outputs;
    this.features = samplers['.'].features;
    this.samples = samplers['.'].allocate(batch) as Float32Array;
    this.outputs = new Float32Array(batch * this.width);
    this.results = resultColumns(model, hasProbabilities);
    this.kept = Array.from({ length: batch }, () => []);
  }

  async add(rows: RowStream): Promise<void> {
    const { request, samplers } = this;
    const { signal, keep } = request;
    const columns = findColumns(rows, request.model, samplers['.'], keep);
    if (columns.extra.length > 0) {
      const few = columns.extra.slice(0, 6).join(', ');
      note(
        `note: ${rows.fileName}: left aside ${few}${columns.extra.length > 6 ? ', …' : ''}, which the model does not need`,
      );
    }
    const { decimal, isDoubtful } = await this.decimalOf(rows, columns);
    let inDoubt = isDoubtful;
    const sampler = samplers[decimal];
    const { openSink } = request;
    if (openSink !== null) this.sink ??= await this.open(rows, columns, openSink);
    const before = this.rows + this.pending;
    const visit: VisitCells = (cells, line) => {
      if (signal.aborted) throw new AbortedError('the prediction was interrupted');
      try {
        if (inDoubt && showsPoint(cells, columns)) inDoubt = false;
        sampler.writeCells(cells, columns.places, this.samples, this.pending);
      } catch (error) {
        if (!(error instanceof BitgradError)) throw error;
        this.flush();
        throw new BitgradError(
          `${rows.fileName}: ${rows.unit} ${line}: ${error.message}`,
          error.fix,
        );
      }
      const own = this.kept[this.pending]!;
      for (let index = 0; index < columns.kept.length; index += 1) {
        own[index] = cells[columns.kept[index]!.place] ?? null;
      }
      this.pending += 1;
      if (this.pending === request.batch) this.flush();
    };
    const pause = this.sink?.drained ?? stdoutDrained;
    await rows.read(columns.wanted(decimal), columns.hasHeader, visit, pause);
    if (this.rows + this.pending === before) {
      throw new BitgradError(`${rows.fileName}: expected rows of values, received none`);
    }
  }

  /**
   * A file may write its numbers otherwise than the one that was learnt from.
   *
   * @returns also whether neither the model, nor the table's beginning, nor what stands between its cells says it
   */
  private async decimalOf(
    rows: RowStream,
    { numeric, hasHeader }: TableColumns,
  ): Promise<{ decimal: Decimal; isDoubtful: boolean }> {
    const { encoding } = this.request.model;
    const decimal: Decimal = encoding?.decimal ?? '.';
    const plain = { decimal, isDoubtful: false };
    if (encoding === null || (encoding.rules ?? 1) < 2 || numeric.length === 0) return plain;
    if (rows.findFormat === undefined) return plain;
    const found = await rows.findFormat(numeric, hasHeader, decimal);
    if (found === null) {
      return { decimal, isDoubtful: decimal === '.' && rows.usualDecimal !== decimal };
    }
    const isSame = found.decimal === decimal;
    const how = isSame
      ? found.note
      : (found.note ?? 'numbers are read with decimal points, unlike those that were learnt from');
    if (how !== null && !(isSame && found.isShown)) note(`note: ${rows.fileName}: ${how}`);
    return { decimal: found.decimal, isDoubtful: false };
  }

  end(): void {
    this.flush();
    this.sink?.end();
  }

  /** Says which cells the model has never seen. */
  tellUnknown(): void {
    const columns = this.samplers['.'].encoder?.columns ?? [];
    for (const [at, column] of columns.entries()) {
      const other = this.samplers[','].encoder!.columns[at]!;
      const unknown = column.unknown + other.unknown;
      if (unknown > 0) {
        note(
          `note: ${inSentence(column.name)}: ${formatCount(unknown)} ${unknown === 1 ? 'cell holds a text' : 'cells hold texts'} that the training did not see`,
        );
      }
      const lacking = column.missingNote(column.missing + other.missing);
      if (lacking !== null) note(`note: ${lacking}`);
    }
  }

  private open(
    rows: RowStream,
    { kept }: TableColumns,
    openSink: NonNullable<TableRequest['openSink']>,
  ): Promise<RowSink> {
    this.keptCount = kept.length;
    const twice = kept.find(({ name }) => this.results.some((one) => one.name === name));
    if (twice !== undefined) {
      throw new UsageError(
        `--keep: expected a column that is called other than what is predicted, received ${show(twice.name)}`,
      );
    }
    const columns = [
      ...kept.map(({ name, place }) => ({ name, type: rows.types?.[place] ?? 'text' })),
      ...this.results,
    ];
    return openSink(columns);
  }

  private flush(): void {
    const { pending, samples, outputs, width, request } = this;
    if (pending === 0) return;
    const given = outputs.subarray(0, pending * width);
    this.predictor.predict(samples.subarray(0, pending * this.features), given);
    for (let row = 0; row < pending; row += 1) {
      const own = given.subarray(row * width, (row + 1) * width);
      if (request.openSink === null) this.emit(own, row);
      else this.write(own, this.kept[row]!);
    }
    this.rows += pending;
    this.pending = 0;
    this.onRows(this.rows);
  }

  private emit(outputs: Float32Array, row: number): void {
    const { model, keep } = this.request;
    const kept = Object.fromEntries(keep.map((name, index) => [name, this.kept[row]![index]]));
    emit({
      event: 'prediction',
      row: this.rows + row + 1,
      ...(keep.length > 0 ? { kept } : {}),
      ...predictionOf(model, outputs),
    });
  }

  private write(outputs: Float32Array, kept: readonly Value[]): void {
    const { values, results, keptCount } = this;
    for (let index = 0; index < keptCount; index += 1) values[index] = kept[index]!;
    for (let index = 0; index < results.length; index += 1) {
      values[keptCount + index] = results[index]!.valueOf(outputs);
    }
    this.sink!.write(values);
  }
}

/**
 * Whether a row shows decimal points, where none before did.
 *
 * @throws BitgradError if a cell can be read either way
 */
function showsPoint(cells: Parameters<VisitCells>[0], { numeric, nameOf }: TableColumns): boolean {
  let isShown = false;
  for (const place of numeric) {
    const cell = cells[place];
    if (cell == null || Number.isInteger(cell)) continue;
    const said = pointIn(cell);
    if (said === 'shown') isShown = true;
    if (said !== 'either' || isShown) continue;
    const [whole, rest] = String(cell).trim().split(',');
    throw new BitgradError(
      `column ${show(nameOf(place))}: expected a number that can be read in one way, received ${show(cell)}, and no row before shows whether commas are decimal ones`,
      `Write ${whole}${rest} or ${whole}.${rest}, or put a row first whose numbers show it, such as 0.5.`,
    );
  }
  return isShown;
}
