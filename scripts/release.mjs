// A release's files, in packs/: every package as a tarball, the native addon of every platform as a
// package of its own, and a list of what they hold (CycloneDX). Nothing is published here.
//
//   node scripts/release.mjs [PLATFORM…]     all platforms by default
//
// scripts/platforms/platforms.mjs --install brings the cross compiler. `npm publish --provenance
// FILE` publishes each, the platforms' first.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PLATFORMS } from './platforms/table.mjs';
import { RunError, root, run, runTool, stage } from './run.mjs';

const packs = join(root, 'packs');

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

try {
  const asked = process.argv.slice(2);
  const platforms = asked.length > 0 ? asked : PLATFORMS.map(({ name }) => name);
  await run(process.execPath, ['scripts/pack-all.mjs'], { show: true });
  const build = ['scripts/platforms/platforms.mjs', ...platforms];
  await run(process.execPath, build, { show: true });
  const tarball = readdirSync(packs).find((name) => /^bitgrad-core-native-\d/.test(name));
  await stage('naming the platforms', () => namePlatforms(join(packs, tarball ?? ''), platforms));
  const check = ['scripts/check-install.mjs', '--sbom', join(packs, 'bitgrad.cdx.json')];
  await run(process.execPath, check, { show: true });
  for (const name of [...readdirSync(packs), ...readdirSync(join(packs, 'platforms'))].sort()) {
    if (!name.endsWith('.tgz')) continue;
    const folder = PLATFORMS.some((platform) => name.includes(`-${platform.name}-0`))
      ? 'platforms'
      : '';
    await runTool('publint', [join(packs, folder, name), '--strict']);
  }
} catch (error) {
  if (!(error instanceof RunError)) throw error;
  process.stderr.write(error.output);
  process.exitCode = error.exitCode;
}
