export { fitDigit, INK_SIZE, PREPARED_SIZE } from './fit-digit.js';
export type { GreyImage } from './grey-image.js';
export { prepareDigit } from './prepare-digit.js';
