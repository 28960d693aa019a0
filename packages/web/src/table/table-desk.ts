import { BitgradError, type Dataset, Sampler, type SavedModel, taskOf } from '@bitgrad/core';
import { beginningOf, readTable, textOf, textSource } from '@bitgrad/formats/table';
import type { Tell } from '../worker/protocol.js';
import { openImagesDesk } from './images-desk.js';
import { Learner } from './learner.js';
import type { TableRequests, TableResult } from './table-protocol.js';

const MOST_SHOWN = 5;

/** One function for each request about data of the reader's own. */
export type TableDesk = {
  [Name in keyof TableRequests]: (
    given: TableRequests[Name]['given'],
  ) => Promise<TableRequests[Name]['answer']>;
};

/** The worker's side of a reader's own data: it holds them, and the model that learned from them. */
export function openTableDesk(tell: Tell): TableDesk {
  let table: { readonly text: string; readonly name: string } | undefined;
  const learner = new Learner(tell);

  return {
    ...openImagesDesk(tell, learner),
    tableOpen: async ({ text: given, name }) => {
      const text = typeof given === 'string' ? given : textOf(given, name);
      const source = textSource(text, name);
      const { names: columns, sample } = await beginningOf(source, MOST_SHOWN);
      table = { text, name };
      learner.forget();
      return { columns, sample };
    },
    tableTrain: async ({ label }) => {
      if (table === undefined) throw new BitgradError('there is no table to learn from yet');
      const { text, name } = table;
      const signal = learner.begin();
      const source = { train: [textSource(text, name)], test: [] };
      const dataset = await readTable(name, source, { label, task: 'auto' });
      return describe(await learner.learn(dataset, signal), dataset, label);
    },
    tableStop: async () => {
      learner.stop();
      return undefined;
    },
    tablePredict: async ({ row }) => {
      const sampler = new Sampler(learner.model, { strict: true });
      const samples = sampler.allocate(1);
      sampler.write(row, samples, 0);
      const prediction = await learner.predict(samples);
      if ('outputs' in prediction) return { value: prediction.outputs[0]! };
      if ('labels' in prediction) {
        return {
          className: String(prediction.labels[0]),
          probability: prediction.probabilities[0]!,
        };
      }
      const { className, label, probabilities } = prediction;
      return { className: className ?? String(label), probability: probabilities[label]! };
    },
    tableSave: async () => learner.save(),
  };
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
    isRegression: taskOf(recipe) === 'regression',
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
