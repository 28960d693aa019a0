// A thread that is ended while a run of its own is under way.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { startEndless } from './programs.mjs';

const { folder, isa, threads } = workerData;
const native = await import(pathToFileURL(resolve(folder, 'dist', 'index.js')).href);
startEndless(native.nativeBackend({ isa, threads }));
parentPort.postMessage('started');
