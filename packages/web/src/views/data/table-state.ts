import { batch, effect, signal } from '@preact/signals';
import { megabytes } from '../../parts/format.js';
import { notice } from '../../state/store.js';
import { tellError } from '../../state/worker.js';
import type { TablePrediction, TableResult } from '../../table/table-protocol.js';
import { WorkerError } from '../../worker/client.js';
import { deaths, epochsSeen, isLearning, ownWorker } from './own-worker.js';

interface OpenTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly sample: readonly (readonly string[])[];
}

/** The reader's table, what of it is to be learnt, and how far that is. */
export const table = signal<OpenTable | null>(null);
export const label = signal('');
export const result = signal<TableResult | null>(null);

/** What the reader asks the model about, by column, and its answer. */
export const row = signal<Readonly<Record<string, string>>>({});
export const prediction = signal<TablePrediction | null>(null);

effect(() => {
  if (deaths.value > 0) closeTable();
});

export function closeTable(): void {
  batch(() => {
    table.value = null;
    isLearning.value = false;
    forget();
  });
}

/** A larger table would not fit into a page several times over. */
const MOST_BYTES = 256e6;

/** @param file a reader's, or a text that comes along */
export async function openTable(file: File): Promise<void> {
  const { name, size } = file;
  notice.value = null;
  try {
    if (size > MOST_BYTES)
      throw new WorkerError({
        message: `${name}: expected a table of at most ${megabytes(MOST_BYTES)}, received ${megabytes(size)}`,
        fix: 'The command reads larger ones: bitgrad train --data',
        isAborted: false,
      });
    await ownWorker.request('tableStop');
    const text = new Uint8Array(await file.arrayBuffer());
    const { columns, sample } = await ownWorker.request('tableOpen', { name, text });
    batch(() => {
      table.value = { name, columns, sample };
      label.value = columns.at(-1)!;
      forget();
    });
  } catch (error) {
    tellError(error);
  }
}

export async function learn(): Promise<void> {
  notice.value = null;
  batch(() => {
    forget();
    isLearning.value = true;
  });
  try {
    result.value = await ownWorker.request('tableTrain', { label: label.value });
    row.value = rowOf(result.value);
  } catch (error) {
    tellError(error);
  } finally {
    isLearning.value = false;
  }
}

export async function predict(): Promise<void> {
  notice.value = null;
  try {
    prediction.value = await ownWorker.request('tablePredict', { row: row.value });
  } catch (error) {
    prediction.value = null;
    tellError(error);
  }
}

function forget(): void {
  epochsSeen.value = [];
  result.value = null;
  prediction.value = null;
}

/** The first row of the table, to begin with. */
function rowOf({ columns }: TableResult): Record<string, string> {
  const { columns: names = [], sample = [] } = table.value ?? {};
  return Object.fromEntries(
    columns.map(({ name }) => [name, sample[0]?.[names.indexOf(name)] ?? '']),
  );
}
