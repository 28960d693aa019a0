import type { ChildProcess } from 'node:child_process';

/** What is kept of it, in letters: an engine's own report of its end is not longer. */
const MOST_KEPT = 10_000;
/** The longest line that is told. */
const LONGEST = 200;
/** An error as JavaScript tells it, and other lines that say what happened, among those that say where. */
const NAMED = /^(?:Uncaught )?\w*Error\b/;
const TELLING = /error|fail|fatal|abort|out of memory|cannot/i;
const PLACE = /^\s*(?:at |\d+: |node:|file:)/;

/**
 * Keeps what a process writes on its stderr (a pipe), instead of showing an engine's report with its stack.
 *
 * @returns what gives the line that says most about its end, in brackets after a blank; empty where it said nothing
 */
export function lastWords({ stderr }: Pick<ChildProcess, 'stderr'>): () => string {
  let text = '';
  stderr?.setEncoding('utf8').on('data', (piece: string) => {
    text = (text + piece).slice(0, MOST_KEPT);
  });
  return () => {
    const lines = text.split('\n').filter((line) => /\w/.test(line) && !PLACE.test(line));
    const find = (kind: RegExp) => lines.find((one) => kind.test(one));
    const line = find(NAMED) ?? find(TELLING) ?? lines[0];
    return line === undefined ? '' : ` (${line.replace(/^[\s#]+/, '').slice(0, LONGEST)})`;
  };
}
