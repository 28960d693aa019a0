import {
  BitgradError,
  type ColumnEncoder,
  inSentence,
  ownTurn,
  RowEncoder,
  show,
  type TableEncoding,
} from '@bitgrad/core';
import { countOf } from './checks.js';
import type { ColumnStore } from './column-store.js';
import type { DigestMeanwhile } from './digest.js';
import { PIECE, pieceOf, placeIn } from './growing.js';
import { MISSING } from './kept-cells.js';
import type { ColumnPlan } from './plan.js';
import type { TableStore } from './table-store.js';
import type { Targets } from './targets.js';

/** Of a text's category: not looked for, or not there. */
const UNSEEN = -1;
const UNKNOWN = -2;

/** Samples that are filled a column at a time: so many stay in a processor's cache. */
const BLOCK = 256;
/** Cells that are filled before others on the event loop are let go on. */
const CELLS_A_TURN = 2 ** 18;

/** A table's samples. */
export interface Filled {
  /** `[samples, features]` */
  readonly inputs: Float32Array;
  /** `[samples]`, empty where values are learnt. */
  readonly labels: Uint32Array;
  /** `[samples, outputs]`, or undefined where classes are learnt. */
  readonly values: Float32Array | undefined;
  readonly trainCount: number;
  readonly validationCount: number;
  readonly testCount: number;
  /** For people. */
  readonly notes: readonly string[];
}

/**
 * Turns the rows that are kept into samples; the cells of columns that became features are freed.
 *
 * @param outputs numbers that are learnt of a row
 * @param strict whether a category that the encoding does not list is an error
 * @param digest told what is filled
 * @throws BitgradError naming the row, if a cell is not what its column holds
 */
export async function fillTable(
  store: TableStore,
  { places }: ColumnPlan,
  encoding: TableEncoding,
  targets: Targets,
  outputs: number,
  kept: Uint32Array,
  strict: boolean,
  digest: DigestMeanwhile | null,
): Promise<Filled> {
  const { decimal, dates: order } = store.reading;
  const encoder = new RowEncoder(encoding, { decimal, dates: order, strict, keepMissing: true });
  const columns = places.map((place) => store.columns[place]!);
  const length = kept.length * encoder.width;
  const inputs = digest?.makeInputs(length) ?? new Float32Array(length);
  const labels = new Uint32Array(targets.classes ? kept.length : 0);
  const values = targets.classes ? undefined : new Float32Array(kept.length * outputs);
  if (values) {
    for (let sample = 0; sample < kept.length; sample += 1) {
      if (sample % PIECE === 0) await ownTurn();
      targets.writeValues(kept[sample]!, values, sample * outputs);
    }
  } else {
    const placeOf = (row: number): string =>
      `${placeOfRow(store, row)}, column ${show(encoding.label)}`;
    for (const { from, to } of piecesOf(kept)) {
      await ownTurn();
      targets.writeLabels(kept.subarray(from, to), labels.subarray(from, to), placeOf);
    }
  }
  const writers = columns.map((column, index) => {
    const encoded = encoding.columns[index]!;
    const own = encoder.columns[index]!;
    const { width } = encoder;
    const writeCell = (row: number, at: number): void => {
      try {
        own.write(encoded.date ? column.momentAt(row) : column.cellAt(row), inputs, at);
      } catch (error) {
        if (!(error instanceof BitgradError)) throw error;
        throw new BitgradError(`${placeOfRow(store, row)}, ${error.message}`, error.fix);
      }
    };
    const filling = { kept, inputs, width, writeCell };
    if (encoded.date) return dateWriter(column, own, filling);
    const { offset = 0, categories } = encoded;
    if (categories === null) return numberWriter(column, offset, own, filling);
    return categoryWriter(column, own, filling);
  });
  // The cells of a large table are freed as they become features: both would take much memory.
  let filled = 0;
  for (const { piece, from, to } of piecesOf(kept)) {
    for (let start = from; start < to; start += BLOCK) {
      filled += BLOCK * encoder.width;
      if (filled > CELLS_A_TURN) {
        digest?.take(start * encoder.width);
        await ownTurn();
        filled = 0;
      }
      let at = 0;
      for (const [index, { width }] of encoder.columns.entries()) {
        writers[index]!(start, Math.min(start + BLOCK, to), at);
        at += width;
      }
    }
    for (const column of new Set(columns)) column.release(piece);
  }
  digest?.take(length);
  const { trainCount, validationCount } = store;
  const train = countBelow(kept, trainCount);
  const trainAndValidation = countBelow(kept, trainCount + validationCount);
  return {
    inputs,
    labels,
    values,
    trainCount: trainAndValidation,
    validationCount: trainAndValidation - train,
    testCount: kept.length - trainAndValidation,
    notes: encoder.columns.flatMap(notesOf),
  };
}

/** The samples from `from` to before `to`, whose rows are of one piece. */
interface Stretch {
  readonly piece: number;
  readonly from: number;
  readonly to: number;
}

/** All samples, by the pieces that their rows are of. */
function* piecesOf(kept: Uint32Array): Generator<Stretch> {
  for (let from = 0; from < kept.length; ) {
    const piece = pieceOf(kept[from]!);
    let to = Math.min(kept.length, from + PIECE);
    while (pieceOf(kept[to - 1]!) > piece) to -= 1;
    yield { piece, from, to };
    from = to;
  }
}

/** What a column's cells hold that training did not see. */
function notesOf(column: ColumnEncoder): string[] {
  const { name, unknown, firstUnknown, missing } = column;
  const lacking = column.missingNote(missing);
  const hold = unknown === 1 ? 'holds' : 'hold';
  return [
    ...(unknown === 0
      ? []
      : [
          `${inSentence(name)}: ${countOf(unknown, 'row')} ${hold} a category that was never seen in training, such as ${show(firstUnknown)}: its features are 0`,
        ]),
    ...(lacking === null ? [] : [lacking]),
  ];
}

/** What all writers of columns share. */
interface Filling {
  /** The rows of the samples. */
  readonly kept: Uint32Array;
  /** `[samples, width]` */
  readonly inputs: Float32Array;
  readonly width: number;
  /** Writes any cell, or says what is wrong with it. */
  readonly writeCell: (row: number, at: number) => void;
}

/**
 * Writes a column's features, from the one at `at` of each sample, of the samples from `from` to before `to`, whose rows
 * are of one piece.
 */
type Writer = (from: number, to: number, at: number) => void;

/** The features of a date that comes again are copied. */
function dateWriter(column: ColumnStore, encoder: ColumnEncoder, filling: Filling): Writer {
  const { kept, inputs, width, writeCell } = filling;
  const writeNothing = nothingWriter(encoder, filling);
  const { length } = column.dictionary;
  const features = encoder.width;
  const known = new Float32Array(length * features);
  const isKnown = new Uint8Array(length);
  return (from, to, at) => {
    const codes = column.codesOf(pieceOf(kept[from]!));
    for (let sample = from, place = from * width + at; sample < to; sample += 1, place += width) {
      const row = kept[sample]!;
      const code = codes === null ? UNSEEN : codes[placeIn(row)]!;
      if (code >= 0 && isKnown[code] === 1) {
        for (let next = 0; next < features; next += 1) {
          inputs[place + next] = known[code * features + next]!;
        }
      } else if (code === MISSING) writeNothing(row, place);
      else {
        writeCell(row, place);
        if (code < 0) continue;
        known.set(inputs.subarray(place, place + features), code * features);
        isKnown[code] = 1;
      }
    }
  };
}

/** Finite numbers need no words. */
function numberWriter(
  column: ColumnStore,
  offset: number,
  encoder: ColumnEncoder,
  filling: Filling,
): Writer {
  const { kept, inputs, width, writeCell } = filling;
  const writeNothing = nothingWriter(encoder, filling);
  return (from, to, at) => {
    const piece = pieceOf(kept[from]!);
    const values = column.valuesOf(piece);
    const codes = column.codesOf(piece);
    for (let sample = from, place = from * width + at; sample < to; sample += 1, place += width) {
      const row = kept[sample]!;
      const feature = values === null ? Number.NaN : Math.fround(values[placeIn(row)]! - offset);
      if (Number.isFinite(feature)) inputs[place] = feature;
      else if (codes !== null && codes[placeIn(row)] === MISSING) writeNothing(row, place);
      else writeCell(row, place);
    }
  };
}

/** The category of a text is looked for once. */
function categoryWriter(column: ColumnStore, encoder: ColumnEncoder, filling: Filling): Writer {
  const { kept, inputs, width, writeCell } = filling;
  const writeNothing = nothingWriter(encoder, filling);
  const places = new Int32Array(column.dictionary.length).fill(UNSEEN);
  return (from, to, at) => {
    const codes = column.codesOf(pieceOf(kept[from]!));
    for (let sample = from, place = from * width + at; sample < to; sample += 1, place += width) {
      const row = kept[sample]!;
      const code = codes === null ? UNSEEN : codes[placeIn(row)]!;
      if (code >= 0 && places[code] === UNSEEN) {
        places[code] = encoder.placeOf(column.dictionary[code]!) ?? UNKNOWN;
      }
      const category = code >= 0 ? places[code]! : UNKNOWN;
      if (category >= 0) inputs[place + category] = 1;
      else if (code === MISSING) writeNothing(row, place);
      else writeCell(row, place);
    }
  };
}

/** Writes the features of cells that hold nothing, which are the same for all: those that are not 0 are remembered. */
function nothingWriter(
  encoder: ColumnEncoder,
  filling: Filling,
): (row: number, place: number) => void {
  const { inputs, writeCell } = filling;
  let known: { readonly at: number; readonly value: number }[] | null = null;
  return (row, place) => {
    if (known === null) {
      writeCell(row, place);
      const features = inputs.subarray(place, place + encoder.width);
      known = Array.from(features, (value, at) => ({ at, value }));
      known = known.filter(({ value }) => value !== 0);
      return;
    }
    encoder.missing += 1;
    for (let next = 0; next < known.length; next += 1) {
      const { at, value } = known[next]!;
      inputs[place + at] = value;
    }
  };
}

/** How many of some rows, in their order, come before one. */
function countBelow(rows: Uint32Array, end: number): number {
  let count = rows.length;
  while (count > 0 && rows[count - 1]! >= end) count -= 1;
  return count;
}

/** Where a row stands: rows are counted from 1, a header not among them. */
function placeOfRow({ starts }: TableStore, row: number): string {
  const { fileName, start } = starts.filter(({ start }) => start <= row).at(-1)!;
  return `${fileName}: row ${row - start + 1}`;
}
