// Bundlers take a path that is not written out in `new URL(…, import.meta.url)` for a whole folder.
const here = import.meta.url;

/**
 * A file of this package, by its path from where the built package begins. Asked for here alone: of what is
 * published several modules are one file, which may lie elsewhere than each did.
 */
export function ownFile(path: string): URL {
  return new URL(path, here);
}
