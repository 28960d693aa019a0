import { batch, signal } from '@preact/signals';
import { download } from '../../parts/download.js';
import { notice } from '../../state/store.js';
import { DATA_FOLDER, tellError } from '../../state/worker.js';
import type { TableEpoch, TablePrediction, TableResult } from '../../table/table-protocol.js';
import { WorkerClient } from '../../worker/client.js';

interface OpenTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly sample: readonly (readonly string[])[];
}

/** The reader's table, what of it is to be learnt, and how far that is. */
export const table = signal<OpenTable | null>(null);
export const label = signal('');
export const isLearning = signal(false);
export const epochsSeen = signal<readonly TableEpoch[]>([]);
export const result = signal<TableResult | null>(null);

/** What the reader asks the model about, by column, and its answer. */
export const row = signal<Readonly<Record<string, string>>>({});
export const prediction = signal<TablePrediction | null>(null);

/** A worker of its own: digits may be in training meanwhile. */
const startTableWorker = () =>
  new Worker(new URL('../../table/table-worker.ts', import.meta.url), { type: 'module' });

const worker = new WorkerClient(
  startTableWorker,
  DATA_FOLDER,
  {
    tableEpoch: (epoch) => {
      epochsSeen.value = [...epochsSeen.value, epoch];
    },
  },
  () => {
    batch(() => {
      table.value = null;
      result.value = null;
      isLearning.value = false;
    });
  },
);

export async function openTable(name: string, text: string): Promise<void> {
  notice.value = null;
  try {
    await worker.request('tableStop');
    const { columns, sample } = await worker.request('tableOpen', { name, text });
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
    result.value = await worker.request('tableTrain', { label: label.value });
    row.value = rowOf(result.value);
  } catch (error) {
    tellError(error);
  } finally {
    isLearning.value = false;
  }
}

export function stopLearning(): void {
  worker.request('tableStop').catch(tellError);
}

export async function predict(): Promise<void> {
  notice.value = null;
  try {
    prediction.value = await worker.request('tablePredict', { row: row.value });
  } catch (error) {
    prediction.value = null;
    tellError(error);
  }
}

export async function saveTableModel(): Promise<void> {
  try {
    const bytes = await worker.request('tableSave');
    download(`${result.value!.name.replace(/\.[^.]*$/, '')}.safetensors`, bytes);
  } catch (error) {
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
