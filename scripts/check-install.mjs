// What a user gets: installs bitgrad from the tarballs in packs/ (npm run pack:all, or
// scripts/release.mjs) into a fresh folder with npm, trains and verifies with what came, and says how
// much it is. With --sbom FILE it also writes what was installed as CycloneDX; with --audit it asks the
// registry for known vulnerabilities.
//
//   node scripts/check-install.mjs [--sbom FILE] [--audit]

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { prove, scriptIn } from './matrix/prove.mjs';
import { startRegistry, upstreamRegistry } from './matrix/registry.mjs';
import { RunError, run, stage } from './run.mjs';

/** The most that an installation may have. */
const MOST_PACKAGES = 45;
const MOST_BYTES = 25_000_000;
/** What npm says of a package that its author gave up. */
const DEPRECATED = /deprecated/;
/** Licences that whatever is installed may have. */
const LICENCES =
  /^(?:MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|Unlicense|MIT AND CC-BY-SA-3\.0|\(?Apache-2\.0 AND BSD-3-Clause\)?)$/;

const thisNode = { command: process.execPath, args: [] };
const isWindows = process.platform === 'win32';
/** @param {string[]} args @param {string} folder */
const npm = (args, folder) =>
  run(isWindows ? 'npm.cmd' : 'npm', args, { folder, shell: isWindows });

/**
 * Every package that was installed: its name, version, licence and bytes.
 * @param {string} modules a node_modules
 * @returns {{ name: string, version: string, license: string, bytes: number, onInstall: string[] }[]}
 */
function installedIn(modules) {
  const folders = readdirSync(modules, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .flatMap(({ name }) =>
      name.startsWith('@')
        ? readdirSync(join(modules, name)).map((inner) => join(name, inner))
        : [name],
    );
  return folders.flatMap((name) => {
    const folder = join(modules, name);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const { version, license, scripts = {} } = manifest;
    const onInstall = ['preinstall', 'install', 'postinstall'].filter((one) => one in scripts);
    const inner = join(folder, 'node_modules');
    const nested = readdirSync(folder).includes('node_modules') ? installedIn(inner) : [];
    const bytes = sizeOf(folder) - nested.reduce((sum, one) => sum + one.bytes, 0);
    return [{ name: name.replaceAll('\\', '/'), version, license, bytes, onInstall }, ...nested];
  });
}

/**
 * @param {string} folder
 * @returns {number}
 */
function sizeOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? sizeOf(path) : statSync(path).size);
  }, 0);
}

/** @param {boolean} condition @param {string} problem */
function demand(condition, problem) {
  if (!condition) throw new RunError('the check of the installation', 1, `${problem}\n`);
}

/** What the registry knows of vulnerabilities in what is installed. */
async function audit() {
  const upstream = ['--registry', await upstreamRegistry()];
  try {
    return (await npm(['audit', ...upstream], scratch)).trim();
  } catch (error) {
    const isMute = error instanceof RunError && /audit endpoint/.test(error.output);
    if (isMute) return 'not known: this registry answers no audits';
    throw error;
  }
}

// Names of folders that people have.
const scratch = mkdtempSync(join(tmpdir(), 'bitgrad Fürst '));
const registry = await startRegistry();
try {
  writeFileSync(join(scratch, 'package.json'), '{ "name": "user", "version": "0.0.0" }');
  writeFileSync(join(scratch, '.npmrc'), `registry=${registry.url}\n`);
  const said = await stage('installing from tarballs', () =>
    npm(['install', '--prefer-offline', '--no-audit', '--no-fund', 'bitgrad'], scratch),
  );
  demand(!DEPRECATED.test(said), `expected no package to be deprecated: ${said}`);
  const packages = installedIn(join(scratch, 'node_modules'));
  const bytes = packages.reduce((sum, one) => sum + one.bytes, 0);
  for (const { name, version, license, bytes: size, onInstall } of packages) {
    console.log(`${(size / 1e6).toFixed(2).padStart(6)} MB  ${name} ${version} (${license})`);
    demand(onInstall.length === 0, `${name}: expected no script on install, received ${onInstall}`);
    demand(
      LICENCES.test(license),
      `${name}: expected a licence that is known, received ${license}`,
    );
  }
  console.log(`${(bytes / 1e6).toFixed(2).padStart(6)} MB in ${packages.length} packages`);
  demand(packages.length <= MOST_PACKAGES, `expected at most ${MOST_PACKAGES} packages`);
  demand(bytes <= MOST_BYTES, `expected at most ${MOST_BYTES} bytes`);
  const sbom = process.argv.indexOf('--sbom');
  if (sbom >= 0) {
    const list = await npm(['sbom', '--sbom-format', 'cyclonedx'], scratch);
    writeFileSync(resolve(process.argv[sbom + 1] ?? 'bitgrad.cdx.json'), list);
  }
  if (process.argv.includes('--audit')) console.log(await stage('npm audit', audit));
  await stage('training and verifying', async () => {
    const native = await prove(thisNode, scratch);
    const plain = await prove(thisNode, scratch, { options: ['--backend', 'ts'], backend: 'ts' });
    demand(
      plain.digest === native.digest,
      `expected the digest ${native.digest} from ts, received ${plain.digest}`,
    );
    writeFileSync(join(scratch, 'plan.yaml'), 'recipe: seed\nepochs: 1\nseeds: 1\n');
    // A process of its own does the trial: its program must be found beside what was bundled.
    const trial = await run(
      process.execPath,
      [scriptIn(scratch), 'sweep', 'plan.yaml', '--jobs', '1', '--out', 'sweep', '--json'],
      { folder: scratch },
    );
    demand(
      trial.includes(native.digest),
      `expected the digest ${native.digest} from a sweep, received:\n${trial}`,
    );
  });
} catch (error) {
  if (!(error instanceof RunError)) throw error;
  process.stderr.write(error.output);
  process.exitCode = 1;
} finally {
  await registry.close();
  rmSync(scratch, { recursive: true, force: true });
}
