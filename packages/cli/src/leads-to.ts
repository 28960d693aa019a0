import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';

/** As many links one after another as systems follow. */
const MOST_LINKS = 40;

/**
 * Where a name leads, through links; also where nothing is there yet, as at a link to a file that is still to be
 * made. Links that lead round in a circle lead to one of them.
 */
export async function leadsTo(path: string, links = MOST_LINKS): Promise<string> {
  const real = await realpath(path).catch(() => null);
  const folder = dirname(path);
  if (real !== null || folder === path) return real ?? resolve(path);
  const parent = await leadsTo(folder, links);
  // Without a separator at its end, with which a link to nothing is none.
  const own = join(parent, basename(path));
  const link = links > 0 ? await readlink(own).catch(() => null) : null;
  if (link === null) return own;
  // Not joined, which would take the folder above what a linked folder leads to for the one above the link.
  return leadsTo(isAbsolute(link) ? link : `${parent}${sep}${link}`, links - 1);
}
