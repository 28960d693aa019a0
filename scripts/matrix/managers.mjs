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
const NPM = ['install', '--no-audit', '--no-fund', '--cache', join(caches, 'npm')];

/**
 * Installs bitgrad by npm 11.
 * @param {string} folder
 * @param {readonly string[]} options
 */
export function npmInstall(folder, options) {
  const cli = join(managersFolder, 'node_modules', 'npm11', 'bin', 'npm-cli.js');
  return run(process.execPath, [cli, ...NPM, ...options, 'bitgrad'], { folder });
}

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

/** @param {string} alias @param {() => string} node */
function npm(alias, node) {
  return {
    spec: `${alias}@npm:npm@${{ npm11: '11.19.1', npm12: '12.2.2' }[alias]}`,
    /** @param {string} folder */
    async install(folder) {
      const cli = inManagers(alias, 'bin', 'npm-cli.js');
      await manage(node(), [cli, ...NPM, 'bitgrad'], folder);
      return { command: node(), args: [] };
    },
  };
}

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
        `globalFolder: ${JSON.stringify(join(caches, 'yarn4'))}`,
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
  { name: 'npm 11, Node 20', ...npm('npm11', () => process.execPath) },
  { name: 'npm 12, Node 24', ...npm('npm12', () => executableOf('Node 24')) },
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
