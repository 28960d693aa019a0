// `pnpm pack:all`: builds every package afresh and packs it, so that
// `npm install -g ./packs/*.tgz` gives a working `bitgrad`. What bitgrad does without, such as its
// server, lies in packs/apart/.

import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { nativeAddon, reasonMissing } from './require.mjs';
import { build, RunError, root, runTool, stage } from './run.mjs';

const packs = join(root, 'packs');
const apart = join(packs, 'apart');
const packages = readdirSync(join(root, 'packages'))
  .map((name) => join(root, 'packages', name))
  .filter((folder) => existsSync(join(folder, 'package.json')))
  .map((folder) => ({
    folder,
    manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
  }))
  .filter(({ manifest }) => !manifest.private);

/** The names of our packages that an installation of bitgrad holds. */
function neededNames() {
  const needed = new Set(['bitgrad']);
  // A set is walked in the order in which it grows.
  for (const name of needed) {
    const found = packages.find(({ manifest }) => manifest.name === name)?.manifest ?? {};
    const others = Object.keys({ ...found.dependencies, ...found.optionalDependencies });
    for (const other of others) if (other.startsWith('@bitgrad/')) needed.add(other);
  }
  return needed;
}

function clean() {
  rmSync(packs, { recursive: true, force: true });
  mkdirSync(apart, { recursive: true });
  // A file whose source is gone must not be packed, so nothing that was built before may stay.
  for (const { folder } of packages) rmSync(join(folder, 'dist'), { recursive: true, force: true });
}

/**
 * Ends the files without the name of a source map: none is packed, and bundlers warn of those they miss.
 * @param {string} dist
 */
function dropMapNames(dist) {
  for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:js|d\.ts)$/.test(name)) continue;
    const file = join(dist, name);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n'));
  }
}

/**
 * Packs a package with its modules bundled, and leaves what was built as it was.
 * @param {(typeof packages)[number]} one
 * @param {string} destination
 */
async function pack({ folder, manifest }, destination) {
  const dist = join(folder, 'dist');
  const built = join(packs, 'built');
  if (existsSync(dist)) {
    cpSync(dist, built, { recursive: true, preserveTimestamps: true });
    // Should this end here, the next build must not take what is bundled for its own.
    rmSync(join(dist, '.tsbuildinfo'), { force: true });
    await bundle(folder, manifest);
    dropMapNames(dist);
  }
  await runTool('pnpm', ['pack', '--pack-destination', destination], { folder });
  if (existsSync(built)) {
    rmSync(dist, { recursive: true });
    renameSync(built, dist);
  }
}

try {
  clean();
  await stage('building', () => build());
  await stage('packing', async () => {
    const needed = neededNames();
    for (const one of packages) {
      await pack(one, needed.has(one.manifest.name) ? packs : apart);
    }
  });
  const names = readdirSync(packs, { recursive: true, encoding: 'utf8' });
  const tarballs = names.filter((name) => name.endsWith('.tgz')).sort();
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
