// Trains tables as `bitgrad train --data FILE --label LABEL --seed SEED` does, one after the other in this process.
//
// Reads lines of JSON (name, file, label, seed) from stdin and writes lines of JSON: the task, the rows of each part, the
// score of the test part (accuracy or R²) and of the baseline, or the error.
//
// node train.mjs FOLDER < jobs

import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chooseBackend } from '../../packages/cli/dist/backends.js';
import { loadData } from '../../packages/cli/dist/data-options.js';
import { fitRecipe } from '../../packages/cli/dist/train/fit-recipe.js';
import { readRequest } from '../../packages/cli/dist/train/request.js';
import { splitDataset, train } from '../../packages/core-ts/dist/index.js';

const folder = process.argv[2];
const { backend } = await chooseBackend('auto', '1', undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  const begun = performance.now();
  const result = await trainTable(job).catch((error) => ({ error: error.message }));
  const seconds = Number(((performance.now() - begun) / 1000).toFixed(2));
  console.log(JSON.stringify({ ...job, ...result, seconds }));
}

/** @param {{ file: string, label: string, seed: number }} job */
async function trainTable({ file, label, seed }) {
  const words = { data: join(folder, file), label, seed: String(seed) };
  const request = await readRequest(words);
  const dataset = await loadData(request.data, request.loadOptions);
  const { recipe } = fitRecipe(request.base, request.changes, dataset);
  const { train: trained, validation, test } = splitDataset(dataset, recipe);
  const parts = { train: [...trained], validation: [...validation], test: [...test] };
  const task = dataset.values ? 'regression' : 'classes';
  const { receipt } = await train({ recipe, dataset, backend });
  const { metrics, baseline } = receipt;
  return {
    task,
    ...parts,
    epochs: receipt.epochs.length,
    bitgrad: scoreOf(metrics),
    constant: scoreOf(baseline),
  };
}

/** @param {any} metrics */
function scoreOf(metrics) {
  return 'accuracy' in metrics ? metrics.accuracy : metrics.r2;
}
