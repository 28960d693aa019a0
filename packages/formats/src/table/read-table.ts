import {
  BitgradError,
  type Dataset,
  encodedWidth,
  inSentence,
  show,
  type TableEncoding,
} from '@bitgrad/core';
import { checkInputSize } from '../limits.js';
import type { LoadOptions } from '../options.js';
import { checkFollowed } from './check-followed.js';
import { checkComplete, checkRead, countOf } from './checks.js';
import type { DigestMeanwhile } from './digest.js';
import { type Filled, fillTable } from './fill.js';
import { findLabels } from './label-column.js';
import { type ColumnPlan, followEncoding, oldColumns, planColumns, rulesOf } from './plan.js';
import { storeTable, type TableParts, type TableStore } from './table-store.js';
import { planTargets, type Targets } from './targets.js';

/** A table of so many cells is worth a second thread. */
const MANY_CELLS = 2 ** 20;

/**
 * Makes a data set of a table: reads its cells into memory, decides what each column is, and turns
 * rows into features.
 *
 * @param name of the data set
 * @param startDigest where the data set is to have its digest if that can be taken meanwhile
 * @throws BitgradError naming file, line and column of what is wrong
 */
export async function readTable(
  name: string,
  parts: TableParts,
  options: LoadOptions,
  startDigest: () => DigestMeanwhile | null = () => null,
): Promise<Dataset> {
  const rules = rulesOf(options);
  const known = options.encoding ?? options.like?.encoding ?? undefined;
  // Version 0.1.0 left validation parts aside.
  const used = rules === 1 ? { ...parts, validation: [] } : parts;
  const store = await storeTable(used, options, rules, known);
  const cells = store.columns.length * store.columns[0]!.length;
  const digest = cells >= MANY_CELLS ? startDigest() : null;
  try {
    const samples = await makeSamples(store, used, options, rules, known, digest);
    const sha256 = await digest?.finish(samples.values ?? samples.labels);
    return { name, ...samples, ...(sha256 === undefined ? {} : { sha256 }) };
  } finally {
    digest?.stop();
  }
}

/** Decides what each column is, and turns the rows of a table in memory into features. */
async function makeSamples(
  store: TableStore,
  parts: TableParts,
  options: LoadOptions,
  rules: number,
  known: TableEncoding | undefined,
  digest: DigestMeanwhile | null,
): Promise<Omit<Dataset, 'name'>> {
  const { fileName, indexColumns } = parts.train[0]!;
  const wanted = options.label ?? known?.targets?.map((target) => target.name) ?? known?.label;
  // Version 0.1.0 took the last column, whatever it was.
  const labels = findLabels(
    store,
    wanted,
    fileName,
    rules === 1 ? [] : indexColumns,
    known ? [] : options.drop,
  );
  const followed = known ? checkFollowed(store, known, options, fileName) : [];
  const sources = [...parts.train, ...(parts.validation ?? []), ...parts.test];
  const holdsObjects = sources.every(({ empty }) => empty !== undefined);
  const plan = known
    ? followEncoding(store, known, fileName, holdsObjects)
    : rules === 1
      ? oldColumns(store, labels[0]!)
      : planColumns(store, labels, parts.train[0]!, options);
  const needed = [...plan.places, ...labels];
  for (const source of sources) checkRead(source, store.names, needed);
  const missing = known ? known.missing : options.missing;
  if (rules === 1 || missing === 'error') checkComplete(store, needed);
  const targets = planTargets(store, labels, options, known, fileName);
  const encoding = encodingOf(store, plan, labels, targets, options, known);
  const kept = rowsThatHold(store, missing === 'drop' ? needed : labels, fileName);
  const width = encodedWidth(encoding);
  checkInputSize(fileName, kept.length, width, 4);
  const filled = await fillTable(
    store,
    plan,
    encoding,
    targets,
    labels.length,
    kept,
    options.strict ?? false,
    digest,
  );
  if (!options.like) checkTrainedClasses(targets, filled, encoding, parts);
  const { notes, validationCount, ...samples } = filled;
  return {
    ...samples,
    ...(validationCount > 0 ? { validationCount } : {}),
    features: width,
    image: null,
    classes: targets.classes?.count ?? 0,
    classNames: targets.classes?.names,
    encoding,
    notes: [
      ...store.notes,
      ...followed,
      ...plan.notes,
      ...targets.notes,
      ...leftOutNotes(store, labels, encoding, kept.length),
      ...notes,
    ],
  };
}

function encodingOf(
  { names, reading }: TableStore,
  { columns }: ColumnPlan,
  labels: readonly number[],
  { encoding: targets }: Targets,
  { missing = 'impute' }: LoadOptions,
  known: TableEncoding | undefined,
): TableEncoding {
  const label = labels.map((index) => names[index]).join(',');
  if (known) return { ...known, label };
  if (reading.rules === 1) return { columns, label };
  return {
    rules: reading.rules,
    columns,
    label,
    ...(targets ? { targets } : {}),
    ...(reading.decimal === ',' ? { decimal: ',' } : {}),
    ...(reading.dates && columns.some(({ date }) => date) ? { dates: reading.dates } : {}),
    ...(missing === 'impute' ? {} : { missing }),
  };
}

/** The rows whose cells in these columns all hold something. */
function rowsThatHold(
  { columns }: TableStore,
  needed: readonly number[],
  fileName: string,
): Uint32Array {
  const lacking = needed.map((index) => columns[index]!).filter(({ missing }) => missing > 0);
  const all = new Uint32Array(columns[0]!.length);
  for (let row = 0; row < all.length; row += 1) all[row] = row;
  if (lacking.length === 0) return all;
  const kept = all.filter((row) => !lacking.some((column) => column.isMissingAt(row)));
  if (kept.length > 0) return kept;
  throw new BitgradError(
    `${fileName}: expected rows with a value in every column that needs one, received none`,
  );
}

function leftOutNotes(
  { columns, names }: TableStore,
  labels: readonly number[],
  { missing }: TableEncoding,
  kept: number,
): string[] {
  const rows = columns[0]!.length - kept;
  if (rows === 0) return [];
  const are = rows === 1 ? 'is' : 'are';
  const reason =
    missing === 'drop'
      ? 'cells of it are missing'
      : `${labels.map((index) => inSentence(names[index]!)).join(' or ')}, the label, holds nothing there`;
  return [`${countOf(rows, 'row')} of ${columns[0]!.length} ${are} left out: ${reason}`];
}

/** A class that only the test part has cannot be learnt; one that it lacks is said. */
function checkTrainedClasses(
  { classes }: Targets,
  { labels, trainCount, testCount }: Filled,
  encoding: TableEncoding,
  { test }: TableParts,
): void {
  if (classes === null || testCount === 0) return;
  const trained = new Set(labels.subarray(0, trainCount));
  for (const [label, index] of classes.indices) {
    if (trained.has(index)) continue;
    if (!labels.subarray(trainCount).includes(index)) continue;
    throw new BitgradError(
      `${test[0]!.fileName}: expected only classes of the training part, received ${show(label)} in column ${show(encoding.label)}`,
    );
  }
}
