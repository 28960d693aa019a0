// From a table to a service: trains, serves the model on loopback, and asks it as a client would.
//
//   node examples/service.js

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@bitgrad/serve';
import { train } from 'bitgrad';

const folder = mkdtempSync(join(tmpdir(), 'bitgrad-example-'));
const file = join(folder, 'flowers.safetensors');
const model = await train(fileURLToPath(new URL('data/flowers.csv', import.meta.url)), {
  label: 'kind',
  seed: 1,
});
await model.save(file);

// `bitgrad serve flowers.safetensors` does the same. Port 0 is any that is free.
const server = await serve({
  models: [file],
  backend: model.backend,
  port: 0,
  log: () => undefined,
});
const flower = {
  'petal length': 1.4,
  'petal width': 0.2,
  'sepal length': 5.1,
  'sepal width': 3.5,
};
const answer = await fetch(`${server.url}/models/flowers/predict`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(flower),
});
const { className, probabilities } = /** @type {{ className: string, probabilities: number[] }} */ (
  await answer.json()
);
console.log(`the service says ${className}`);
const same = String(probabilities) === String(model.predict(flower).probabilities);
console.log(same ? 'with the bits of the library' : 'with other bits: please report that');

await server.close();
model.close();
rmSync(folder, { recursive: true });
