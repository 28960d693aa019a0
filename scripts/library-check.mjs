// The library `bitgrad`, as people use it, on whatever engine runs this: from rows and from a file to a model, its
// predictions, and back from the model file. Prints the backend, and a digest of all that came of it.

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, train } from '../packages/cli/dist/library/index.js';

const rows = Array.from({ length: 80 }, (_, index) => ({
  size: ((index * 7919) % 100) / 50 + (index % 2),
  colour: ['red', 'blue', 'green'][index % 3] ?? '',
  kind: ['cup', 'bowl'][index % 2] ?? '',
}));
const options = /** @type {const} */ ({ label: 'kind', epochs: 5, seed: 3 });
const folder = mkdtempSync(join(tmpdir(), 'bitgrad-library-'));
try {
  const model = await train(rows, options);
  const csv = ['size,colour,kind', ...rows.map((row) => Object.values(row).join(','))].join('\n');
  const [table, file] = [join(folder, 'rows.csv'), join(folder, 'model.safetensors')];
  writeFileSync(table, csv);
  const ofFile = await train(table, options);
  await ofFile.save(file);
  const loaded = await load(file, { backend: 'ts' });
  const all = [
    model.receipt.weightsSha256,
    ofFile.receipt.weightsSha256,
    model.predict(rows),
    loaded.predict(rows),
    (await loaded.evaluate(table)).loss,
    createHash('sha256')
      .update(await loaded.export('onnx'))
      .digest('hex'),
  ];
  const digest = createHash('sha256').update(JSON.stringify(all)).digest('hex');
  console.log(`${model.backend.name} ${digest}`);
  for (const one of [model, ofFile, loaded]) one.close();
} finally {
  rmSync(folder, { recursive: true });
}
