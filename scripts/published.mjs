// The packages as they are published, their modules in few files, in runs/published. Tests start the command from there:
// that is what people start, and it takes two thirds of the time of a clone's.

import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { bundle } from './bundle.mjs';
import { root } from './run.mjs';

const folder = join(root, 'runs', 'published');

/** Where the packages are, each in the folder that it has in this repository. */
export const packages = join(folder, 'packages');

/** The command there. */
export const command = join(packages, 'cli', 'bin', 'bitgrad.js');

/** Lays them out anew, each beside the packages that it needs, before tests of the command; build first. */
export async function setup() {
  const names = readdirSync(join(root, 'packages'));
  const unbuilt = names.filter((name) => {
    const { private: isPrivate, files } = manifestOf(name);
    return (
      !isPrivate && files.includes('dist') && !existsSync(join(root, 'packages', name, 'dist'))
    );
  });
  if (unbuilt.length > 0) {
    throw new Error(
      `expected built packages, received ${unbuilt.join(', ')} without dist: npm run build`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  await Promise.all(names.map(layOutOne));
}

/** @param {string} name of a package's folder */
function manifestOf(name) {
  return JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
}

/** @param {string} name of a package's folder */
async function layOutOne(name) {
  const from = join(root, 'packages', name);
  const to = join(packages, name);
  const manifest = manifestOf(name);
  if (manifest.private) return;
  // Beside what is published, what a clone builds of @bitgrad/mpi.
  const parts = [...manifest.files, 'package.json', 'build/openmpi.node', 'build/mpich.node'];
  for (const part of parts) {
    if (!existsSync(join(from, part))) continue;
    cpSync(join(from, part), join(to, part), { recursive: true, verbatimSymlinks: true });
  }
  linkDependencies(join(from, 'node_modules'), join(to, 'node_modules'));
  await bundle(to, manifest);
}

/**
 * Makes pnpm's links to a package's dependencies anew, so that they lead as far as they did: on Windows, where they are
 * junctions, only these can be made without further rights, and they hold whole paths.
 *
 * @param {string} from
 * @param {string} to
 */
function linkDependencies(from, to) {
  if (!existsSync(from)) return;
  for (const name of readdirSync(from)) {
    if (name.startsWith('.')) continue;
    if (name.startsWith('@')) {
      linkDependencies(join(from, name), join(to, name));
      continue;
    }
    mkdirSync(to, { recursive: true });
    const way = relative(from, resolve(from, readlinkSync(join(from, name))));
    symlinkSync(way, join(to, name), 'junction');
  }
}
