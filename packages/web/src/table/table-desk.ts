import {
  AbortedError,
  BitgradError,
  type Dataset,
  encodeModel,
  Predictor,
  predictionOf,
  recipeFor,
  Sampler,
  type SavedModel,
  train,
} from '@bitgrad/core';
import { readTable, textSource } from '@bitgrad/formats/table';
import { openBackend } from '../worker/backends.js';
import { cooperative } from '../worker/cooperative.js';
import { Gate } from '../worker/gate.js';
import type { Tell } from '../worker/protocol.js';
import { VERSIONS } from '../worker/versions.js';
import type { TableRequests, TableResult } from './table-protocol.js';

/** What a table's columns are found in: as much of its beginning as is read for that. */
const BEGINNING = 65_536;
const MOST_SHOWN = 5;

/** One function for each request about a table of the reader's own. */
export type TableDesk = {
  [Name in keyof TableRequests]: (
    given: TableRequests[Name]['given'],
  ) => Promise<TableRequests[Name]['answer']>;
};

/** The worker's side of a reader's own table: it holds the text, and the model that learned from it. */
export function openTableDesk(tell: Tell): TableDesk {
  let table: { readonly text: string; readonly name: string } | undefined;
  let model: SavedModel | undefined;
  let abortion: AbortController | undefined;

  return {
    tableOpen: async ({ text, name }) => {
      const rows = await firstRows(text, name);
      const [columns, ...sample] = rows;
      if (columns === undefined || columns.length < 2)
        throw new BitgradError(
          `${name}: expected a table of at least two columns, their names first, received ${columns?.length ?? 0}`,
          'Save it as CSV with a line of names.',
        );
      table = { text, name };
      model = undefined;
      return { columns, sample: sample.slice(0, MOST_SHOWN) };
    },
    tableTrain: async ({ label }) => {
      if (table === undefined) throw new BitgradError('there is no table to learn from yet');
      const { text, name } = table;
      abortion?.abort();
      const mine = new AbortController();
      abortion = mine;
      const source = { train: [textSource(text, name)], test: [] };
      const dataset = await readTable(name, source, { label, task: 'auto' });
      const recipe = recipeFor(dataset);
      const backend = await openBackend('wasm', tell);
      const neverPaused = { left: () => Number.POSITIVE_INFINITY, made: () => undefined };
      const trained = await train({
        recipe,
        dataset,
        backend: cooperative(backend, new Gate(), () => undefined, neverPaused),
        signal: mine.signal,
        onEpoch: ({ epoch, loss, validationLoss, validationAccuracy }) =>
          tell('tableEpoch', {
            epoch,
            epochs: recipe.epochs,
            loss,
            validationLoss,
            validationAccuracy,
          }),
      });
      if (mine.signal.aborted) throw new AbortedError('the training was stopped');
      model = { ...trained, run: { ...trained.run, versions: VERSIONS } };
      return describe(model, dataset, label);
    },
    tableStop: async () => {
      abortion?.abort();
      return undefined;
    },
    tablePredict: async ({ row }) => {
      if (model === undefined) throw new BitgradError('nothing was learned yet');
      const sampler = new Sampler(model, { strict: true });
      const samples = sampler.allocate(1);
      sampler.write(row, samples, 0);
      const predictor = new Predictor(model, await openBackend('ts', tell));
      try {
        const prediction = predictionOf(model, predictor.predict(samples));
        if ('outputs' in prediction) return { value: prediction.outputs[0]! };
        const { className, label, probabilities } = prediction;
        return { className: className ?? String(label), probability: probabilities[label]! };
      } finally {
        predictor.close();
      }
    },
    tableSave: async () => {
      if (model === undefined) throw new BitgradError('nothing was learned yet');
      return encodeModel(model);
    },
  };
}

async function firstRows(text: string, name: string): Promise<string[][]> {
  const end = text.length > BEGINNING ? text.lastIndexOf('\n', BEGINNING) : -1;
  const rows: string[][] = [];
  const visit = (cells: readonly unknown[]) => {
    if (rows.length <= MOST_SHOWN) rows.push(Array.from(cells, (cell) => String(cell ?? '')));
  };
  await textSource(end > 0 ? text.slice(0, end) : text, name).scan(visit, '.');
  return rows;
}

function describe(
  { receipt, recipe, encoding }: SavedModel,
  { name, classNames, classes }: Dataset,
  label: string,
): TableResult {
  const { testAccuracy, testLoss, dataset, epochs } = receipt;
  return {
    name,
    label,
    isRegression: recipe.loss === 'squared-error',
    classes: classNames?.length ?? classes,
    testAccuracy,
    testLoss,
    train: dataset.train,
    test: dataset.test,
    epochs: epochs.length,
    weightsSha256: receipt.weightsSha256,
    columns:
      encoding?.columns.map((column) => ({
        name: column.name,
        values: column.categories,
      })) ?? [],
  };
}
