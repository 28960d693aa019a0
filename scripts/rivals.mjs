// What installing bitgrad takes beside its rivals: each is installed by npm into an empty folder, twice,
// the second time from npm's cache, and imported by a fresh Node. Scripts on install are not run, but
// counted. Needs packs/ (npm run pack:all) and the network.
//
//   node scripts/rivals.mjs [PACKAGE…]

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRegistry } from './matrix/registry.mjs';
import { run } from './run.mjs';

/** Each package, and the module that a program of its imports. */
const PACKAGES = {
  bitgrad: 'bitgrad',
  '@tensorflow/tfjs@4.22.0': '@tensorflow/tfjs',
  '@tensorflow/tfjs-node@4.22.0': null, // Does not load before its script has downloaded TensorFlow.
  'onnxruntime-node@1.30.0': 'onnxruntime-node',
  'brain.js@1.6.1': 'brain.js',
  '@jax-js/jax@0.1.25': '@jax-js/jax',
};
const SCRIPTS = ['preinstall', 'install', 'postinstall'];
const STARTS = 5;

const isWindows = process.platform === 'win32';
/** @param {string[]} args @param {string} folder */
const npm = (args, folder) =>
  run(isWindows ? 'npm.cmd' : 'npm', args, { folder, shell: isWindows });

/**
 * The files below a folder.
 * @param {string} folder
 */
const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

/**
 * How many bytes and packages a node_modules has, and how many of them run a script on install.
 * @param {string} modules
 */
function measure(modules) {
  const files = filesIn(modules).map(({ parentPath, name }) => join(parentPath, name));
  const bytes = files.reduce((sum, file) => sum + readFileSync(file).length, 0);
  const manifests = files.filter((file) =>
    /node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+[\\/]package\.json$/.test(file),
  );
  const scripted = manifests.filter((file) => {
    const { scripts = {} } = JSON.parse(readFileSync(file, 'utf8'));
    return SCRIPTS.some((name) => name in scripts);
  });
  return { bytes, packages: manifests.length, scripts: scripted.length };
}

/**
 * The median seconds that a fresh Node takes to import a module, beyond what Node alone takes.
 * @param {string} module
 * @param {string} folder
 */
async function coldStart(module, folder) {
  const start = async (/** @type {string} */ program) => {
    const begun = performance.now();
    await run(process.execPath, ['--input-type=module', '-e', program], { folder });
    return (performance.now() - begun) / 1000;
  };
  const [bare, imported] = [[], []].map(() => /** @type {number[]} */ ([]));
  for (let at = 0; at < STARTS; at += 1) {
    bare?.push(await start(''));
    imported?.push(await start(`await import('${module}'); process.exit()`));
  }
  const median = (/** @type {number[]} */ times) => times.sort((a, b) => a - b)[STARTS >> 1] ?? 0;
  return median(imported ?? []) - median(bare ?? []);
}

/**
 * @param {string} spec
 * @param {string} url of the registry
 */
async function tryPackage(spec, url) {
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-rival-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{ "name": "user", "version": "0.0.0" }\n');
    if (spec === 'bitgrad') writeFileSync(join(folder, '.npmrc'), `registry=${url}\n`);
    const modules = join(folder, 'node_modules');
    const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'];
    let seconds = Number.NaN;
    for (const _ of ['into the cache', 'from it']) {
      rmSync(modules, { recursive: true, force: true });
      rmSync(join(folder, 'package-lock.json'), { force: true });
      const begun = performance.now();
      await npm(['install', ...flags, spec], folder);
      seconds = (performance.now() - begun) / 1000;
    }
    const { bytes, packages, scripts } = measure(modules);
    const module = PACKAGES[/** @type {keyof typeof PACKAGES} */ (spec)];
    const start = module === null ? '–' : `${(await coldStart(module, folder)).toFixed(2)} s`;
    const size = `${(bytes / 1e6).toFixed(1)} MB`;
    console.log(
      `| ${spec} | ${size} | ${packages} | ${seconds.toFixed(1)} s | ${scripts} | ${start} |`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const registry = await startRegistry();
try {
  console.log(`${new Date().toISOString().slice(0, 10)}, Node ${process.version}`);
  console.log('| package | installed size | packages | install | with scripts | import |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  const asked = process.argv.slice(2);
  for (const spec of asked.length > 0 ? asked : Object.keys(PACKAGES)) {
    await tryPackage(spec, registry.url);
  }
} finally {
  await registry.close();
}
