// Loads a table, trains one epoch on it and prints the largest resident set in MB as JSON:
// node train-table.mjs FILE true|false (whether to standardise)

import { RECIPES, train, typescriptBackend } from '@bitgrad/core';
import { loadDataset } from '@bitgrad/formats';

const [path, standardize] = process.argv.slice(2);
const peak = () => Math.round((process.resourceUsage().maxRSS * 1024) / 1e6);
const begun = performance.now();
const dataset = await loadDataset(path);
const loadSeconds = Math.round((performance.now() - begun) / 100) / 10;
const afterLoading = peak();
await train({
  backend: typescriptBackend(),
  dataset,
  recipe: {
    ...RECIPES.mnist,
    layers: [dataset.features, 8, dataset.classes],
    preprocess: 'none',
    augment: 'none',
    standardize: standardize === 'true',
    epochs: 1,
    batchSize: 256,
    learningRate: 0.05,
  },
});
console.log(JSON.stringify({ loadSeconds, afterLoading, peak: peak() }));
