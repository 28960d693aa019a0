/**
 * Ranks of MPI for `train` of `@bitgrad/core`: they move bytes, and nothing else.
 *
 * @module
 */
export { builtImplementations, IMPLEMENTATIONS, type Implementation } from './addon.js';
export { buildAddon } from './build.js';
export { type Job, MpiRanks } from './ranks.js';
