import { type SavedModel, show } from '@bitgrad/core';
import {
  EXPORT_FORMATS,
  type ExportFormat,
  exportModel,
  type Quantization,
} from '@bitgrad/formats/export';
import { textOf } from '../arguments.js';
import { type Arguments, type Command, valueOption } from '../command.js';
import { isEmbedded, labelOption } from '../data-options.js';
import { prepareOutput, replaceFile } from '../files.js';
import { formatBytes } from '../format.js';
import { keepInputs } from '../keep-inputs.js';
import { readModel } from '../model-file.js';
import { emit, note, printPairs } from '../output.js';
import { type Cost, costOfInt8, describeCost } from '../quantization-cost.js';
import { suggest } from '../suggest.js';
import { UsageError } from '../usage-error.js';

const FORMATS = EXPORT_FORMATS.join(', ').replace(/, ([^,]*)$/, ' or $1');

/** `bitgrad export MODEL`. */
export const exportCommand: Command = {
  positionals: { model: 'the model file' },
  options: {
    format: valueOption(FORMATS, undefined, 'Output:'),
    out: valueOption('the file to write, replaced if it is there', undefined, 'Output:'),
    quantize: valueOption(
      'none, or int8: weights in bytes, a scale for each output; of c',
      'none',
      'Output:',
    ),
    data: valueOption(
      'with --quantize int8: labelled data to tell by what it costs',
      'the data of the training, if it comes along',
      'Data:',
    ),
    label: labelOption,
  },
  examples: [
    ['export model.safetensors --format onnx --out model.onnx', 'for ONNX runtimes'],
    ['export model.safetensors --format torch --out torch.safetensors', 'for PyTorch'],
    ['export model.safetensors --format js --out model.mjs', 'one file that predicts'],
    ['export model.safetensors --format c --quantize int8 --out model.c', 'for small machines'],
  ],
  epilogue: `Formats:
  onnx   for every program that runs ONNX
  torch  safetensors that a torch.nn.Sequential's load_state_dict takes
  json   layers, weights and receipt as text
  js     a JavaScript module without dependencies that exports predict
  c      one C file without library and allocation; compile it with -ffp-contract=off`,

  async run(argv, { json, signal }) {
    const path = String(argv.model);
    const format = formatOf(textOf(argv, 'format'));
    const out = textOf(argv, 'out');
    if (out === undefined) {
      throw new UsageError('--out: expected the name of a file, received none');
    }
    const { model } = await readModel(path);
    const data = textOf(argv, 'data');
    await keepInputs(
      [{ where: '--out', path: out }],
      [
        { where: 'export', path },
        ...(data === undefined || isEmbedded(data) ? [] : [{ where: '--data', path: data }]),
      ],
    );
    const target = await prepareOutput(out, 'out');
    const quantization = quantizationOf(textOf(argv, 'quantize'), format);
    const cost = await costOf(argv, model, path, quantization, signal);
    const bytes = exportModel(model, format, quantization);
    await replaceFile(target, bytes);
    if (json) {
      const quantized = cost && { before: cost.before, after: cost.after };
      emit({
        event: 'end',
        model: path,
        format,
        out,
        bytes: bytes.length,
        ...(quantized && { quantized }),
      });
    } else {
      printPairs([
        ['model', path],
        [format, `${out} (${formatBytes(bytes.length)})`],
        ...(cost === null ? [] : [['int8', describeCost(cost)] as const]),
      ]);
    }
    return true;
  },
};

function quantizationOf(text: string | undefined, format: ExportFormat): Quantization {
  if (text === undefined || text === 'none') return 'none';
  if (text !== 'int8') {
    throw new UsageError(`--quantize: expected none or int8, received ${show(text)}`);
  }
  if (format === 'c') return 'int8';
  throw new UsageError(`--quantize: expected none with --format ${format}, received int8`);
}

/** What bytes cost, by the data that were named or come along; null where there is nothing to tell. */
async function costOf(
  argv: Arguments,
  model: SavedModel,
  path: string,
  quantization: Quantization,
  signal: AbortSignal,
): Promise<Cost | null> {
  const named = textOf(argv, 'data');
  if (quantization === 'none') {
    if (named === undefined) return null;
    throw new UsageError('--data: expected none without --quantize int8');
  }
  const { name } = model.receipt.dataset;
  const data = named ?? (isEmbedded(name) ? name : null);
  if (data !== null) return costOfInt8(model, data, textOf(argv, 'label'), signal);
  note(`note: what bytes cost in accuracy is told with --data, which ${path} was trained on`);
  return null;
}

function formatOf(text: string | undefined): ExportFormat {
  const format = EXPORT_FORMATS.find((one) => one === text);
  if (format !== undefined) return format;
  const meant = text === undefined ? undefined : suggest(text, EXPORT_FORMATS);
  throw new UsageError(
    `--format: expected ${FORMATS}, received ${text === undefined ? 'none' : show(text)}`,
    meant === undefined ? undefined : `did you mean ${meant}?`,
  );
}
