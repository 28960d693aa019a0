import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BitgradError } from '@bitgrad/core';
import { addonPath, type Implementation } from './addon.js';

const SOURCE = fileURLToPath(new URL('../addon/mpi.c', import.meta.url));
const ASK = `#include <mpi.h>
#if defined(OPEN_MPI)
implementation=openmpi
#elif defined(MPICH_VERSION) || defined(I_MPI_VERSION)
implementation=mpich
#endif
`;

/**
 * Builds the addon for the MPI whose compiler this is.
 *
 * @param mpicc the command that compiles with MPI, as in `mpicc` or `mpicc.mpich`
 * @throws BitgradError if there is no such command, its MPI is not known, or it fails
 */
export function buildAddon(mpicc: string): { implementation: Implementation; path: string } {
  const implementation = implementationOf(mpicc);
  const path = addonPath(implementation);
  const { include_dir: headers } = createRequire(import.meta.url)('node-api-headers') as {
    include_dir: string;
  };
  mkdirSync(dirname(path), { recursive: true });
  // Another process may have the old one loaded.
  const fresh = `${path}.${process.pid}`;
  const own = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
  const flags = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-fPIC', '-shared', '-DNAPI_VERSION=9'];
  const done = spawnSync(mpicc, [...flags, `-I${headers}`, ...own, SOURCE, '-o', fresh, '-ldl'], {
    encoding: 'utf8',
  });
  if (done.status !== 0) {
    rmSync(fresh, { force: true });
    throw new BitgradError(
      `${mpicc}: expected it to build the addon, received: ${lastOf(done.stderr)}`,
    );
  }
  renameSync(fresh, path);
  return { implementation, path };
}

function implementationOf(mpicc: string): Implementation {
  const asked = spawnSync(mpicc, ['-E', '-P', '-x', 'c', '-'], { input: ASK, encoding: 'utf8' });
  if (asked.error !== undefined) {
    throw new BitgradError(
      `${mpicc}: expected MPI's C compiler, received ${(asked.error as NodeJS.ErrnoException).code}`,
      'load the cluster’s MPI module, or install one (Debian: apt-get install libopenmpi-dev openmpi-bin); --mpicc names another',
    );
  }
  if (asked.status !== 0) {
    throw new BitgradError(
      `${mpicc}: expected MPI's C compiler, received: ${lastOf(asked.stderr)}`,
    );
  }
  const [, found] = asked.stdout.match(/implementation=(\w+)/) ?? [];
  if (found === 'openmpi' || found === 'mpich') return found;
  throw new BitgradError(
    `${mpicc}: expected Open MPI, MPICH or one with MPICH's ABI, received another`,
  );
}

function lastOf(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'nothing';
}
