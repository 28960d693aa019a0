// Gives commands what somebody else made, or a user mistook, and looks for what must not happen:
//
//   node tools/faults/attacks.mjs
//
// Each must be refused with one error in words, print no control character, and leave every file as it was.
// (On Linux.)

import { spawnSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { executable, TABLE, TRAIN } from './faults.mjs';

/** Gibibytes of one line. */
const BOMB = 1.5;

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bitgrad-attacks-')));
const run = (line) =>
  spawnSync(process.execPath, [executable, ...line.split(' ')], {
    cwd: folder,
    encoding: 'utf8',
    // What is read for ever ends nothing.
    timeout: 600_000,
  });

/** Every file's bytes, or where a link leads. */
function contents() {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => [path, statSync(path).size > 1e6 ? '' : readFileSync(path, 'latin1')].join('\0'))
    .sort()
    .join('\0');
}

function prepare() {
  const write = (name, text) => writeFileSync(join(folder, name), text);
  write('d.csv', TABLE);
  write('c.yaml', 'epochs: 1\n');
  if (run(`${TRAIN} --out m.safetensors`).status !== 0) throw new Error('the model is not trained');
  mkdirSync(join(folder, 'deep'));
  symlinkSync('d.csv', join(folder, 'linked.csv'));
  linkSync(join(folder, 'd.csv'), join(folder, 'second.csv'));
  const chunk = gzipSync(Buffer.alloc(2 ** 24, 'a'));
  write('bomb.csv.gz', Buffer.concat(Array(Math.ceil(BOMB * 64)).fill(chunk)));
  // Names that clear a screen, set a title, turn writing around.
  const names = ['\u001b[2J', '\u001b]0;x\u0007', '\u009b31m', '\u202etxt'];
  write('names.csv', `${names.map((name) => `"${name}"`).join()},y\n1,2,3,x,1\nz,\u001b[2J,3,4\n`);
  write('p.yaml', 'data: d.csv\nepochs: 1\n');
}

const OVER = ['d.csv', 'deep/../d.csv', 'linked.csv', 'second.csv', '/proc/self/cwd/d.csv'];
const LINES = [
  ...OVER.map((out) => `train --data d.csv --layers 2,3,2 --epochs 1 --backend ts --out ${out}`),
  'train --data d.csv --config c.yaml --backend ts --out c.yaml',
  'train --data d.csv --layers 2,3,2 --epochs 1 --backend ts --plot d.csv',
  'export m.safetensors --format onnx --out m.safetensors',
  'export m.safetensors --format json --out /proc/self/cwd/m.safetensors',
  'predict m.safetensors d.csv --backend ts --out linked.csv',
  'train --data /dev/zero --backend ts',
  'train --data d.csv --config /dev/zero --backend ts',
  'train --data d.csv --resume /dev/zero --backend ts',
  'inspect /dev/zero',
  'sweep /dev/zero',
  'serve /dev/zero',
  'train --data bomb.csv.gz --backend ts',
  'train --data names.csv --backend ts',
  'predict m.safetensors names.csv --backend ts',
];

try {
  prepare();
  const before = contents();
  for (const line of LINES) {
    const { status, stdout, stderr } = run(line);
    const fail = (why) => {
      console.log(`${line}: ${why}\n${stderr.slice(0, 400)}`);
      process.exitCode = 1;
    };
    if (![1, 2].includes(status)) fail(`expected exit code 1 or 2, received ${status}`);
    if ((stderr.match(/^error: /gm) ?? []).length !== 1) fail('expected one error');
    if (/^ +at |this is a bug/m.test(stderr)) fail('expected an error in words');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is they that are looked for
    if (/[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/.test(stdout + stderr)) fail('a control character');
    if (contents() !== before) fail('a file is changed');
  }
  console.log(`${LINES.length} attacks${process.exitCode ? '' : ', each refused'}`);
} finally {
  rmSync(folder, { recursive: true });
}
