// Where `--install` puts the peers, and how sides load those from npm.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The folder that holds the peers: node_modules, and python, a virtual environment. */
export const peersFolder = fileURLToPath(new URL('../.peers/', import.meta.url));

/** The folder of a package. @param {string} name */
const folderOf = (name) => join(peersFolder, 'node_modules', name);

/** Loads a CommonJS package. @param {string} name @returns {any} */
export function requirePeer(name) {
  return createRequire(join(peersFolder, 'package.json'))(name);
}

/**
 * Loads an ECMAScript package by its file.
 *
 * @param {string} name
 * @param {string} file
 * @returns {Promise<any>}
 */
export function importPeer(name, file) {
  return import(pathToFileURL(join(folderOf(name), file)).href);
}

/** As in `jax-js 0.1.25`. @param {string} title @param {string} name */
export function versionOf(title, name) {
  const { version } = JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8'));
  return `${title} ${version}`;
}
