import {
  BitgradError,
  CategoryIndex,
  canonicalNumber,
  inSentence,
  numberIn,
  show,
  type TableEncoding,
  type TargetEncoding,
} from '@bitgrad/core';
import { type Classes, classIndex, listNames, modelClasses } from '../classes.js';
import type { LoadOptions } from '../options.js';
import type { Cell } from './cell.js';
import { checkNumeric, placeOfFound } from './checks.js';
import { namesColumn } from './choose.js';
import type { ColumnStore } from './column-store.js';
import { pieceOf, placeIn } from './growing.js';
import { classNotes, isNumeric, labelClasses, looksLikeRegression } from './label-classes.js';
import { findOffset } from './offset.js';
import type { TableStore } from './table-store.js';
import { oneSpelling } from './texts.js';

/** Texts that mean no and yes. */
const PAIRS: readonly (readonly [no: string, yes: string])[] = [
  ['0', '1'],
  ['no', 'yes'],
  ['false', 'true'],
  ['n', 'y'],
  ['f', 't'],
  ['nein', 'ja'],
  ['nee', 'ja'],
  ['nej', 'ja'],
  ['non', 'oui'],
  ['no', 'sí'],
  ['no', 'si'],
  ['no', 'sì'],
  ['não', 'sim'],
  ['nie', 'tak'],
  ['нет', 'да'],
  ['falsch', 'wahr'],
  ['faux', 'vrai'],
  ['falso', 'verdadero'],
  ['absent', 'present'],
  ['negative', 'positive'],
  ['-', '+'],
];

/** Of a text's class: not looked for. */
const UNSEEN = -1;

/** What is learnt of each row. */
export interface Targets {
  /** Null where numbers are learnt. */
  readonly classes: Classes | null;
  /** How numbers are learnt, one a column, or undefined where that needs no words. */
  readonly encoding: readonly TargetEncoding[] | undefined;
  readonly notes: readonly string[];
  /** Writes the classes of some rows, all of one piece. */
  writeLabels(rows: Uint32Array, labels: Uint32Array, placeOf: (row: number) => string): void;
  /** Writes a row's numbers. */
  writeValues(row: number, values: Float32Array, at: number): void;
}

/**
 * Decides what is learnt: classes of one column, numbers of one or several, or 0 and 1 of several
 * columns of yes and no.
 *
 * @param known the encoding that is followed, if one is
 * @throws BitgradError if the columns hold nothing that can be learnt so
 */
export function planTargets(
  store: TableStore,
  labels: readonly number[],
  options: LoadOptions,
  known: TableEncoding | undefined,
  fileName: string,
): Targets {
  const task = taskOf(store, labels, options, known);
  checkTask(task, store, labels, options, fileName);
  if (task.task === 'classification')
    return classTargets(store, labels, options, fileName, task.note);
  const columns = labels.map((index) => store.columns[index]!);
  const names = labels.map((index) => store.names[index]!);
  const notes = task.note === null ? [] : [task.note];
  const encoding = columns.map((column, at) => {
    if (known?.targets) return known.targets[at]!;
    const name = names[at]!;
    if (task.task === 'multi-label') return yesOrNo(column, name, fileName);
    checkNumeric(column, name);
    if (known !== undefined || store.reading.rules === 1) return { name };
    const { offset, note } = findOffset(column, name);
    if (note !== null) notes.push(note);
    return { name, ...(offset === 0 ? {} : { offset }) };
  });
  const indices = encoding.map(
    ({ categories }) =>
      categories && new CategoryIndex(categories, store.reading.rules, store.reading.decimal),
  );
  for (const [at, column] of columns.entries()) {
    if (indices[at] === undefined) checkNumeric(column, names[at]!);
  }
  const isPlain = encoding.length === 1 && Object.keys(encoding[0]!).length === 1;
  return {
    classes: null,
    encoding: isPlain ? undefined : encoding,
    notes,
    writeLabels: () => undefined,
    writeValues(row, values, at) {
      for (const [target, column] of columns.entries()) {
        const index = indices[target];
        values[at + target] = index
          ? flagOf(column, row, index, names[target]!, fileName)
          : column.valueAt(row) - (encoding[target]!.offset ?? 0);
      }
    },
  };
}

interface Task {
  readonly task: 'classification' | 'regression' | 'multi-label';
  readonly note: string | null;
}

function taskOf(
  { columns, names }: TableStore,
  labels: readonly number[],
  { task = 'classification', like, numeric, categorical }: LoadOptions,
  known: TableEncoding | undefined,
): Task {
  if (known?.targets?.some(({ categories }) => categories))
    return { task: 'multi-label', note: null };
  if (task !== 'auto') return { task, note: null };
  if (like) return { task: like.classes > 0 ? 'classification' : 'regression', note: null };
  const asked = labels.find((index) => namesColumn(names, numeric, index));
  if (asked !== undefined) {
    const note = `${inSentence(names[asked]!)} is learnt as a number (loss squared-error), as numeric says`;
    return { task: 'regression', note };
  }
  if (labels.length > 1) {
    const areNumbers = labels.every((index) => isNumeric(columns[index]!));
    const areFlags = labels.every((index) => areTwo(columns[index]!));
    if (!areFlags && areNumbers) return { task: 'regression', note: null };
    const learnt = labels.map((index) => names[index]).join(', ');
    const note = `${learnt} are learnt as yes or no each (loss binary-cross-entropy)`;
    return { task: 'multi-label', note };
  }
  const [label] = labels as [number];
  const areClasses =
    namesColumn(names, categorical, label) || !looksLikeRegression(columns[label]!);
  if (areClasses) return { task: 'classification', note: null };
  return {
    task: 'regression',
    note: `${inSentence(names[label]!)} is learnt as a number (loss squared-error), because it holds many different ones or fractions`,
  };
}

/** @throws BitgradError if a column that is learnt is not what somebody said it is */
function checkTask(
  { task }: Task,
  { columns, names }: TableStore,
  labels: readonly number[],
  { numeric, categorical }: LoadOptions,
  fileName: string,
): void {
  for (const index of labels) {
    if (namesColumn(names, numeric, index)) {
      checkNumeric(columns[index]!, names[index]!, 'Mend the cell, or do not ask for numbers.');
    }
    if (task !== 'regression' || !namesColumn(names, categorical, index)) continue;
    throw new BitgradError(
      `${fileName}: column ${show(names[index])}: expected categories, as categorical says, received a label that is learnt as a number (loss squared-error)`,
      'One column of categories is learnt as classes: loss cross-entropy.',
    );
  }
}

function classTargets(
  { columns, names, reading }: TableStore,
  labels: readonly number[],
  { like }: LoadOptions,
  fileName: string,
  note: string | null,
): Targets {
  if (labels.length > 1) {
    throw new BitgradError(
      `${fileName}: expected one column as the label of classes, received ${labels.map((index) => show(names[index])).join(', ')}`,
      'Several columns are learnt as numbers (loss squared-error), or as yes and no (loss binary-cross-entropy).',
    );
  }
  const [label] = labels as [number];
  const column = columns[label]!;
  const { rules, decimal } = reading;
  const classes = like ? modelClasses(like) : labelClasses(column, names[label]!, fileName, rules);
  const index = new CategoryIndex([...classes.indices.keys()], rules, decimal);
  const isNumber = isNumeric(column);
  const nameOf = (cell: Cell): string =>
    isNumber ? canonicalNumber(numberIn(cell as string, rules, decimal)) : String(cell);
  const found = new Map<Cell, number>();
  const ofTexts = new Int32Array(column.dictionary.length).fill(UNSEEN);
  const labelAt = (row: number, code: number, placeOf: (row: number) => string): number => {
    const cell = column.cellAt(row);
    const known = found.get(cell);
    if (known !== undefined) return known;
    const name = nameOf(cell);
    const label =
      classes.indices.get(name) ?? index.find(name) ?? classIndex(classes, name, placeOf(row));
    found.set(cell, label);
    if (code >= 0) ofTexts[code] = label;
    return label;
  };
  return {
    classes,
    encoding: undefined,
    notes: [...(note === null ? [] : [note]), ...(like ? [] : classNotes(column, names[label]!))],
    writeLabels(rows, labels, placeOf) {
      const codes = column.codesOf(pieceOf(rows[0]!));
      for (let at = 0; at < rows.length; at += 1) {
        const row = rows[at]!;
        const code = codes === null ? UNSEEN : codes[placeIn(row)]!;
        const known = code >= 0 ? ofTexts[code]! : UNSEEN;
        labels[at] = known !== UNSEEN ? known : labelAt(row, code, placeOf);
      }
    },
    writeValues: () => undefined,
  };
}

/** The different cells of a column that has at most a few. */
function differentOf(column: ColumnStore): string[] {
  if (column.distinct === null || column.dictionary.length > 8) return [];
  if (isNumeric(column)) return [...new Set([...column.distinct].map(canonicalNumber))];
  return oneSpelling(column.differentTexts());
}

/** Whether a column's cells are one of two texts or whole numbers, or only ever 0 or only 1. */
function areTwo(column: ColumnStore): boolean {
  const different = differentOf(column);
  if (different.length === 1) return different[0] === '0' || different[0] === '1';
  const areWhole = !isNumeric(column) || different.every((text) => Number.isInteger(Number(text)));
  return different.length === 2 && areWhole;
}

/** @throws BitgradError unless a column holds two different cells */
function yesOrNo(column: ColumnStore, name: string, fileName: string): TargetEncoding {
  const texts = differentOf(column).sort();
  if (texts.length === 1 && (texts[0] === '0' || texts[0] === '1')) texts.splice(0, 1, '0', '1');
  if (texts.length !== 2) {
    throw new BitgradError(
      `${fileName}: column ${show(name)}: expected two different cells, as yes and no, received ${texts.length === 0 ? 'more' : listNames(texts)}`,
    );
  }
  const small = texts.map((text) => text.toLowerCase());
  const pair = PAIRS.find((one) => one.every((text) => small.includes(text)));
  const isTurned = pair !== undefined && small[0] === pair[1];
  return { name, categories: (isTurned ? [texts[1], texts[0]] : texts) as [string, string] };
}

function flagOf(
  column: ColumnStore,
  row: number,
  index: CategoryIndex,
  name: string,
  fileName: string,
): number {
  const flag = index.find(column.cellAt(row));
  if (flag !== undefined) return flag;
  const place = column.firstText === null ? fileName : placeOfFound(column.firstText, name);
  throw new BitgradError(
    `${place}: expected one of the two texts that the model was trained on, received ${show(column.cellAt(row))}`,
  );
}
