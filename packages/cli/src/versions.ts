import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The version of this package. */
export const VERSION = versionIn('../package.json');

/** The version of each Bitgrad package that is installed, by its name. */
export function installedVersions(): Record<string, string> {
  const versions: Record<string, string> = { bitgrad: VERSION };
  for (const name of ['core', 'core-native', 'core-wasm', 'formats', 'conformance']) {
    try {
      versions[`@bitgrad/${name}`] = versionIn(`@bitgrad/${name}/package.json`);
    } catch {
      // An optional package that is not installed has no version.
    }
  }
  return versions;
}

function versionIn(packageFile: string): string {
  return JSON.parse(readFileSync(require.resolve(packageFile), 'utf8')).version;
}
