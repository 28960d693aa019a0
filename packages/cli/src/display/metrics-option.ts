import { valueOption } from '../command.js';

/** The option that says which measures are printed. */
export const metricsOption = valueOption(
  'which scores to print, as in accuracy,roc-auc; --json has them all',
  'all',
  'Output:',
);
