import { parseArgs } from 'node:util';
import { BitgradError } from '@bitgrad/core';
import { buildAddon } from './build.js';

const HELP = `Usage: bitgrad-mpi build [--mpicc COMMAND]

Builds the addon that bitgrad needs under mpirun, with the C compiler of the MPI that is to start it.

  --mpicc COMMAND  MPI's C compiler (default: mpicc)

Open MPI's and MPICH's addons lie side by side: the one that fits the launcher is used.`;

process.exitCode = main();

function main(): number {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { mpicc: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help || positionals.join() !== 'build') {
      (values.help ? console.log : console.error)(HELP);
      return values.help ? 0 : 2;
    }
    const { implementation, path } = buildAddon(values.mpicc ?? 'mpicc');
    console.log(`built for ${implementation}: ${path}`);
    return 0;
  } catch (error) {
    if (error instanceof BitgradError) {
      console.error(`error: ${error.message}`);
      if (error.fix !== undefined) console.error(error.fix);
      return 1;
    }
    // Of parseArgs.
    if (error instanceof TypeError) {
      console.error(`error: ${error.message}`);
      return 2;
    }
    throw error;
  }
}
