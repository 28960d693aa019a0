// The package managers of the matrix: from where each comes, and how it installs bitgrad into a folder.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { executableOf } from '../engines.mjs';
import { root, run } from '../run.mjs';

export const managersFolder = join(root, '.engines', 'managers');
/** Where every package manager keeps what it once brought. */
export const caches = join(root, '.engines', 'caches');

/**
 * @typedef {object} Launch how a script is run where something was installed
 * @property {string} command
 * @property {string[]} args before the script's path
 * @property {string} [script] the path of the command bitgrad, where it is not in node_modules
 */

/**
 * @typedef {object} Manager
 * @property {string} name
 * @property {string} [spec] what npm brings it by
 * @property {(folder: string, url: string) => Promise<Launch>} install installs bitgrad
 */

const thisNode = { command: process.execPath, args: [] };
/** The files by which npm knows again what it installed. */
export const LOCKED = ['package.json', 'package-lock.json'];
/** How npm is to run, wherever it does: its lockfile must name the tarballs, which its cache knows by that. */
export const NPM = [
  '--no-audit',
  '--no-fund',
  '--omit-lockfile-registry-resolved=false',
  '--cache',
];

/**
 * Runs npm 11.
 * @param {string} folder
 * @param {readonly string[]} words
 */
export function npm(folder, words) {
  const cli = join(managersFolder, 'node_modules', 'npm11', 'bin', 'npm-cli.js');
  return run(process.execPath, [cli, ...words, ...NPM, join(caches, 'npm')], { folder });
}

/**
 * Installs bitgrad by npm 11.
 * @param {string} folder
 * @param {readonly string[]} options
 */
export const npmInstall = (folder, options) => npm(folder, ['install', ...options, 'bitgrad']);

/** @param {string[]} parts below a manager's alias */
const inManagers = (...parts) => join(managersFolder, 'node_modules', ...parts);

/**
 * Runs a package manager, which must not ask anything nor think that it is within ours.
 * @param {string} command
 * @param {string[]} args
 * @param {string} folder
 * @param {Record<string, string>} [env]
 */
const manage = (command, args, folder, env = {}) =>
  run(command, args, { folder, env: { CI: '1', ...env } });

/** @param {'node-modules' | 'pnp'} linker */
function yarn4(linker) {
  return {
    spec: 'yarn4@npm:@yarnpkg/cli-dist@4.18.1',
    /** @param {string} folder @param {string} url */
    async install(folder, url) {
      const cli = inManagers('yarn4', 'bin', 'yarn.js');
      const settings = [
        `npmRegistryServer: ${url}`,
        'unsafeHttpWhitelist: [127.0.0.1]',
        `nodeLinker: ${linker}`,
        'enableTelemetry: false',
        'enableImmutableInstalls: false',
        // Its cache knows packages by their names and versions alone, so none is kept.
        `globalFolder: ${JSON.stringify(join(folder, 'global'))}`,
      ];
      writeFileSync(join(folder, '.yarnrc.yml'), `${settings.join('\n')}\n`);
      writeFileSync(join(folder, 'yarn.lock'), '');
      await manage(process.execPath, [cli, 'add', 'bitgrad'], folder);
      if (linker === 'node-modules') return thisNode;
      return { command: process.execPath, args: [cli, 'run'], script: 'bitgrad' };
    },
  };
}

/** @type {readonly Manager[]} */
export const MANAGERS = [
  {
    name: 'npm 11',
    spec: 'npm11@npm:npm@11.19.1',
    async install(folder) {
      await npmInstall(folder, []);
      return thisNode;
    },
  },
  {
    name: 'npm 12, Node 24',
    spec: 'npm12@npm:npm@12.2.2',
    async install(folder) {
      const command = executableOf('Node 24');
      const cli = inManagers('npm12', 'bin', 'npm-cli.js');
      await manage(command, [cli, 'install', ...NPM, join(caches, 'npm'), 'bitgrad'], folder);
      return { command, args: [] };
    },
  },
  {
    name: 'pnpm 10',
    async install(folder) {
      const cli = join(root, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
      const store = ['--store-dir', join(caches, 'pnpm')];
      await manage(process.execPath, [cli, 'add', ...store, 'bitgrad'], folder);
      return thisNode;
    },
  },
  {
    name: 'Yarn 1',
    spec: 'yarn1@npm:yarn@1.22.22',
    async install(folder) {
      const cli = inManagers('yarn1', 'bin', 'yarn.js');
      const options = ['--non-interactive', '--cache-folder', join(caches, 'yarn1')];
      await manage(process.execPath, [cli, 'add', ...options, 'bitgrad'], folder);
      return thisNode;
    },
  },
  { name: 'Yarn 4, node_modules', ...yarn4('node-modules') },
  { name: 'Yarn 4, Plug’n’Play', ...yarn4('pnp') },
  {
    name: 'Bun',
    async install(folder) {
      const command = executableOf('Bun');
      const env = { BUN_INSTALL_CACHE_DIR: join(caches, 'bun') };
      await manage(command, ['add', 'bitgrad'], folder, env);
      return { command, args: [] };
    },
  },
  {
    name: 'Deno',
    async install(folder) {
      const command = executableOf('Deno');
      await manage(command, ['add', 'npm:bitgrad'], folder, { DENO_DIR: join(caches, 'deno') });
      return { command, args: ['run', '--allow-all'] };
    },
  },
];

/** Brings the package managers that are not here by npm, without install scripts. */
export async function installManagers() {
  mkdirSync(managersFolder, { recursive: true });
  const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts'];
  const specs = [...new Set(MANAGERS.flatMap(({ spec }) => spec ?? []))];
  await run('npm', ['install', '--prefix', managersFolder, ...flags, ...specs]);
  return readdirSync(join(managersFolder, 'node_modules'));
}
