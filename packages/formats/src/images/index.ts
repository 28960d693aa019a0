export { greyOf, type RgbaImage } from './grey.js';
export { resize } from './resize.js';
