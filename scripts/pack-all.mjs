// `pnpm pack:all`: builds every package afresh and packs it, so that
// `npm install -g ./packs/*.tgz` gives a working `bitgrad`.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativeAddon, reasonMissing } from './require.mjs';
import { build, RunError, root, runTool, stage } from './run.mjs';

const packs = join(root, 'packs');
const packages = readdirSync(join(root, 'packages'))
  .map((name) => join(root, 'packages', name))
  .filter((folder) => existsSync(join(folder, 'package.json')))
  .filter((folder) => !JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).private);

function clean() {
  rmSync(packs, { recursive: true, force: true });
  mkdirSync(packs, { recursive: true });
  // A file whose source is gone must not be packed, so nothing that was built before may stay.
  for (const folder of packages) rmSync(join(folder, 'dist'), { recursive: true, force: true });
}

/**
 * Ends the files without the name of a source map: none is packed, and bundlers warn of those they miss.
 * @param {string} folder
 */
function dropMapNames(folder) {
  const dist = join(folder, 'dist');
  if (!existsSync(dist)) return;
  for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:js|d\.ts)$/.test(name)) continue;
    const file = join(dist, name);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n'));
  }
}

try {
  clean();
  await stage('building', build);
  await stage('packing', async () => {
    for (const folder of packages) {
      dropMapNames(folder);
      await runTool('pnpm', ['pack', '--pack-destination', packs], { folder });
    }
  });
  const tarballs = readdirSync(packs).sort();
  await stage('checking', async () => {
    for (const tarball of tarballs) await runTool('publint', [join(packs, tarball), '--strict']);
  });
  const reason = reasonMissing('native');
  console.log(
    reason === null
      ? `With the native backend of this platform: ${nativeAddon.slice(root.length)}`
      : `Without a native backend (${reason}): the WebAssembly backend will serve.`,
  );
  for (const tarball of tarballs) console.log(`packs/${tarball}`);
} catch (error) {
  if (!(error instanceof RunError)) throw error;
  process.exitCode = error.exitCode;
}
