// Writes the compiled kernels to dist/kernels.js, as text: a JavaScript module is what every engine
// and bundler loads without being told how, from any place.

import { mkdirSync, writeFileSync } from 'node:fs';
import { compileModule } from './compile.mjs';

const dist = new URL('../dist/', import.meta.url);
const bytes = await compileModule();
const base64 = Buffer.from(bytes).toString('base64');
mkdirSync(dist, { recursive: true });
writeFileSync(
  new URL('kernels.js', dist),
  `/** The WebAssembly module, ${bytes.length} bytes. */\nexport const base64 =\n  '${base64}';\n`,
);
