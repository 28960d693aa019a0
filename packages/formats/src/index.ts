export type { ImageSize } from '@bitgrad/core';
export { loadDataset, OptionError } from './dataset.js';
export {
  EXPORT_FORMATS,
  type ExportFormat,
  exportModel,
} from './export/export-model.js';
export type { ModelToExport } from './export/exportable.js';
export { type IdxArray, readIdx } from './idx.js';
export { readIdxDataset } from './idx-dataset.js';
export { decodeImage } from './images/decode.js';
export { greyOf, type RgbaImage, resize } from './images/index.js';
export { loadMnist } from './mnist.js';
export type { Like, LoadOptions } from './options.js';
export {
  asciiCurve,
  findMistakes,
  htmlReport,
  type Mistake,
  type Report,
  svgReport,
} from './report/index.js';
