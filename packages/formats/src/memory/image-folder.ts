export { type FolderTree, readClassTree } from '../images/class-tree.js';
export type { RgbaImage } from '../images/grey.js';
export type { ImageDecoder } from '../images/image-set.js';
export { PixelBudget } from '../images/pixel-budget.js';
export { imageOfRows, openPlainPng, type PlainPng, pngSize } from '../images/png-parts.js';
export {
  type ImagePreparation,
  imagePreparationOf,
  prepareImage,
} from '../images/prepare-image.js';
export { fileTree, type TreeFile } from './file-tree.js';
