import {
  BitgradError,
  type Dataset,
  datasetSha256,
  evaluate,
  RecipeError,
  range,
  type SavedModel,
  splitDataset,
} from '@bitgrad/core';
import { loadDataset } from '@bitgrad/formats';
import { textOf } from '../arguments.js';
import { backendOf, backendOptions } from '../backends.js';
import { type Command, valueOption } from '../command.js';
import { printEvaluation } from '../display/evaluation.js';
import { plural } from '../format.js';
import { readModel } from '../model-file.js';
import { emit, printPairs } from '../output.js';
import { UsageError } from '../usage-error.js';

/** The data sets that come along, and need not be named. */
const EMBEDDED = ['mnist'];

/** `bitgrad eval MODEL`. */
export const evalCommand: Command = {
  usage: 'eval <model>',
  summary: 'accuracy, loss, confusion matrix, and precision and recall of each class',
  positionals: { model: 'the model file' },
  options: {
    data: valueOption(
      'mnist or a folder of IDX files; by default the data that the model was trained on',
      undefined,
      'Data:',
    ),
    ...backendOptions,
  },
  examples: [
    ['eval model.safetensors', 'on the test samples that the training did not see'],
    ['eval model.safetensors --data fashion', 'on the test samples of other data'],
  ],

  async run(argv, { signal, json }) {
    const path = String(argv.model);
    const { model } = await readModel(path);
    const data = textOf(argv, 'data') ?? embeddedDataOf(model, path);
    const { backend, description } = await backendOf(argv);
    const dataset = await loadDataset(data);
    const sha256 = await datasetSha256(dataset);
    const { indices, part } = chooseSamples(model, dataset, sha256);
    if (json) {
      emit({
        event: 'start',
        backend: backend.name,
        isa: backend.isa,
        threads: backend.threads,
        model: path,
        dataset: { name: dataset.name, sha256 },
        part,
      });
    } else {
      printPairs(
        [
          ['data', `${dataset.name}: ${plural(indices.length, 'sample')}, ${part}`],
          ['backend', description],
        ],
        process.stderr,
      );
    }
    const evaluation = await evaluate(model, dataset, indices, backend, { signal }).catch(
      (error: unknown) => {
        if (!(error instanceof RecipeError)) throw error;
        throw new BitgradError(`${data}: does not fit ${path}: ${error.message}`);
      },
    );
    if (json) emit({ event: 'end', ...evaluation });
    else printEvaluation(evaluation);
    return true;
  },
};

function embeddedDataOf({ receipt }: SavedModel, path: string): string {
  const { name } = receipt.dataset;
  if (EMBEDDED.includes(name)) return name;
  throw new UsageError(
    `--data: expected the data to evaluate on, received none`,
    `${path} was trained on ${name}, which does not come along: give its folder, as in --data ${name}`,
  );
}

/** On the data of the training, its own test part; on other data, theirs. */
function chooseSamples(
  { recipe, receipt }: SavedModel,
  dataset: Dataset,
  sha256: string,
): { indices: Uint32Array; part: string } {
  if (sha256 === receipt.dataset.sha256) {
    const { test } = splitDataset(dataset, recipe);
    if (test.length > 0) return { indices: test, part: "the training's own test part" };
  }
  const { trainCount, testCount, labels } = dataset;
  const other = sha256 === receipt.dataset.sha256 ? '' : ', not the data of the training';
  return testCount > 0
    ? { indices: range(trainCount, testCount), part: `its own test part${other}` }
    : { indices: range(0, labels.length), part: `all of it, having no test part${other}` };
}
