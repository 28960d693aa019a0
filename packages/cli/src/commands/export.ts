import { show } from '@bitgrad/core';
import { EXPORT_FORMATS, type ExportFormat, exportModel } from '@bitgrad/formats/export';
import { textOf } from '../arguments.js';
import { type Command, valueOption } from '../command.js';
import { prepareOutput, replaceFile } from '../files.js';
import { formatBytes } from '../format.js';
import { keepInputs } from '../keep-inputs.js';
import { readModel } from '../model-file.js';
import { emit, printPairs } from '../output.js';
import { suggest } from '../suggest.js';
import { UsageError } from '../usage-error.js';

const FORMATS = EXPORT_FORMATS.join(', ').replace(/, ([^,]*)$/, ' or $1');

/** `bitgrad export MODEL`. */
export const exportCommand: Command = {
  positionals: { model: 'the model file' },
  options: {
    format: valueOption(FORMATS, undefined, 'Output:'),
    out: valueOption('the file to write, replaced if it is there', undefined, 'Output:'),
  },
  examples: [
    ['export model.safetensors --format onnx --out model.onnx', 'for ONNX runtimes'],
    ['export model.safetensors --format torch --out torch.safetensors', 'for PyTorch'],
    ['export model.safetensors --format js --out model.mjs', 'one file that predicts'],
  ],
  epilogue: `Formats:
  onnx   for every program that runs ONNX
  torch  safetensors that a torch.nn.Sequential's load_state_dict takes
  json   layers, weights and receipt as text
  js     a JavaScript module without dependencies that exports predict`,

  async run(argv, { json }) {
    const path = String(argv.model);
    const format = formatOf(textOf(argv, 'format'));
    const out = textOf(argv, 'out');
    if (out === undefined) {
      throw new UsageError('--out: expected the name of a file, received none');
    }
    const { model } = await readModel(path);
    await keepInputs([{ where: '--out', path: out }], [{ where: 'export', path }]);
    const target = await prepareOutput(out, 'out');
    const bytes = exportModel(model, format);
    await replaceFile(target, bytes);
    if (json) emit({ event: 'end', model: path, format, out, bytes: bytes.length });
    else {
      printPairs([
        ['model', path],
        [format, `${out} (${formatBytes(bytes.length)})`],
      ]);
    }
    return true;
  },
};

function formatOf(text: string | undefined): ExportFormat {
  const format = EXPORT_FORMATS.find((one) => one === text);
  if (format !== undefined) return format;
  const meant = text === undefined ? undefined : suggest(text, EXPORT_FORMATS);
  throw new UsageError(
    `--format: expected ${FORMATS}, received ${text === undefined ? 'none' : show(text)}`,
    meant === undefined ? undefined : `did you mean ${meant}?`,
  );
}
