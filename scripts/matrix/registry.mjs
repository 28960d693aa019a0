// A registry on this machine that knows the tarballs in packs/ and sends whoever asks for anything
// else to the registry that npm is set to. So a package manager installs what is to be published by
// its name, and chooses itself which platform's addon fits.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { root, run } from '../run.mjs';

const packs = join(root, 'packs');
const isWindows = process.platform === 'win32';
/** Package managers refuse what was published an hour ago. */
const PUBLISHED = '2026-01-01T00:00:00.000Z';

/**
 * @typedef {object} Tarball
 * @property {string} folder
 * @property {string} file its name
 * @property {Buffer} bytes
 * @property {{ name: string, version: string, exports?: unknown }} manifest
 */

/**
 * Everything in packs/, with the platforms' packages first, as they are to be published.
 * @returns {Tarball[]}
 */
export function readTarballs() {
  const folders = [join(packs, 'platforms'), packs, join(packs, 'apart')].filter((folder) =>
    existsSync(folder),
  );
  const tarballs = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.tgz'))
      .map((file) => {
        const bytes = readFileSync(join(folder, file));
        return { folder, file, bytes, manifest: manifestIn(bytes) };
      }),
  );
  if (tarballs.length > 0) return tarballs;
  throw new Error('expected tarballs in packs/: npm run pack:all makes them');
}

/**
 * The package.json in a tarball.
 * @param {Buffer} bytes
 */
function manifestIn(bytes) {
  const tar = gunzipSync(bytes);
  const text = (/** @type {number} */ from, /** @type {number} */ length) =>
    tar.toString('utf8', from, from + length).replace(/\0.*$/s, '');
  for (let at = 0; at < tar.length; ) {
    const size = Number.parseInt(text(at + 124, 12), 8) || 0;
    if (text(at, 100) === 'package/package.json') return JSON.parse(text(at + 512, size));
    at += 512 + 512 * Math.ceil(size / 512);
  }
  throw new Error('expected a package.json in the tarball, received none');
}

/**
 * What a registry says of a package.
 * @param {Tarball} tarball
 * @param {string} url of the registry
 */
function describe({ file, bytes, manifest }, url) {
  const { name, version } = manifest;
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  const shasum = createHash('sha1').update(bytes).digest('hex');
  const dist = { tarball: `${url}-/${file}`, integrity, shasum };
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, dist } },
    time: { created: PUBLISHED, modified: PUBLISHED, [version]: PUBLISHED },
  };
}

/** The registry that npm is set to. */
export async function upstreamRegistry() {
  const shell = isWindows;
  const setting = await run(shell ? 'npm.cmd' : 'npm', ['config', 'get', 'registry'], { shell });
  return setting.trim().replace(/\/?$/, '/');
}

/**
 * Starts the registry.
 * @returns {Promise<{ url: string, close(): Promise<void> }>}
 */
export async function startRegistry() {
  const tarballs = readTarballs();
  const upstream = await upstreamRegistry();
  let url = '';
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '/').slice(1));
    const tarball = tarballs.find(({ file }) => path === `-/${file}`);
    const named = tarballs.find(({ manifest }) => path === manifest.name);
    if (tarball !== undefined) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(tarball.bytes);
    } else if (named !== undefined) {
      const body = JSON.stringify(describe(named, url));
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    } else {
      response
        .writeHead(302, { location: new URL(request.url?.slice(1) ?? '', upstream).href })
        .end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  url = `http://127.0.0.1:${address.port}/`;
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
