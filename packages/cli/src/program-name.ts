import { basename, relative } from 'node:path';

/** How to start this program again: its name where it is installed, else the file with Node. */
export function programName(): string {
  const script = process.argv[1] ?? 'bitgrad';
  const isInstalled = basename(script) === 'bitgrad' || script.includes('node_modules');
  return isInstalled ? 'bitgrad' : `node ${relative(process.cwd(), script)}`;
}

/** A word as one types it in a shell. */
export function quoted(word: string): string {
  return /[^\w./\\:@-]/.test(word) ? JSON.stringify(word) : word;
}
