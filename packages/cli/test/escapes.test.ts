import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { colorsOf, note, print, shown } from '../src/output.js';
import { runCli } from './run-cli.js';
import { temporaryFolder, writeFiles } from './temporary.js';

/** Clears the screen, sets a title, copies to the clipboard, begins a line, turns writing around. */
const EVIL =
  '\u001b[2J\u001b]0;owned\u0007\u009b31m\u001b]52;c;AAAA\u001b\\\\\u202eevil\u2066\r\u007f';
/** What may reach a terminal that nobody coloured: lines, and nothing else that is no letter. */
const UNSAFE = /[^\P{Cc}\n]|[\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

const ESC = '\u001b';
const NAME = `${EVIL}.csv`.replaceAll('/', '');
const HEADER = `"a${EVIL}",b,"label${EVIL}"`;
const rows = Array.from(
  { length: 40 },
  (_, index) => `"${'xy'[index % 2]}${EVIL}",${index},"${'pq'[index % 2]}${EVIL}"`,
);

/** What a table from elsewhere may hold, and a model that was trained on it. */
async function folderOfEvil(): Promise<string> {
  const folder = temporaryFolder();
  const bad = [...rows, `"z${EVIL}",${EVIL},"r${EVIL}"`];
  writeFiles(folder, {
    [NAME]: [HEADER, ...rows, ''].join('\n'),
    'bad.csv': [HEADER, ...bad, ''].join('\n'),
    'bad.yaml': `"epochs${EVIL}": 1\n`,
    [`evil${EVIL}.safetensors`]: `not a model ${EVIL}`,
  });
  return folder;
}

test.runIf(process.platform !== 'win32')(
  'no command passes on what controls a terminal',
  async () => {
    const folder = await folderOfEvil();
    const train = ['train', '--data', NAME, '--epochs', '1', '--backend', 'ts', '--plot', 'p.html'];
    const lines: readonly (readonly string[])[] = [
      train,
      [...train, '--json'],
      ['eval', 'model.safetensors', '--data', NAME, '--backend', 'ts'],
      ['eval', 'model.safetensors', '--data', 'bad.csv', '--backend', 'ts'],
      ['eval', 'model.safetensors', '--data', NAME, '--backend', 'ts', '--json'],
      ['verify', 'model.safetensors', '--data', NAME, '--backend', 'ts'],
      ['inspect', 'model.safetensors'],
      ['inspect', 'model.safetensors', '--json'],
      // As CSV on a pipe, cells are data, to the byte.
      ['predict', 'model.safetensors', NAME, '--json'],
      ['predict', 'model.safetensors', `none${EVIL}.png`],
      ['export', 'model.safetensors', '--format', EVIL, '--out', 'm'],
      ['export', 'model.safetensors', '--format', 'onnx', '--out', `m${EVIL}`],
      ['data', NAME],
      ['data', NAME, '--json'],
      ['data', 'bad.csv', '--label', EVIL],
      ['inspect', `evil${EVIL}.safetensors`],
      ['train', '--data', NAME, '--config', 'bad.yaml'],
      ['train', `--${EVIL}`],
      [EVIL],
      ['train', '--data', NAME, '--layers', '3,9,9', '--verbose'],
    ];
    for (const line of lines) {
      const { stdout, stderr } = await runCli(line, { folder });
      expect(stdout, line.join(' ')).not.toMatch(UNSAFE);
      expect(stderr, line.join(' ')).not.toMatch(UNSAFE);
      expect(stdout + stderr, line.join(' ')).not.toBe('');
    }
    expect(readFileSync(join(folder, 'p.html'), 'utf8').replaceAll('\r', '')).not.toMatch(UNSAFE);
  },
);

test('on a terminal, only this program colours', () => {
  const written: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    const { isTTY } = stream;
    stream.isTTY = true;
    onTestFinished(() => {
      stream.isTTY = isTTY;
    });
    vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  }
  vi.stubEnv('NO_COLOR', '');
  vi.stubEnv('TERM', 'xterm');
  onTestFinished(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });
  const { bold, green } = colorsOf(process.stdout);
  print(bold(`a ${green(`b${EVIL}`)} c`));
  note(`${EVIL}${green('d')}`);
  const own = new RegExp(`${ESC}\\[(?:1|22|32|39)m`, 'g');
  expect(written.join('').match(own)).toHaveLength(6);
  expect(written.join('').replace(own, '')).not.toMatch(UNSAFE);
  expect(shown(green('\u001b[32m'))).toBe('\u001b[32m\\u001b[32m\u001b[39m');
});
