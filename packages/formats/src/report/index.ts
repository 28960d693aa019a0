export { asciiCurve } from './ascii-curve.js';
export { findMistakes, type Mistake } from './find-mistakes.js';
export { htmlReport } from './html.js';
export type { Picture } from './picture.js';
export { type Example, type Filters, readFilters } from './read-filters.js';
export type { Report } from './report.js';
export { svgReport } from './svg.js';
export { htmlSweep, type SweepReport, type SweptGroup } from './sweep.js';
