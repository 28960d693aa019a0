export type { Case } from './case.js';
export { suite } from './suite.js';
