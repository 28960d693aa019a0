// A release's number: makes the next version of all packages out of the changesets, the files in
// .changeset/ that say how much each change is, and puts what they say under its heading in CHANGELOG.md.
// The contract and the format of receipts have numbers of their own, which this never touches.
//
//   node scripts/version.mjs            RELEASING.md says when

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RunError, root, run, stage } from './run.mjs';

const CHANGESETS = '@changesets/cli@2.31.1';
const folder = join(root, '.changeset');
const changelog = join(root, 'CHANGELOG.md');
const UNRELEASED = '## Unreleased\n';

/** The files that say what changed since the last release. */
export function pendingChangesets() {
  return readdirSync(folder).filter((name) => name.endsWith('.md'));
}

/** The version that all packages have. */
export function packageVersion() {
  const file = join(root, 'packages', 'cli', 'package.json');
  return /** @type {string} */ (JSON.parse(readFileSync(file, 'utf8')).version);
}

/** Whether the changelog has a heading for a version. */
export function isInChangelog(/** @type {string} */ version) {
  const escaped = version.replaceAll('.', '\\.');
  return new RegExp(`^## ${escaped}(?: |$)`, 'm').test(readFileSync(changelog, 'utf8'));
}

/**
 * What a changeset says, without its head of packages.
 * @param {string} name of its file
 */
function summaryOf(name) {
  const text = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
  return text.replace(/^---\n[\s\S]*?\n---\n/, '').trim();
}

/**
 * The changelog with what was unreleased, and what changesets say, under a version's heading.
 * @param {string} text
 * @param {string} version
 * @param {readonly string[]} summaries
 * @param {string} date
 */
export function released(text, version, summaries, date) {
  const [before = '', after] = text.split(UNRELEASED);
  if (after === undefined) throw new Error(`expected ${UNRELEASED.trim()} in CHANGELOG.md`);
  const end = after.search(/^## /m);
  const [held, older] = end < 0 ? [after, ''] : [after.slice(0, end), after.slice(end)];
  const lines = summaries.map((summary) => `- ${summary.replaceAll('\n', '\n  ')}`);
  const body = [...lines, held.trim()].filter((line) => line !== '').join('\n');
  return `${before}${UNRELEASED}\n## ${version} (${date})\n\n${body}\n\n${older}`;
}

async function main() {
  const names = pendingChangesets();
  if (names.length === 0) {
    throw new Error(
      `expected changesets in .changeset/, received none: npx ${CHANGESETS} adds one`,
    );
  }
  const summaries = names.map(summaryOf);
  const isWindows = process.platform === 'win32';
  const npx = isWindows ? 'npx.cmd' : 'npx';
  await stage('versions', () => run(npx, ['-y', CHANGESETS, 'version'], { shell: isWindows }));
  const version = packageVersion();
  const today = new Date().toISOString().slice(0, 10);
  const text = readFileSync(changelog, 'utf8');
  writeFileSync(changelog, released(text, version, summaries, today));
  console.log(
    `all packages are ${version}; CHANGELOG.md says so: read it, commit, and tag v${version}`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof RunError))
      console.error(`error: ${/** @type {Error} */ (error).message}`);
    process.exitCode = 1;
  }
}
