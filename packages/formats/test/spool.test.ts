import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCopy, withSpooled } from '../src/spool.js';

let folder = '';
let before: string | undefined;

beforeEach(() => {
  before = process.env.TMPDIR;
  folder = mkdtempSync(join(tmpdir(), 'bitgrad-spool-'));
  process.env.TMPDIR = folder;
});

afterEach(() => {
  process.env.TMPDIR = before;
  if (before === undefined) delete process.env.TMPDIR;
  rmSync(folder, { recursive: true });
});

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

const isLinux = process.platform === 'linux';

test('what came out of a pipe is read more than once, and gone afterwards', async () => {
  const texts = await withSpooled(
    'pipe',
    async (file) => {
      // A process that is killed leaves nothing; no signal has to be heard for that.
      if (isLinux) expect(readdirSync(folder)).toEqual([]);
      if (isLinux) expect(process.listenerCount('SIGTERM')).toBe(0);
      return [readFileSync(file, 'utf8'), readFileSync(file, 'utf8')];
    },
    pieces('a,b\n', '1,2\n'),
  );
  expect(texts).toEqual(['a,b\n1,2\n', 'a,b\n1,2\n']);
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder for temporary files that takes nothing is said', async () => {
  writeFileSync(join(folder, 'file'), '');
  process.env.TMPDIR = join(folder, 'file');
  const reading = withSpooled('pipe', async () => undefined, pieces('a'));
  await expect(reading).rejects.toThrow(
    /^pipe: expected a folder for temporary files that takes what is read, received ENOTDIR in /,
  );
  process.env.TMPDIR = folder;
});

test.each([
  ['nothing that is open', [false]],
  ['only what has a name', [true, false]],
])('a file keeps its name where the system shows %s', async (_, answers) => {
  const copy = join(folder, 'copy');
  const { file, place } = await openCopy(copy, () => answers.shift()!);
  await file.writeFile('a,b\n');
  await file.close();
  expect([place, answers]).toEqual([copy, []]);
  expect(readFileSync(copy, 'utf8')).toBe('a,b\n');
});
