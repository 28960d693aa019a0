import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Not `new URL('..', import.meta.url)`: Next.js's bundler takes that for a file to bring along, and fails.
const folder = dirname(dirname(fileURLToPath(import.meta.url)));
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

/** Whether a bundler has put this into another file, away from the addon and what names its package. */
export function isBundled(): boolean {
  try {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return name !== '@bitgrad/core-native';
  } catch {
    return true;
  }
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

/** Whether Node runs on musl instead of glibc: by the loader that its executable names. */
function isMusl(): boolean {
  return loaderOf(process.execPath).includes('/ld-musl-');
}

/** What an ELF file begins with: its magic number, 64 bits, the lowest byte first. */
const ELF64 = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
/** The kind of a segment that holds a loader's path. */
const PT_INTERP = 3;

/** The path of the program that loads an executable, or nothing where there are no addons. */
export function loaderOf(path: string): string {
  const file = openSync(path, 'r');
  const read = (at: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, at);
    return bytes;
  };
  try {
    const header = read(0, 64);
    if (!header.subarray(0, ELF64.length).equals(ELF64)) return '';
    const [size, count] = [header.readUInt16LE(54), header.readUInt16LE(56)];
    const table = read(Number(header.readBigUInt64LE(32)), size * count);
    for (let at = 0; at < table.length; at += size) {
      if (table.readUInt32LE(at) !== PT_INTERP) continue;
      const [from, length] = [table.readBigUInt64LE(at + 8), table.readBigUInt64LE(at + 32)];
      return read(Number(from), Number(length)).toString('latin1').replace(/\0.*$/s, '');
    }
    return '';
  } finally {
    closeSync(file);
  }
}
