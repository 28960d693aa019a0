export type { Quantization } from './c.js';
export { EXPORT_FORMATS, type ExportFormat, exportModel } from './export-model.js';
export type { ModelToExport } from './exportable.js';
export { quantizedModel } from './quantize.js';
