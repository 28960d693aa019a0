import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

/** Where the build leaves a line on why it made no addon. */
export const missingNote = join(folder, 'build', 'missing.txt');

/** The platforms that packages with a built addon are published for. */
export const PLATFORMS: readonly string[] = [
  'linux-x64',
  'linux-x64-musl',
  'linux-arm64',
  'linux-arm64-musl',
  'darwin-arm64',
  'darwin-x64',
  'win32-x64',
  'win32-arm64',
];

/** This machine's platform, as in `linux-x64` or `linux-arm64-musl`. */
export function platformName(): string {
  const { platform, arch } = process;
  return `${platform}-${arch}${platform === 'linux' && isMusl() ? '-musl' : ''}`;
}

/** The package that brings the addon of a platform. */
export function packageOf(platform: string): string {
  return `@bitgrad/core-native-${platform}`;
}

/** Whether this is a source tree, in which the addon can be built. */
export function isSourceTree(): boolean {
  return existsSync(join(folder, 'scripts', 'build.mjs'));
}

/** The addon's file for this machine: the one that was built here, else its package's, or null. */
export function findAddon(): string | null {
  const { platform, arch } = process;
  const built = [
    join(folder, 'prebuilds', `${platform}-${arch}`, 'bitgrad.node'),
    join(folder, 'build', 'Release', 'bitgrad.node'),
  ];
  return built.find((file) => existsSync(file)) ?? installedAddon();
}

function installedAddon(): string | null {
  try {
    const manifest = require.resolve(`${packageOf(platformName())}/package.json`);
    const file = join(dirname(manifest), 'bitgrad.node');
    return existsSync(file) ? file : null;
  } catch {
    return null;
  }
}

/** Whether Node runs on musl instead of glibc, which the beginning of its executable names. */
function isMusl(): boolean {
  const file = openSync(process.execPath, 'r');
  try {
    const beginning = Buffer.alloc(4096);
    const length = readSync(file, beginning, 0, beginning.length, 0);
    return beginning.toString('latin1', 0, length).includes('/ld-musl-');
  } finally {
    closeSync(file);
  }
}
