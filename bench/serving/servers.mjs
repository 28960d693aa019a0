// What is measured: a model, its requests, and the servers that answer them.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeModel, recipeFor, train } from '@bitgrad/core';
import { wasmBackend } from '@bitgrad/core-wasm';
import { exportModel } from '@bitgrad/formats/export';
import { run } from '../../scripts/run.mjs';
import { peersFolder } from '../sides/peers.mjs';

const FEATURES = 20;
const CLASSES = 3;
const PACKAGES = ['fastapi==0.165.0', 'uvicorn[standard]==0.54.0', 'scikit-learn==1.9.1'];
const isWindows = process.platform === 'win32';
const environment = join(peersFolder, 'serving');
const command = fileURLToPath(new URL('../../packages/cli/bin/bitgrad.js', import.meta.url));
const pythonServer = fileURLToPath(new URL('fastapi_server.py', import.meta.url));
const python = join(environment, isWindows ? 'Scripts/python.exe' : 'bin/python');

/** Brings FastAPI and scikit-learn into bench/.peers/. */
export async function installServers() {
  mkdirSync(peersFolder, { recursive: true });
  const found = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (found === undefined) throw new Error('expected python3, received none');
  await run(found, ['-m', 'venv', environment]);
  await run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES]);
}

/**
 * A network [20, 64, 3], trained on numbers that were made up, as the files that servers load.
 *
 * @param {string} folder
 */
export async function writeModel(folder) {
  const count = 600;
  const inputs = Float32Array.from({ length: count * FEATURES }, (_, at) => numberAt(at));
  const labels = Uint32Array.from({ length: count }, (_, row) =>
    Math.floor((inputs[row * FEATURES] ?? 0) * CLASSES),
  );
  const counts = { features: FEATURES, classes: CLASSES, trainCount: count, testCount: 0 };
  const dataset = { name: 'numbers', inputs, labels, image: null, ...counts };
  const changes = { layers: [FEATURES, 64, CLASSES], epochs: 20, standardize: true };
  const recipe = recipeFor(dataset, changes);
  const model = await train({ recipe, dataset, backend: await wasmBackend() });
  writeFileSync(join(folder, 'numbers.safetensors'), encodeModel(model));
  writeFileSync(join(folder, 'numbers.json'), exportModel(model, 'json'));
}

/** The body of a request. @param {number} rows */
export function bodyOf(rows) {
  const instances = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: FEATURES }, (_, at) => Math.fround(numberAt(row * FEATURES + at + 7))),
  );
  return JSON.stringify({ instances });
}

/** @param {number} at */
const numberAt = (at) => ((at * 7919 + 13) % 1000) / 1000;

/**
 * @typedef {object} Running
 * @property {string} name
 * @property {string} url where rows are predicted
 * @property {string} origin
 * @property {() => Promise<void>} stop
 */

/** Whether `installServers` was called. */
export const hasPython = () => existsSync(python);

/**
 * Starts Bitgrad's server.
 *
 * @param {string} folder
 * @param {number} workers
 * @returns {Promise<Running>}
 */
export async function startBitgrad(folder, workers) {
  const port = await freePort();
  const file = join(folder, 'numbers.safetensors');
  const words = [command, 'serve', file, '--port', String(port), '--workers', String(workers)];
  const origin = `http://127.0.0.1:${port}`;
  const place = `${origin}/v1/models/numbers:predict`;
  return started(process.execPath, words, `bitgrad serve, ${workers} workers`, origin, place);
}

/**
 * Starts FastAPI with scikit-learn.
 *
 * @param {string} folder
 * @param {number} workers processes
 * @returns {Promise<Running>}
 */
export async function startFastApi(folder, workers) {
  const port = await freePort();
  const words = [pythonServer, join(folder, 'numbers.json'), String(port), String(workers)];
  const origin = `http://127.0.0.1:${port}`;
  const name = `FastAPI + scikit-learn, ${workers} ${workers === 1 ? 'process' : 'processes'}`;
  return started(python, words, name, origin, `${origin}/predict`);
}

/**
 * @param {string} program
 * @param {string[]} words
 * @param {string} name
 * @param {string} origin
 * @param {string} url
 * @returns {Promise<Running>}
 */
async function started(program, words, name, origin, url) {
  // Several threads in each of several processes would fight for the cores.
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'], env });
  let said = '';
  child.stderr.on('data', (piece) => {
    said = (said + piece).slice(-2000);
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  for (let tries = 0; tries < 1800; tries += 1) {
    if (child.exitCode !== null) throw new Error(`${name} ended: ${said}`);
    const answer = await ask(url, 1).catch(() => null);
    if (answer !== null) return { name, url, origin, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`${name} did not answer: ${said}`);
}

/**
 * Asks a server once.
 *
 * @param {string} url
 * @param {number} rows
 * @returns {Promise<number[][]>}
 */
export async function ask(url, rows) {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: bodyOf(rows) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return /** @type {{ predictions: number[][] }} */ (await answer.json()).predictions;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}
