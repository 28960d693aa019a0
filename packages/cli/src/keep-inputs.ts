import { type BigIntStats, fstatSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { leadsTo } from './leads-to.js';
import { UsageError } from './usage-error.js';

/** A file, or a folder that is read, and what names it: `--out`, or a line of a file. */
export interface NamedFile {
  readonly where: string;
  /** What is read as `-` is stdin, which may come from a file that is written. */
  readonly path: string;
  /** The number of a file that is open already. */
  readonly descriptor?: number;
  /** Files that may nevertheless be the same: a checkpoint is replaced by those that follow it. */
  readonly replaces?: string | undefined;
}

/** Where rows are written that go to no file by its name: `>> table.csv` is one, too. */
export const STDOUT: NamedFile = { where: 'stdout', path: 'the same', descriptor: 1 };
const STDIN = 0;

/** What stands for the epoch in a checkpoint's name. */
export const EPOCH = '{epoch}';

/** Files that data sets are made of; a folder of data may hold models and reports besides. */
const DATA =
  /\.(?:csv|tsv|txt|data|jsonl?|ndjson|xlsx|arrow|feather|parquet|npy|npz|png|jpe?g|webp|bmp|gif|tiff?)(?:\.gz)?$|[-.]idx\d-ubyte(?:\.gz)?$/i;

/** Where a name leads: through links, and in folders that know no upper case. */
interface Place {
  readonly folder: string;
  readonly name: string;
  readonly path: string;
  readonly stats: BigIntStats | null;
  readonly ignoresCase: boolean;
}

/**
 * Makes sure that no file is written that is read, or twice: not by its own name, not through a
 * symbolic or a hard link, in no spelling that the file system takes for the same, and not by a name
 * that `{epoch}` can become.
 *
 * @throws UsageError that names both options
 */
export async function keepInputs(
  writes: readonly NamedFile[],
  reads: readonly NamedFile[],
): Promise<void> {
  const inputs = await Promise.all(
    reads.map(async (read) => {
      const isStdin = read.path === '-';
      return [read, await placeOf(isStdin ? { ...read, descriptor: STDIN } : read)] as const;
    }),
  );
  const outputs: (readonly [NamedFile, Place])[] = [];
  for (const write of writes) {
    const place = await placeOf(write);
    for (const [read, input] of inputs) {
      if (write.replaces === read.where || !(await touches(place, input))) continue;
      throw new UsageError(
        `${write.where}: expected another file than ${read.where} reads, received ${write.path}`,
        'choose another name: what is read is never replaced',
      );
    }
    for (const [other, output] of outputs) {
      if (!(await touches(place, output)) && !(await touches(output, place))) continue;
      throw new UsageError(
        `${write.where}: expected another file than ${other.where}, received ${write.path}`,
      );
    }
    outputs.push([write, place]);
  }
}

async function placeOf({ path, descriptor }: NamedFile): Promise<Place> {
  if (descriptor !== undefined) return openPlace(descriptor);
  const real = await leadsTo(path);
  const folder = dirname(real);
  return {
    folder,
    name: basename(real),
    path: real,
    stats: await statsOf(path),
    ignoresCase: await ignoresCase(folder),
  };
}

/** The place of what is open already, which has no name here. */
function openPlace(descriptor: number): Place {
  // A terminal is stdin and stdout at once; only files hold what could be lost.
  const stats = openStats(descriptor);
  const name = `\0${descriptor}`;
  return {
    folder: '',
    name,
    path: name,
    stats: stats?.isFile() ? stats : null,
    ignoresCase: false,
  };
}

function openStats(descriptor: number): BigIntStats | null {
  try {
    return fstatSync(descriptor, { bigint: true });
  } catch {
    return null;
  }
}

/** Whether writing at a place can replace what another one is, or has in it. */
async function touches(place: Place, other: Place): Promise<boolean> {
  if (isSame(place, other) || isSameFile(place.stats, other.stats)) return true;
  if (other.stats?.isDirectory()) return isDataIn(place, other);
  if (!place.name.includes(EPOCH)) return false;
  if (isFolder(place, other.folder) && patternOf(place).test(other.name)) return true;
  return (await filesLike(place)).some((stats) => isSameFile(stats, other.stats));
}

/** Whether there is a file to be replaced that belongs to a folder of data. */
async function isDataIn(place: Place, { path }: Place): Promise<boolean> {
  if (place.stats === null && !place.name.includes(EPOCH)) return false;
  const way = relative(path, place.path);
  if (!way.startsWith(`..${sep}`) && way !== '..' && DATA.test(place.name)) return true;
  // Only what has several names can be in the folder by another one.
  const links = [place.stats, ...(place.name.includes(EPOCH) ? await filesLike(place) : [])].filter(
    (stats) => stats !== null && stats.nlink > 1n,
  );
  if (links.length === 0) return false;
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile() || !DATA.test(entry.name)) continue;
    const stats = await statsOf(join(entry.parentPath, entry.name));
    if (links.some((link) => isSameFile(link, stats))) return true;
  }
  return false;
}

function isSame(a: Place, b: Place): boolean {
  const isFolded = a.ignoresCase || b.ignoresCase;
  return folded(a.path, isFolded) === folded(b.path, isFolded);
}

function isFolder(place: Place, folder: string): boolean {
  return folded(place.folder, place.ignoresCase) === folded(folder, place.ignoresCase);
}

function folded(path: string, ignoresCase: boolean): string {
  return ignoresCase ? path.normalize('NFC').toLowerCase() : path;
}

function isSameFile(a: BigIntStats | null, b: BigIntStats | null): boolean {
  // Some file systems number no files.
  return a !== null && b !== null && a.ino !== 0n && a.ino === b.ino && a.dev === b.dev;
}

/** What a name with `{epoch}` in it can become. */
function patternOf({ name, ignoresCase }: Place): RegExp {
  const parts = name.split(EPOCH).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const [first, second = '', ...others] = parts;
  const source = [`${first}(\\d+)${second}`, ...others].join('\\1');
  return new RegExp(`^${source}$`, ignoresCase ? 'i' : '');
}

async function filesLike(place: Place): Promise<(BigIntStats | null)[]> {
  const pattern = patternOf(place);
  const names = await readdir(place.folder).catch(() => []);
  return Promise.all(
    names.filter((name) => pattern.test(name)).map((name) => statsOf(join(place.folder, name))),
  );
}

function statsOf(path: string): Promise<BigIntStats | null> {
  return stat(path, { bigint: true }).catch(() => null);
}

/** Whether a folder is found by its name in other letters, too. */
async function ignoresCase(folder: string): Promise<boolean> {
  const name = basename(folder);
  const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
  if (other === name) return dirname(folder) !== folder && ignoresCase(dirname(folder));
  const [own, found] = await Promise.all([statsOf(folder), statsOf(join(dirname(folder), other))]);
  return isSameFile(own, found);
}
