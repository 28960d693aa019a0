// How long a user waits for the command, beside Node alone: medians of several runs each, taken in
// turns, so that what else the machine does meets all of them alike. Of a clone that was built, or of an
// installation: there `node_modules/bitgrad/bin/bitgrad.js`.
//
//   node scripts/times.mjs [ROUNDS] [BITGRAD.JS]

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { root } from './run.mjs';

const rounds = Number(process.argv[2] ?? 9);
const bitgrad = resolve(process.argv[3] ?? join(root, 'packages', 'cli', 'bin', 'bitgrad.js'));
const flowers = join(root, 'examples', 'data', 'flowers.csv');
const scratch = mkdtempSync(join(tmpdir(), 'bitgrad-times-'));
const digits = join(scratch, 'digits.safetensors');
const kinds = join(scratch, 'kinds.safetensors');
const digit = join(scratch, 'one.png');
const flower = join(scratch, 'one.csv');

/**
 * What is timed.
 * @param {string} name
 * @param {string[]} args of Node
 * @param {number} [exitCode] that it ends with
 */
const command = (name, args, exitCode = 0) => ({
  name,
  args,
  exitCode,
  seconds: /** @type {number[]} */ ([]),
});

const bare = command('node -e 0', ['-e', '0']);
const commands = [
  bare,
  command('bitgrad --version', [bitgrad, '--version']),
  command('bitgrad --help', [bitgrad, '--help']),
  command('bitgrad train --help', [bitgrad, 'train', '--help']),
  command('bitgrad trian', [bitgrad, 'trian'], 2),
  command('bitgrad train --lr 0', [bitgrad, 'train', '--lr', '0'], 2),
  command('bitgrad predict, one image', [bitgrad, 'predict', digits, digit]),
  command('bitgrad predict, one row', [bitgrad, 'predict', kinds, flower]),
  command('bitgrad train, a table of 150 rows, 50 epochs', tableTraining(50)),
];

/** @param {number} epochs */
function tableTraining(epochs) {
  const data = ['--data', flowers, '--label', 'kind', '--split', '0.7,0.1,0.2'];
  return [bitgrad, 'train', ...data, '--epochs', String(epochs), '--out', kinds];
}

/** A PNG file, 64×64 grey, of a stroke as a 1 has. */
function drawOne() {
  const rows = Buffer.alloc(64 * 65);
  for (let y = 12; y < 52; y += 1) rows.fill(255, 65 * y + 1 + 29, 65 * y + 1 + 35);
  const header = Buffer.from([0, 0, 0, 64, 0, 0, 0, 64, 8, 0, 0, 0, 0]);
  /** @returns {Uint8Array[]} */
  const chunk = (/** @type {string} */ type, /** @type {Uint8Array} */ content) => {
    const body = Buffer.concat([Buffer.from(type), content]);
    const around = Buffer.alloc(8);
    around.writeUInt32BE(content.length, 0);
    around.writeUInt32BE(crc32(body), 4);
    return [around.subarray(0, 4), body, around.subarray(4)];
  };
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    ...chunk('IHDR', header),
    ...chunk('IDAT', deflateSync(rows)),
    ...chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * Runs Node and returns the seconds it took.
 * @param {Pick<typeof bare, 'args' | 'exitCode'>} command
 */
function time({ args, exitCode }) {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== exitCode) throw new Error(`${args.join(' ')}: exit code ${status}\n${stderr}`);
  return (performance.now() - begun) / 1000;
}

/** What checks the native addon, in a process that has done nothing else: its digest apart, which loading takes. */
const SELF_TEST = `
import { nativeAvailability, nativeBackend } from '${pathToFileURL(join(root, 'packages/core-native/dist/index.js'))}';
if (nativeAvailability().available) {
  const begun = performance.now();
  nativeBackend();
  console.log((performance.now() - begun) / 1000);
}
`;

/** The seconds of the addon's self-test, each in a fresh process; none where there is no addon. */
function timeSelfTests() {
  const args = ['--input-type=module', '-e', SELF_TEST];
  const outputs = Array.from({ length: rounds }, () =>
    spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout.trim(),
  );
  return outputs.filter((text) => text !== '').map(Number);
}

/** @param {{ seconds: number[] }} command */
function median({ seconds }) {
  return [...seconds].sort((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? Number.NaN;
}

try {
  writeFileSync(digit, drawOne());
  const [names = '', row = ''] = readFileSync(flowers, 'utf8').split('\n');
  writeFileSync(flower, `${names}\n${row}\n`);
  time(command('', [bitgrad, 'train', '--recipe', 'seed', '--epochs', '1', '--out', digits]));
  time(command('', tableTraining(1)));
  for (let round = 0; round < rounds; round += 1) {
    for (const one of commands) one.seconds.push(time(one));
  }
  console.log(`seconds, medians of ${rounds} rounds; Node ${process.version}`);
  for (const one of commands) {
    const more = one === bare ? '' : `  Node + ${(median(one) - median(bare)).toFixed(3)}`;
    console.log(`${median(one).toFixed(3)}  ${one.name}${more}`);
  }
  const seconds = timeSelfTests();
  const [least] = [...seconds].sort((a, b) => a - b);
  if (least !== undefined) {
    console.log(
      `${median({ seconds }).toFixed(4)}  self-test of the addon (least ${least.toFixed(4)})`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
