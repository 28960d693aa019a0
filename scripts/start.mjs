// `npm start`: from a fresh clone to a trained network. Installs, builds, and trains the main job;
// further arguments go to the training: `npm start -- --seed 2`.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { reasonMissing } from './require.mjs';
import { build, install, RunError, root, run, stage } from './run.mjs';

process.on('SIGINT', () => {
  // The terminal sends Ctrl-C to the training too. It ends in its own way; this waits for it.
});

/** @param {string[]} given */
function trainingArguments(given) {
  const has = (/** @type {string} */ option) =>
    given.some((argument) => argument === option || argument.startsWith(`${option}=`));
  const defaults = [];
  if (!has('--recipe') && !has('--config')) defaults.push('--recipe', 'mnist');
  if (!has('--out')) defaults.push('--out', 'runs/mnist.safetensors');
  return ['train', ...defaults, ...given];
}

try {
  await stage('installing', install);
  // The page, whose bundler takes its time, is built when it is served.
  await stage('building', () => build('bitgrad'));
  const reason = reasonMissing('native');
  if (reason !== null) {
    process.stderr.write(`The native backend was not built: ${reason}\n`);
    process.stderr.write('The WebAssembly backend serves instead: the same bits, more slowly.\n');
  }
  mkdirSync(join(root, 'runs'), { recursive: true });
  const cli = join('packages', 'cli', 'bin', 'bitgrad.js');
  await run(process.execPath, [cli, ...trainingArguments(process.argv.slice(2))], { show: true });
} catch (error) {
  if (!(error instanceof RunError)) throw error;
  process.exitCode = error.exitCode;
}
