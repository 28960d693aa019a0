// `npm run web`: builds the page, serves it and prints its address. `-- --port N` chooses the port;
// `-- --host` lets other devices of the network in, a phone for instance.

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, install, RunError, stage } from '../../../scripts/run.mjs';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '4173' }, host: { type: 'boolean', default: false } },
});

try {
  await stage('installing', install);
  await stage('building', () => build('@bitgrad/web'));
  const { preview } = await import('vite');
  const server = await preview({
    root: fileURLToPath(new URL('..', import.meta.url)),
    configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
    preview: { port: Number(values.port), host: values.host },
  });
  const addresses = [
    ...(server.resolvedUrls?.local ?? []),
    ...(server.resolvedUrls?.network ?? []),
  ];
  console.log(`The page is at ${addresses.join(' and ')} (Ctrl-C ends it)`);
} catch (error) {
  if (!(error instanceof RunError)) throw error;
  process.exitCode = error.exitCode;
}
