import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The version of this package. */
export const VERSION = versionIn('../package.json');

/** The version of each Bitgrad package that is installed, by its name. */
export function installedVersions(): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const part of ['', 'core', 'core-native', 'core-wasm', 'formats', 'conformance']) {
    const name = part === '' ? 'bitgrad' : `@bitgrad/${part}`;
    try {
      versions[name] = versionIn(`${name}/package.json`);
    } catch {
      // An optional package that is not installed has no version, nor has one inside a bundle.
    }
  }
  return versions;
}

function versionIn(packageFile: string): string {
  return JSON.parse(readFileSync(require.resolve(packageFile), 'utf8')).version;
}
