import { checkFields, datasetSha256, type Recipe, RecipeError, taskOf } from '@bitgrad/core';
import type { LoadOptions } from '@bitgrad/formats';
import { flagTextOf, textOf } from '../arguments.js';
import { type Command, valueOption } from '../command.js';
import { columnNotes } from '../data/columns.js';
import { describeData, printData } from '../data/describe.js';
import { printGlimpse } from '../data/glimpse.js';
import {
  channelsOf,
  channelsOption,
  DATA_KINDS,
  imageSizeOf,
  imageSizeOption,
  labelOf,
  labelOption,
  loadData,
} from '../data-options.js';
import { emit, note, print, printPairs } from '../output.js';
import { TABLE_OPTIONS, tableOptionsOf } from '../table-options.js';
import { SETTINGS } from '../train/settings.js';
import { UsageError } from '../usage-error.js';

/** What can be read, for people and for programs. */
const SOURCES: readonly (readonly [name: string, what: string])[] = [
  ['mnist', '70,000 images of digits, 28×28; comes along'],
  ['FILE.csv', 'a table, with a header or without; also .tsv, .txt and .gz'],
  ['FILE.json, .jsonl, .xlsx, .arff, .feather', 'a table, likewise'],
  ['FILE.parquet', 'a table, or images as data hubs publish them'],
  ['FILE.npz, FILE.npy', 'arrays of NumPy: x_train, y_train, x_test, y_test'],
  ['FOLDER', 'IDX files as those of MNIST, class folders of images, train and test files'],
];

/** `bitgrad data [SOURCE]`. */
export const dataCommand: Command = {
  positionals: { source: DATA_KINDS },
  options: {
    label: labelOption,
    ...TABLE_OPTIONS,
    'image-size': imageSizeOption,
    channels: channelsOption,
    loss: valueOption(
      'as for train: cross-entropy, squared-error if the column is numbers to be learnt, or binary-cross-entropy for yes or no',
      'as the label suggests',
      'Data:',
    ),
  },
  examples: [
    ['data', 'what can be read'],
    ['data mnist', 'the data set that comes along'],
    ['data iris.csv --label species', 'a table'],
  ],

  async run(argv, { json }) {
    if (argv.source === undefined) {
      if (json) for (const [source, what] of SOURCES) emit({ event: 'source', source, what });
      else listSources();
      return true;
    }
    const options: LoadOptions = {
      label: labelOf(textOf(argv, 'label')),
      ...tableOptionsOf((option) => flagTextOf(argv, option)),
      imageSize: imageSizeOf(textOf(argv, 'image-size'), '--image-size'),
      channels: channelsOf(textOf(argv, 'channels'), '--channels'),
      ...taskFor(textOf(argv, 'loss')),
      digest: true,
    };
    const dataset = await loadData(String(argv.source), options);
    const description = describeData(dataset, dataset.sha256 ?? (await datasetSha256(dataset)));
    for (const line of columnNotes(dataset)) note(`note: ${line}`);
    if (json) emit({ event: 'dataset', ...description });
    else {
      printData(description, dataset.encoding);
      printGlimpse(dataset);
    }
    return true;
  },
};

function listSources(): void {
  printPairs(SOURCES);
  print();
  print('bitgrad data NAME|PATH describes one.');
}

/** @throws UsageError for a loss that there is not */
function taskFor(text: string | undefined): Pick<LoadOptions, 'task'> {
  if (text === undefined) return { task: 'auto' };
  const loss = SETTINGS.find(({ field }) => field === 'loss')!.parse(text) as Recipe['loss'];
  try {
    checkFields({ loss });
  } catch (error) {
    throw error instanceof RecipeError ? new UsageError(`--loss: ${error.problem}`) : error;
  }
  return { task: taskOf({ loss }) };
}
