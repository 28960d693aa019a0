#!/usr/bin/env node
import { readFileSync } from 'node:fs';

// What a command throws it tells itself; here arrives what keeps it from being loaded.
await import('../dist/main.js').catch((error) => {
  if (!lacksFiles(error)) throw error;
  console.error(`error: files: expected to open those of the program, received ${error.message}`);
  console.error('let the process have more open files, as by ulimit -n 1024');
  process.exit(1);
});

/** Of a package for which Node cannot open one file more it says that it is not there. */
function lacksFiles({ code }) {
  if (code !== 'ERR_MODULE_NOT_FOUND') return code === 'EMFILE';
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    return Number(/^Max open files +(\d+)/m.exec(limits)?.[1]) < 256;
  } catch (error) {
    return error.code === 'EMFILE';
  }
}
