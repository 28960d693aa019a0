export { loadDataset } from './dataset.js';
export { type IdxArray, readIdx } from './idx.js';
export { readIdxDataset } from './idx-dataset.js';
export { loadMnist } from './mnist.js';
