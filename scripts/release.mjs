// A release's files, in packs/: every package as a tarball, the native addon of every platform as a
// package of its own, and a list of what they hold (CycloneDX). All are checked: what is installed, its
// licences and known vulnerabilities, how each is imported (publint, attw), whether its name and
// version are free, and whether CHANGELOG.md knows the version. Nothing is published here.
//
//   node scripts/release.mjs [PLATFORM…]     all platforms by default
//   node scripts/release.mjs --check         checks the files that are there
//
// scripts/platforms/platforms.mjs --install brings the cross compiler. `npm publish --provenance
// FILE` publishes each, the platforms' first.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTarballs } from './matrix/registry.mjs';
import { PLATFORMS } from './platforms/table.mjs';
import { RunError, root, run, runTool, stage } from './run.mjs';
import { isInChangelog, packageVersion, pendingChangesets } from './version.mjs';

const packs = join(root, 'packs');
const ATTW = '@arethetypeswrong/cli@0.18.5';
const isWindows = process.platform === 'win32';
const npm = isWindows ? 'npm.cmd' : 'npm';
const npx = (/** @type {string[]} */ args) =>
  run(isWindows ? 'npx.cmd' : 'npx', args, { shell: isWindows });

/**
 * Packs @bitgrad/core-native anew, so that it names the packages that bring its addon, and brings none
 * itself.
 * @param {string} tarball
 * @param {readonly string[]} platforms
 */
async function namePlatforms(tarball, platforms) {
  const scratch = mkdtempSync(join(tmpdir(), 'bitgrad-release-'));
  try {
    await run('tar', ['-xzf', tarball, '-C', scratch]);
    const folder = join(scratch, 'package');
    const file = join(folder, 'package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    manifest.optionalDependencies = Object.fromEntries(
      platforms.map((name) => [`${manifest.name}-${name}`, manifest.version]),
    );
    rmSync(join(folder, 'prebuilds'), { recursive: true, force: true });
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', packs], { folder });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {readonly string[]} asked */
async function make(asked) {
  const platforms = asked.length > 0 ? asked : PLATFORMS.map(({ name }) => name);
  await run(process.execPath, ['scripts/pack-all.mjs'], { show: true });
  const build = ['scripts/platforms/platforms.mjs', ...platforms];
  await run(process.execPath, build, { show: true });
  const tarball = readdirSync(packs).find((name) => /^bitgrad-core-native-\d/.test(name));
  await stage('naming the platforms', () => namePlatforms(join(packs, tarball ?? ''), platforms));
}

/** Every tarball's path, and what its package.json says. */
function tarballs() {
  return readTarballs().map(({ folder, file, manifest }) => ({
    path: join(folder, file),
    manifest,
  }));
}

/** Whether every package can be imported as it says. */
async function checkImports() {
  for (const { path, manifest } of tarballs()) {
    await runTool('publint', [path, '--strict']);
    // Others hold data or an addon.
    if (!JSON.stringify(manifest.exports ?? '').includes('"types"')) continue;
    await npx(['-y', ATTW, path, '--profile', 'esm-only', '--format', 'ascii']);
  }
}

/**
 * Whether every package may be published: under one version, which the registry does not have yet.
 * @returns {Promise<string>}
 */
async function checkNames() {
  const names = tarballs().map(({ manifest }) => manifest.name);
  const versions = new Set(tarballs().map(({ manifest }) => manifest.version));
  if (versions.size !== 1) throw new RunError('versions', 1, `${[...versions].join(', ')}\n`);
  const [version] = versions;
  const free = [];
  for (const name of names) {
    const answer = await run(npm, ['view', name, 'versions', '--json'], { shell: isWindows }).catch(
      (error) => {
        if (error instanceof RunError && /E404/.test(error.output)) return '[]';
        throw error;
      },
    );
    const published = [JSON.parse(answer)].flat();
    if (published.length === 0) free.push(name);
    if (!published.includes(version)) continue;
    throw new RunError('names', 1, `${name} ${version} is published already\n`);
  }
  return `${names.length} packages of version ${version}; names that nobody has yet: ${free.length}`;
}

/** Whether the version was made by scripts/version.mjs, and is the tag's where a tag is released. */
async function checkVersion() {
  const version = packageVersion();
  const problem = (/** @type {string} */ text) => {
    throw new RunError('version', 1, `${text}: node scripts/version.mjs mends it\n`);
  };
  const [changeset] = pendingChangesets();
  if (changeset !== undefined) problem(`expected no changeset left, received ${changeset}`);
  if (!isInChangelog(version)) problem(`expected a heading "## ${version}" in CHANGELOG.md`);
  const { GITHUB_REF_TYPE: kind, GITHUB_REF_NAME: tag } = process.env;
  if (kind === 'tag' && tag !== `v${version}`) {
    throw new RunError('version', 1, `expected the tag v${version}, received ${tag}\n`);
  }
}

try {
  const asked = process.argv.slice(2);
  await stage('the version', checkVersion);
  if (!asked.includes('--check')) await make(asked);
  const check = ['scripts/check-install.mjs', '--audit', '--sbom', join(packs, 'bitgrad.cdx.json')];
  await run(process.execPath, check, { show: true });
  await stage('imports', checkImports);
  console.log(await stage('names', checkNames));
} catch (error) {
  if (!(error instanceof RunError)) throw error;
  process.exitCode = error.exitCode;
}
