import { BitgradError, show } from '@bitgrad/core';
import { type Exportable, type ModelToExport, makeExportable } from './exportable.js';
import { exportJavascript } from './javascript.js';
import { exportJson } from './json.js';
import { exportOnnx } from './onnx.js';
import { exportTorch } from './torch.js';

/** `torch` is safetensors, `js` a module without dependencies. */
export type ExportFormat = 'onnx' | 'torch' | 'json' | 'js';

const WRITERS: Readonly<Record<ExportFormat, (model: Exportable) => Uint8Array>> = {
  onnx: exportOnnx,
  torch: exportTorch,
  json: exportJson,
  js: exportJavascript,
};

/** Every format that a model can be exported in. */
export const EXPORT_FORMATS = Object.keys(WRITERS) as readonly ExportFormat[];

/**
 * Writes a model as a file that other programs take. The same model gives the same bytes.
 *
 * @param model a model; one that was loaded from a file brings its receipt along
 * @throws BitgradError if the model's parts do not fit each other, or the format cannot hold it
 */
export function exportModel(model: ModelToExport, format: ExportFormat): Uint8Array {
  if (!Object.hasOwn(WRITERS, format)) {
    throw new BitgradError(
      `export: expected a format among ${EXPORT_FORMATS.join(', ')}, received ${show(format)}`,
    );
  }
  return WRITERS[format](makeExportable(model));
}
