import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { lastWords } from '../src/jobs/last-words.js';

const ENDS: readonly (readonly [program: string, words: string])[] = [
  ['process.exit(3)', ''],
  // With Node's own stack and version.
  ["throw new Error('no more files')", ' (Error: no more files)'],
  [
    "console.error('\\n  #  node[1]: start\\n  #  Assertion failed: it is so\\n 1: 0xcb'); process.exit(1)",
    ' (Assertion failed: it is so)',
  ],
  ["console.error('killed\\n    at somewhere')", ' (killed)'],
  ["console.error('fatal ' + 'x'.repeat(1e5))", ` (fatal ${'x'.repeat(194)})`],
];

test.each(ENDS)(
  'of what a process says at its end one line is told: %s',
  async (program, words) => {
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'ignore', 'pipe'] });
    const told = lastWords(child);
    await once(child, 'close');
    expect(told()).toBe(words);
  },
);
