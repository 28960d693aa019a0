import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus, homedir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * What was measured on this machine's processor, if anything. A file that cannot be read, or is not
 * what is written here, counts as none.
 */
export function recallTile(isa: string, tiles: readonly string[]): string | undefined {
  const tile = readAll()[keyOf(isa, tiles)];
  return tile !== undefined && tiles.includes(tile) ? tile : undefined;
}

/** Keeps it for the next process. Where nothing can be written, that one measures anew. */
export function rememberTile(isa: string, tiles: readonly string[], tile: string): void {
  const path = memoryFile();
  const partial = `${path}.${process.pid}.partial`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      partial,
      `${JSON.stringify({ ...readAll(), [keyOf(isa, tiles)]: tile }, null, 2)}\n`,
    );
    renameSync(partial, path);
  } catch {
    // As when nothing was ever measured.
  }
}

/** Another processor, or an addon with other tiles, is measured for itself. */
function keyOf(isa: string, tiles: readonly string[]): string {
  return `${cpus()[0]?.model.trim() ?? 'unknown'}, ${isa}: ${tiles.join(' ')}`;
}

function readAll(): Record<string, string> {
  try {
    const all: unknown = JSON.parse(readFileSync(memoryFile(), 'utf8'));
    const isTable = typeof all === 'object' && all !== null && !Array.isArray(all);
    return isTable ? (all as Record<string, string>) : {};
  } catch {
    return {};
  }
}

/** Where the system keeps what can be made again. */
function memoryFile(): string {
  return join(cacheFolder(), 'bitgrad', 'tiles.json');
}

function cacheFolder(): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  if (process.platform === 'win32') return LOCALAPPDATA || join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return XDG_CACHE_HOME || join(homedir(), '.cache');
}
