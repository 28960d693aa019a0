// Links that people send each other, read as the page reads them.

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { mutateBytes } from './mutate.mjs';

const packages = new URL('../../packages/', import.meta.url);
const core = new URL('core-ts/dist/index.js', packages).href;

const LINKS = [
  'recipe=mnist&seed=7&layers=784,64,10&learning-rate=0.1',
  'recipe=mnist&epochs=3&batch-size=16&l2=0.001&activation=tanh&schedule=cosine&data=first',
  `recipe=mnist&subset=1000&split=0.7,0.15,0.15&preprocess=scale&digest=${'0'.repeat(64)}`,
  'recipe=mnist-cnn&augment=shift:1&initializer=he&output-activation=none&drawing=AAECAwQFBgcICQ',
  'drawing=ECAwQFBgcICQoLDA0ODw_wECAw',
].map((text) => Buffer.from(text));

let readers;
/** The page's own modules, bundled for Node, but for the core, whose errors are known by their class. */
async function bundle() {
  const { build } = createRequire(new URL('../../examples/package.json', import.meta.url))(
    'esbuild',
  );
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-link-'));
  const file = join(folder, 'link.mjs');
  const state = fileURLToPath(new URL('web/src/state/', packages));
  try {
    await build({
      stdin: {
        contents:
          "export { decodeShared } from './share.js'; export { decodeDrawing } from './drawing-text.js'; export { parseRoute } from './route.js';",
        resolveDir: state,
      },
      bundle: true,
      format: 'esm',
      platform: 'browser',
      outfile: file,
      logLevel: 'silent',
      banner: {
        js: "globalThis.location ??= { hash: '' }; globalThis.addEventListener ??= () => undefined;",
      },
      plugins: [
        {
          name: 'core',
          setup: ({ onResolve }) =>
            onResolve({ filter: /^@bitgrad\/core$/ }, () => ({ path: core, external: true })),
        },
      ],
    });
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {import('./random.mjs').Random} random */
export function makeLink(random) {
  const bytes = mutateBytes(random.pick(LINKS), random, LINKS);
  const query = random.once(3)
    ? // Names and values in whole, so that most are known.
      new URLSearchParams(bytes.toString('latin1')).toString()
    : bytes.toString('latin1');
  return random.once(4) ? `#/${bytes.toString('latin1')}` : `#/train?${query}`;
}

export async function readLink(link) {
  readers ??= await bundle();
  const { query } = readers.parseRoute(link);
  const drawing = new URLSearchParams(query).get('drawing');
  if (drawing !== null) readers.decodeDrawing(drawing);
  readers.decodeShared(query);
}
