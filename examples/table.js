// Learns to tell flowers apart by a table of measurements. Run: node examples/table.js

import { fileURLToPath } from 'node:url';
import { Predictor, recipeFor, train, typescriptBackend } from '@bitgrad/core';
import { loadDataset } from '@bitgrad/formats';

const path = fileURLToPath(new URL('data/flowers.csv', import.meta.url));
const dataset = await loadDataset(path, { label: 'kind' });
const recipe = recipeFor(dataset, { split: [0.7, 0, 0.3], layers: [4, 8, 3] });
const backend = typescriptBackend();
const model = await train({ recipe, dataset, backend });
const { testAccuracy, dataset: counts } = model.receipt;
console.log(
  `${(100 * (testAccuracy ?? 0)).toFixed(1)} % of ${counts.test} unseen flowers are right`,
);

const predictor = new Predictor(model, backend);
const probabilities = predictor.predict(Float32Array.of(4.4, 1.4, 6.1, 2.9));
for (const [index, name] of model.classNames?.entries() ?? []) {
  console.log(`${name}: ${probabilities[index]?.toFixed(3)}`);
}
predictor.close();
