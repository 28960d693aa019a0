export { greyOf, type RgbaImage } from './grey.js';
export {
  type ImagePreparation,
  imagePreparationOf,
  isDigitSize,
  prepareImage,
} from './prepare-image.js';
export { resize } from './resize.js';
