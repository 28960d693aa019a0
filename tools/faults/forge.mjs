// Forges models and checkpoints, one value at a time, and gives them to every command that reads them:
//
//   node tools/faults/forge.mjs [FILE…] [--every 1] [--part receipt]
//
// Every value of a file's texts is left out, and replaced by values of every other kind; digests are made right again.
// Each command must end well, or with one BitgradError whose message is short, show no control character, take no five
// seconds of the processor, and write nothing but its results. All run in this process, which takes a minute or two a file. Build first.

import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseCommandLine } from '../../packages/cli/dist/cli.js';
import {
  BitgradError,
  decodeSafetensors,
  encodeSafetensors,
} from '../../packages/core-ts/dist/index.js';

/** One of each kind, and what readers take for something else. */
const VALUES = [
  ...[null, true, 0, -1, 0.5, 1e308, 2 ** 53, '', '1', 'nan', '../../x', '__proto__'],
  ...['\u001b[2J\u202e', 'a'.repeat(5000), [], [null], [[]], {}, { a: 1 }],
];
const LONGEST_MESSAGE = 2000;
const LONGEST_TIME = 5000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is they that are looked for
const CONTROLS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/;

const table = (header, row) =>
  `${header}\n${Array.from({ length: 40 }, (_, i) => `${row(i)}\n`).join('')}`;
const DATA = {
  'd.csv': table(
    'town,when,n,class',
    (i) => `${'xyz'[i % 3]},2020-01-${10 + (i % 19)},${i % 7},${'ab'[i % 2]}`,
  ),
  'n.csv': table('n,m,price', (i) => `${i % 7},${i % 5},${i * 3}`),
};
const old = fileURLToPath(
  new URL('../../packages/cli/test/fixtures/version-0.1/', import.meta.url),
);

/** What files are made by, or where older ones lie; and what they are made of. */
const FILES = {
  classes: {
    data: 'd.csv',
    words: '--patience 2 --optimizer adamw --class-weights balanced --layers 9,3,2',
  },
  numbers: { data: 'n.csv', words: '--loss squared-error --optimizer momentum --dropout 0.1' },
  images: { data: 'mnist', words: '--recipe mnist-best --subset 60 --layers 784,3,10' },
  layers: { data: 'mnist', words: '--subset 60 --layers 28x28,conv2:3/2,norm,pool,10' },
  'version-0.1': { data: join(old, 'data', 'people.csv'), from: join(old, 'people') },
};
const ON = '--backend ts';

/** Where FILE, DATA and GOOD stand for the forged file, its data and the honest one. */
const LINES = {
  safetensors: [
    'inspect FILE',
    'inspect FILE --json',
    `eval FILE --data DATA ${ON}`,
    `predict FILE DATA ${ON} --out out`,
    `verify FILE --data DATA ${ON}`,
    'compare FILE GOOD',
    ...['onnx', 'torch', 'json', 'js', 'c'].map(
      (format) => `export FILE --format ${format} --out out`,
    ),
    'export FILE --format c --quantize int8 --data DATA --out out',
    `train --start FILE --data DATA --epochs 1 --out out ${ON}`,
  ],
  checkpoint: [
    `train --resume FILE --data DATA --out out --log logs --plot out.html ${ON}`,
    'compare FILE GOOD',
    `verify MODEL --from FILE --data DATA ${ON}`,
  ],
};

/** Runs a command here. @returns what it showed, and what it threw */
async function run(line) {
  let shown = '';
  const [out, err] = [process.stdout.write, process.stderr.write];
  process.stdout.write = process.stderr.write = (text, ...rest) => {
    shown += text;
    rest.find((one) => typeof one === 'function')?.();
    return true;
  };
  let error = null;
  try {
    const { command, argv } = await parseCommandLine(line.split(' '));
    await command.run(argv, {
      signal: new AbortController().signal,
      heedSignals: () => undefined,
      json: argv.json === true,
    });
  } catch (thrown) {
    error = thrown;
  } finally {
    [process.stdout.write, process.stderr.write] = [out, err];
  }
  return { shown, error };
}

/** Every way to change one value of a structure. @returns names of changes, and what comes of them */
function* changes(root, path = []) {
  const at = path.reduce((value, key) => value[key], root);
  const edit = (change) => {
    const copy = structuredClone({ root });
    const holder = ['root', ...path].slice(0, -1).reduce((value, key) => value[key], copy);
    change(holder, ['root', ...path].at(-1));
    return copy.root;
  };
  const name = path.join('.') || 'all';
  if (path.length > 0) {
    yield [
      `${name} left out`,
      edit((holder, key) => {
        if (Array.isArray(holder)) holder.splice(key, 1);
        else delete holder[key];
      }),
    ];
  }
  for (const value of [...VALUES, [at]]) {
    if (JSON.stringify(value) === JSON.stringify(at)) continue;
    const text = JSON.stringify(value).slice(0, 20);
    yield [`${name} = ${text}`, edit((holder, key) => Object.assign(holder, { [key]: value }))];
  }
  if (typeof at !== 'object' || at === null) return;
  // Of long lists of numbers the first and the last.
  const keys = Object.keys(at);
  const few = Array.isArray(at) && keys.length > 3 ? [keys[0], keys.at(-1)] : keys;
  for (const key of few) yield* changes(root, [...path, key]);
}

function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** A file with one of its texts changed, and the digests that fit. */
function forged({ tensors, metadata }, part, value) {
  const texts = { ...metadata, [part]: JSON.stringify(value) };
  const bytesOf = ({ values }) =>
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (part === 'checkpoint') texts.sha256 = sha256(texts.checkpoint, ...tensors.map(bytesOf));
  if (part === 'input') {
    const receipt = JSON.parse(metadata.receipt);
    const { classNames = null, encoding = null } = value ?? {};
    const scales = tensors.filter(({ name }) => /^(in|out)put\./.test(name));
    const names = JSON.stringify({ classNames, encoding });
    receipt.preparationSha256 = sha256(names, ...scales.map(bytesOf));
    texts.receipt = JSON.stringify(receipt);
  }
  return encodeSafetensors({ tensors, metadata: texts });
}

/** @throws Error with what is not as it should be */
function check({ shown, error }, took, written) {
  if (error !== null && !(error instanceof BitgradError)) throw error;
  const { message = '', fix = '' } = error ?? {};
  if (message.length + fix.length > LONGEST_MESSAGE) throw new Error('a long message');
  if (error !== null && message.trim() === '') throw new Error('no message');
  if (/(?<!received )undefined\b|\[object |\bNaN\b/.test(message))
    throw new Error(`unclear: ${message}`);
  if (CONTROLS.test(shown + message + fix)) throw new Error('a control character is shown');
  if (took > LONGEST_TIME) throw new Error(`${took} ms of the processor`);
  const others = written.filter((name) => !/^(out(\.html)?|logs)$/.test(name));
  if (others.length > 0) throw new Error(`wrote ${others}`);
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { every: { type: 'string', default: '1' }, part: { type: 'string' } },
  });
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-forged-'));
  const home = process.cwd();
  process.chdir(folder);
  const every = Number(values.every);
  try {
    for (const [name, text] of Object.entries(DATA)) writeFileSync(name, text);
    for (const name of positionals.length > 0 ? positionals : Object.keys(FILES)) {
      const { data, words, from } = FILES[name];
      const made = `train --data ${data} ${words} --epochs 2 --batch-size 8 ${ON}`;
      const good = from ?? join(folder, 'good');
      if (!from) {
        const { error } = await run(
          `${made} --out good.safetensors --checkpoint good-{epoch}.checkpoint`,
        );
        if (error !== null) throw error;
        writeFileSync('good.checkpoint', readFileSync('good-1.checkpoint'));
      }
      for (const [ending, lines] of Object.entries(LINES)) {
        const file = decodeSafetensors(readFileSync(`${good}.${ending}`), 'good');
        let [count, refused, failures] = [0, 0, 0];
        for (const part of Object.keys(file.metadata)) {
          if (part === 'sha256' || (values.part && part !== values.part)) continue;
          for (const [change, value] of changes(JSON.parse(file.metadata[part]))) {
            count += 1;
            if (count % every !== 0) continue;
            writeFileSync('forged', forged(file, part, value));
            const before = readdirSync('.');
            for (const line of lines) {
              const filled = line
                .replace('FILE', 'forged')
                .replace('DATA', data)
                .replace('GOOD', `${good}.${ending}`)
                .replace('MODEL', `${good}.safetensors`);
              const start = process.cpuUsage();
              const result = await run(filled);
              refused += Number(result.error !== null);
              const written = readdirSync('.').filter((one) => !before.includes(one));
              try {
                const { user, system } = process.cpuUsage(start);
                check(result, (user + system) / 1000, written);
              } catch (error) {
                failures += 1;
                process.exitCode = 1;
                const stack = error === result.error ? `\n${error.stack}` : '';
                console.log(
                  `${name}.${ending}: ${part}: ${change}: ${filled}: ${error.message.slice(0, 300)}${stack}`,
                );
              }
              for (const one of written) rmSync(one, { recursive: true });
            }
          }
        }
        console.log(
          `${name}.${ending}: ${count} forgeries, ${refused} commands refused, ${failures} failures`,
        );
      }
    }
  } finally {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  }
}

await main();
