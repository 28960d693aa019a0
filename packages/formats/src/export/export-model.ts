import { BitgradError, show } from '@bitgrad/core';
import { exportC, type Quantization } from './c.js';
import { type Exportable, type ModelToExport, makeExportable } from './exportable.js';
import { exportJavascript } from './javascript.js';
import { exportJson } from './json.js';
import { exportOnnx } from './onnx.js';
import { exportTorch } from './torch.js';

/** `torch` is safetensors, `js` a module and `c` a file without dependencies. */
export type ExportFormat = 'onnx' | 'torch' | 'json' | 'js' | 'c';

const WRITERS: Readonly<Record<Exclude<ExportFormat, 'c'>, (model: Exportable) => Uint8Array>> = {
  onnx: exportOnnx,
  torch: exportTorch,
  json: exportJson,
  js: exportJavascript,
};

/** Every format that a model can be exported in. */
export const EXPORT_FORMATS: readonly ExportFormat[] = [
  ...(Object.keys(WRITERS) as Exclude<ExportFormat, 'c'>[]),
  'c',
];

/**
 * Writes a model as a file that other programs take. The same model gives the same bytes.
 *
 * @param model a model; one that was loaded from a file brings its receipt along
 * @param quantization of the weights, for `c`
 * @throws BitgradError if the model's parts do not fit each other, or the format cannot hold it
 */
export function exportModel(
  model: ModelToExport,
  format: ExportFormat,
  quantization: Quantization = 'none',
): Uint8Array {
  if (!EXPORT_FORMATS.includes(format)) {
    throw new BitgradError(
      `export: expected a format among ${EXPORT_FORMATS.join(', ')}, received ${show(format)}`,
    );
  }
  const quantizations: readonly Quantization[] = format === 'c' ? ['none', 'int8'] : ['none'];
  if (!quantizations.includes(quantization)) {
    throw new BitgradError(
      `quantize: expected ${quantizations.join(' or ')} for ${format}, received ${show(quantization)}`,
    );
  }
  if (format === 'c') return exportC(model, quantization);
  return WRITERS[format](makeExportable(model));
}
