export { OptionError } from './check-options.js';
export { loadDataset } from './dataset.js';
export {
  EXPORT_FORMATS,
  type ExportFormat,
  exportModel,
} from './export/export-model.js';
export type { ModelToExport } from './export/exportable.js';
export { type IdxArray, readIdx } from './idx.js';
export { readIdxDataset } from './idx-dataset.js';
export { decodeImage } from './images/decode.js';
export { greyOf, type RgbaImage } from './images/grey.js';
export { resize } from './images/resize.js';
export { loadMnist } from './mnist.js';
export type { ImageSize, Like, LoadOptions } from './options.js';
export { asciiCurve } from './report/ascii-curve.js';
export { findMistakes, type Mistake } from './report/find-mistakes.js';
export { htmlReport } from './report/html.js';
export type { Report } from './report/report.js';
export { svgReport } from './report/svg.js';
