import {
  BitgradError,
  type Dataset,
  datasetSha256,
  evaluate,
  predictSamples,
  RecipeError,
  range,
  type SavedModel,
  scoresOf,
  splitDataset,
  taskOf,
} from '@bitgrad/core';
import { flagTextOf, textOf } from '../arguments.js';
import { backendOf, backendOptions } from '../backends.js';
import { type Command, valueOption } from '../command.js';
import {
  DATA_KINDS,
  embeddedData,
  givenData,
  labelOption,
  likeOf,
  loadData,
  loadOptionsOf,
} from '../data-options.js';
import { printEvaluation } from '../display/evaluation.js';
import { metricNamesOf, namedTargets, printMetrics, printTargets } from '../display/metrics.js';
import { metricsOption } from '../display/metrics-option.js';
import { plural } from '../format.js';
import { readModel } from '../model-file.js';
import { emit, note, print, printPairs } from '../output.js';
import { flagOf } from '../table-options.js';

/** `bitgrad eval MODEL [FILE]`. */
export const evalCommand: Command = {
  positionals: { model: 'the model file', file: 'the data, as --data has them' },
  options: {
    data: valueOption(DATA_KINDS, 'the data of the training, if it comes along', 'Data:'),
    label: labelOption,
    strict: {
      describe:
        'a category that the training never saw is an error, instead of unknown (default false)',
      group: 'Data:',
    },
    ...backendOptions,
    metrics: metricsOption,
  },
  examples: [
    ['eval model.safetensors', 'on the test samples that the training did not see'],
    ['eval model.safetensors --data fashion', 'on the test samples of other data'],
    ['eval iris.safetensors new.csv', 'a table with the same columns and classes'],
  ],

  async run(argv, { signal, json }) {
    const path = String(argv.model);
    const { model } = await readModel(path);
    const data = givenData(argv) ?? embeddedData(model.receipt.dataset.name, path, 'evaluate on');
    const metricNames = metricNamesOf(textOf(argv, 'metrics'), '--metrics');
    const { backend, description } = await backendOf(argv);
    const strict = flagOf(flagTextOf(argv, 'strict'), '--strict') ?? false;
    const dataset = await loadLike(model, data, textOf(argv, 'label'), strict);
    for (const line of dataset.notes ?? []) note(`note: ${line}`);
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
        ...(model.classNames ? { classNames: model.classNames } : {}),
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
    const evaluation = await evaluate(model, dataset, indices, backend, {
      // Of a closed stdout. Signals are not heeded: nothing is left to save, and scores take long at a time.
      signal,
    }).catch((error: unknown) => {
      if (!(error instanceof RecipeError)) throw error;
      throw new BitgradError(`${data}: does not fit ${path}: ${error.message}`);
    });
    const outputs = await predictSamples(model, dataset, indices, backend, { signal });
    const scores = scoresOf(dataset, indices, outputs, taskOf(model.recipe));
    const { samples, accuracy, loss, confusion } = evaluation;
    const targets = namedTargets(scores, model.encoding);
    if (json) {
      const named = targets ? { targets } : {};
      emit({ event: 'end', samples, accuracy, loss, confusion, ...scores, ...named });
    } else {
      printEvaluation(evaluation, model);
      print();
      printMetrics(scores, metricNames);
      if (targets) printTargets(targets, metricNames);
    }
    return true;
  },
};

/** Loads data by the classes and the encoding of a model. */
export function loadLike(
  model: SavedModel,
  data: string,
  label: string | undefined,
  strict: boolean,
): Promise<Dataset> {
  return loadData(data, { ...loadOptionsOf(model, label), like: likeOf(model), strict });
}

/** On the data of the training, its own test part; on other data, theirs. */
export function chooseSamples(
  { recipe, receipt }: SavedModel,
  dataset: Dataset,
  sha256: string,
): { indices: Uint32Array; part: string } {
  if (sha256 === receipt.dataset.sha256) {
    const { test } = splitDataset(dataset, recipe);
    if (test.length > 0) return { indices: test, part: "the training's own test part" };
  }
  const { trainCount, testCount } = dataset;
  const other = sha256 === receipt.dataset.sha256 ? '' : ', not the data of the training';
  return testCount > 0
    ? { indices: range(trainCount, testCount), part: `its own test part${other}` }
    : { indices: range(0, trainCount), part: `all of it, having no test part${other}` };
}
