// Writes what the package needs beside its compiled TypeScript, as text: a JavaScript module is what
// every engine and bundler loads without being told how, from any place.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { compileModule } from './compile.mjs';
import { memoryFlagsAt } from './memory-flags.mjs';

const dist = new URL('../dist/', import.meta.url);

/** The compiled kernels, to dist/kernels.js. */
async function writeKernels() {
  const bytes = await compileModule();
  const base64 = Buffer.from(bytes).toString('base64');
  writeFileSync(
    new URL('kernels.js', dist),
    `/** The WebAssembly module, ${bytes.length} bytes. */\nexport const base64 =\n  '${base64}';\nexport const memoryFlagsAt = ${memoryFlagsAt(bytes)};\n`,
  );
}

/** A worker's program, to dist/worker-source.js: its files as one script that imports nothing. */
function writeWorkerSource() {
  const texts = ['ballast.js', 'meeting.js', 'worker.js'].map((name) =>
    readFileSync(new URL(name, dist), 'utf8')
      .replace(/^import \{[^}]*\} from '\.\/\w+\.js';$/gm, '')
      .replace(/^export (?=const|function)/gm, '')
      .replace(/^\s*\/(\/|\*\*).*$|^\s*\*.*$/gm, '')
      .replace(/\n{2,}/g, '\n')
      .trim(),
  );
  const source = texts.join('\n');
  if (/^(import|export)\b/m.test(source)) throw new Error('a worker must import nothing');
  writeFileSync(
    new URL('worker-source.js', dist),
    `export const workerSource = ${JSON.stringify(source)};\n`,
  );
}

mkdirSync(dist, { recursive: true });
await writeKernels();
writeWorkerSource();
