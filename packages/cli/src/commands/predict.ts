import { extname } from 'node:path';
import { resolve, show, taskOf } from '@bitgrad/core';
import { flagTextOf, parseInteger, textOf } from '../arguments.js';
import { rowsAtOnce } from '../at-once.js';
import { backendOf, backendOptions } from '../backends.js';
import { type Command, valueOption } from '../command.js';
import { prepareOutput } from '../files.js';
import { keepInputs, STDOUT } from '../keep-inputs.js';
import { readModel } from '../model-file.js';
import { emit } from '../output.js';
import { predictImages } from '../predict/images.js';
import { filesOf } from '../predict/patterns.js';
import { PREPARATIONS, preparationOf } from '../predict/prepare-image.js';
import { ROW_FORMATS, type RowFormat } from '../predict/row-sink.js';
import { suggest } from '../suggest.js';
import { UsageError } from '../usage-error.js';

const USUAL_BATCH = 2048;
const MOST_BATCH = 65536;
/** Numbers that the samples of one run may take, unless one sample takes more. */
const MOST_NUMBERS = 2 ** 22;
/** The options that mean something for tables alone. */
const TABLE_OPTIONS = ['out', 'format', 'keep', 'probabilities', 'batch', 'strict'];
const FORMATS = ROW_FORMATS.join(', ').replace(/, ([^,]*)$/, ' or $1');

/** `bitgrad predict MODEL INPUT…`. */
export const predictCommand: Command = {
  positionals: {
    model: 'the model file',
    input:
      'tables to predict row by row (- is stdin); of models for images: image files or folders of them; patterns as in *.csv',
  },
  options: {
    out: valueOption('the file for the rows, replaced when all is done', 'stdout', 'Table:'),
    format: valueOption(FORMATS, "by the file's name, else csv", 'Table:'),
    keep: valueOption('columns to carry through, as in id,name', 'none', 'Table:'),
    probabilities: {
      type: 'boolean',
      describe: 'a column probability_CLASS for each class too',
      group: 'Table:',
    },
    strict: {
      type: 'boolean',
      describe: 'end at a category that the training did not see',
      group: 'Table:',
    },
    batch: valueOption('rows of a run; no result depends on it', String(USUAL_BATCH), 'Table:'),
    prepare: valueOption(
      `${PREPARATIONS}: digit finds the ink on any ground and centres it as MNIST does; resize only makes the image grey and as large as the model's`,
      'digit for models trained on mnist, else resize',
      'Image:',
    ),
    ...backendOptions,
  },
  examples: [
    ['predict iris.safetensors new.csv', 'the rows of a table, to stdout'],
    ['predict iris.safetensors new.csv --keep id --probabilities --out new.parquet', 'to a file'],
    ['predict iris.safetensors - < new.csv', 'as they come'],
    ['predict model.safetensors photo.jpg', 'a digit on paper'],
    ['predict model.safetensors *.png --json', 'one JSON object an image'],
  ],
  epilogue: `Columns of tables are found by their names, in any order; the one that was learnt need not be
there, and others are left aside, which is said. Rows keep their order; a table of any length
takes the same memory.`,

  async run(argv, { json, signal, heedSignals }) {
    const path = String(argv.model);
    const { model } = await readModel(path);
    const inputs = (argv.input as readonly unknown[]).map(String);
    if (model.receipt.dataset.image !== null) {
      const given = TABLE_OPTIONS.find((option) => argv[option] !== undefined);
      if (given !== undefined) {
        throw new UsageError(
          `--${given}: expected none, because ${path} was trained on images, received ${show(argv[given])}`,
          given === 'out' || given === 'format' ? '--json prints one object an image' : undefined,
        );
      }
      const preparation = preparationOf(textOf(argv, 'prepare'), model, path);
      const { backend } = await backendOf(argv);
      return predictImages(model, backend, inputs, preparation, json);
    }
    const tables = await filesOf(inputs);
    if (argv.prepare !== undefined) {
      throw new UsageError(
        `--prepare: expected none, because ${path} was not trained on images, received ${show(argv.prepare)}`,
      );
    }
    const out = textOf(argv, 'out');
    const format = formatOf(textOf(argv, 'format'), out, json);
    const asked = batchOf(textOf(argv, 'batch'));
    const keep = keepOf(textOf(argv, 'keep'));
    const hasProbabilities = flagTextOf(argv, 'probabilities') === 'true';
    const strict = flagTextOf(argv, 'strict') === 'true';
    if (hasProbabilities && taskOf(model.recipe) === 'regression') {
      throw new UsageError(
        `--probabilities: expected none, because ${path} predicts numbers, received --probabilities`,
      );
    }
    const { openSinkOf } = await import('../predict/destination.js');
    const read = [path, ...tables].map((file) => ({ where: 'predict', path: file }));
    await keepInputs([out === undefined ? STDOUT : { where: '--out', path: out }], read);
    const target = out === undefined ? undefined : await prepareOutput(out, 'out');
    const { backend } = await backendOf(argv);
    const { predictTables } = await import('../predict/tables.js');
    const most = Math.min(USUAL_BATCH, rowsAtOnce(backend, model.recipe));
    const fitting = Math.floor(MOST_NUMBERS / resolve(model.recipe).features);
    const batch = asked ?? Math.max(1, Math.min(most, fitting));
    const request = {
      model,
      backend,
      inputs: tables,
      keep,
      hasProbabilities,
      strict,
      batch,
      signal,
    };
    const destination = json && target === undefined ? null : await openSinkOf(target, format);
    // Rows that were written to a file under another name are to be removed.
    if (target !== undefined) heedSignals();
    try {
      const rows = await predictTables({ ...request, openSink: destination?.open ?? null });
      await destination?.commit();
      if (json) emit({ event: 'end', rows, ...(out === undefined ? {} : { out }) });
    } finally {
      await destination?.discard();
    }
    return true;
  },
};

function formatOf(text: string | undefined, out: string | undefined, json: boolean): RowFormat {
  const ending = out === undefined ? '' : extname(out).slice(1).toLowerCase();
  const byName = ending === 'ndjson' ? 'jsonl' : ROW_FORMATS.find((one) => one === ending);
  const format = text === undefined ? (byName ?? 'csv') : ROW_FORMATS.find((one) => one === text);
  if (format === undefined) {
    const meant = suggest(text ?? '', ROW_FORMATS);
    throw new UsageError(
      `--format: expected ${FORMATS}, received ${show(text)}`,
      meant === undefined ? undefined : `did you mean ${meant}?`,
    );
  }
  if (text !== undefined && json && out === undefined) {
    throw new UsageError('--format: expected none with --json, which prints events');
  }
  if (format === 'parquet' && out === undefined) {
    throw new UsageError(
      '--format: expected csv or jsonl for stdout, received parquet',
      'parquet needs a file, as in --out predictions.parquet',
    );
  }
  return format;
}

/** @returns undefined where none is asked for */
function batchOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const batch = parseInteger(text);
  if (batch !== undefined && batch >= 1 && batch <= MOST_BATCH) return batch;
  throw new UsageError(
    `--batch: expected an integer from 1 to ${MOST_BATCH}, received ${batch ?? show(text)}`,
  );
}

function keepOf(text: string | undefined): readonly string[] {
  const names = text?.split(',').map((name) => name.trim()) ?? [];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`--keep: ${show(twice)} is there twice`);
  return names;
}
