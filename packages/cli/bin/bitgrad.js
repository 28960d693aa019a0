#!/usr/bin/env node
// What a command throws it tells itself; here arrives what keeps it from being loaded.
await import('../dist/main.js').catch((error) => {
  if (error.code !== 'EMFILE') throw error;
  console.error(`error: files: expected to open those of the program, received ${error.message}`);
  console.error('let the process have more open files, as by ulimit -n 1024');
  process.exit(1);
});
