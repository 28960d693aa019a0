// Changes the C++ kernels, a place at a time, and sees whether a part of the conformance suite notices:
//
//   node tools/mutation/cpp.mjs [--mutants 150] [--seed 1] [--every 6] [--files gemm.cc,…]
//
// All changes are in one build, with the least instruction set at -O1; a process has one of them (mutant.h). Places
// that do not compile are left out. Each that survives is listed, and kept in runs/mutation/cpp.json. It takes
// Linux with g++. Build first.

import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/run.mjs';
import { Random } from '../fuzz/random.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const native = join(root, 'packages', 'core-native');
/** Laid out as the package is, below it, so that its imports are found. */
const folder = join(native, 'build', 'mutation');
const source = join(folder, 'src');
const results = join(root, 'runs', 'mutation');

/** What decides no bit (how fast, on which processor), or stands before the kernels. */
const LEFT_OUT = /^(addon|direct_kernels|isa|pace|pages|thread|vector|op|kernels)\.(cc|h)$/;
/** Milliseconds after which a run hangs that waits, and seconds of a core after which one that works does. */
const LONGEST = 180_000;
const MOST_WORK = 20;

/**
 * Where an operand begins that binds no weaker than a product, so that one may stand before it; and what is done
 * to it there.
 */
const PLACES = [
  { after: / (?:<|<=|>|>=|==|!=) /g, changes: ['more', 'less'] },
  { after: / [+-] /g, changes: ['more', 'less', 'sign'] },
  { after: / [+-]?= /g, changes: ['more', 'less', 'sign'] },
  { after: /\b(?:if|while) \((?!const|auto)/g, changes: ['more'] },
  { after: / (?:&&|\|\|) /g, changes: ['more'] },
  { after: /\breturn (?!\{)/g, changes: ['more', 'less'] },
  { after: /[\w)\]]\[(?!\]|=|&|this)/g, changes: ['more', 'less'] },
];

/** All places of a file. @returns {{ file: string, line: number, column: number, change: string }[]} */
function placesIn(file) {
  const lines = readFileSync(join(native, 'src', file), 'utf8').split('\n');
  return lines.flatMap((text, line) => {
    const code = text.replace(/\/\/.*|"[^"]*"/g, (part) => ' '.repeat(part.length));
    if (/^\s*#|constexpr|static_assert|template|using |= (?:delete|default)/.test(code)) return [];
    return PLACES.flatMap(({ after, changes }) =>
      [...code.matchAll(after)].flatMap((found) =>
        changes.map((change) => ({ file, line, column: found.index + found[0].length, change })),
      ),
    );
  });
}

/** Writes the sources with the changes, which are numbered from 1. */
function writeSources(mutants) {
  rmSync(source, { recursive: true, force: true });
  cpSync(join(native, 'src'), source, { recursive: true });
  for (const file of new Set(mutants.map((mutant) => mutant.file))) {
    const lines = readFileSync(join(source, file), 'utf8').split('\n');
    const inFile = mutants.filter((mutant) => mutant.file === file);
    // From the end, so that columns stay what they are.
    for (const { id, line, column, change } of inFile.toSorted((a, b) => b.column - a.column)) {
      const text = lines[line];
      lines[line] = `${text.slice(0, column)}BITGRAD_M(${id}, ${change}) * ${text.slice(column)}`;
    }
    writeFileSync(join(source, file), lines.join('\n'));
  }
}

const FLAGS = [
  ...['-std=c++20', '-O1', '-fPIC', '-ffp-contract=off', '-fno-math-errno', '-fno-trapping-math'],
  ...['-fno-exceptions', '-fno-rtti', '-fvisibility=hidden', '-w', '-fmax-errors=0'],
  ...['-DNAPI_VERSION=9', '-DNAPI_DISABLE_CPP_EXCEPTIONS', '-DBITGRAD_KERNELS=kernels_sse2'],
  ...['-DBITGRAD_VECTOR_BYTES=16', '-DBITGRAD_ONE_KERNELS=kernels_sse2'],
  ...['-DBITGRAD_ONE_NAME="sse2"', '-DBITGRAD_ONE_NEEDS="sse2"'],
  ...['-include', join(here, 'mutant.h'), '-I', source, '-I', join(native, 'build')],
  ...['node-api-headers/include', 'node-addon-api'].flatMap((name) => [
    '-I',
    join(native, 'node_modules', name),
  ]),
];
const UNITS = ['kernels', 'addon', 'direct_kernels', 'direct_product', 'pages', 'session', 'team'];

const compile = (words) => spawnSync('g++', [...FLAGS, ...words], { encoding: 'utf8' });

/** Leaves out what does not compile. @returns the rest */
function compiling(all) {
  let mutants = all;
  for (;;) {
    writeSources(mutants);
    const bad = new Set();
    for (const unit of UNITS) {
      const { status, stderr } = compile(['-fsyntax-only', join(source, `${unit}.cc`)]);
      if (status === 0) continue;
      for (const [, file, line] of stderr.matchAll(/\/build\/mutation\/src\/([\w.]+):(\d+)/g)) {
        bad.add(`${file}:${Number(line) - 1}`);
      }
      if (!mutants.some(({ file, line }) => bad.has(`${file}:${line}`))) throw new Error(stderr);
    }
    if (bad.size === 0) return mutants;
    mutants = mutants.filter(({ file, line }) => !bad.has(`${file}:${line}`));
  }
}

function build() {
  const objects = [
    ...UNITS.map((unit) => join(source, `${unit}.cc`)),
    join(native, 'test/one_isa.cc'),
  ];
  const built = objects.map((file, at) => {
    const object = join(folder, `${at}.o`);
    const { status, stderr } = compile(['-c', file, '-o', object]);
    if (status !== 0) throw new Error(stderr);
    return object;
  });
  const addon = join(folder, 'build/Release/bitgrad.node');
  mkdirSync(join(addon, '..'), { recursive: true });
  const { status, stderr } = compile(['-shared', '-o', addon, ...built, '-lpthread']);
  if (status !== 0) throw new Error(stderr);
  cpSync(join(native, 'dist'), join(folder, 'dist'), { recursive: true });
}

/** Runs the suite's part with one of the changes. @returns why it failed, or null */
function failureWith(id, every, environment = {}) {
  const words = [join(here, 'cpp-suite.mjs'), folder, String(every)];
  const limited = ['-c', `ulimit -t ${MOST_WORK}; exec "$@"`, 'bash', process.execPath, ...words];
  const { status, signal, stdout, error } = spawnSync('bash', limited, {
    encoding: 'utf8',
    timeout: LONGEST,
    killSignal: 'SIGKILL',
    env: { ...process.env, BITGRAD_MUTANT: String(id), ...environment },
  });
  const isEndless = error?.code === 'ETIMEDOUT' || signal === 'SIGXCPU';
  if (isEndless) return 'does not end';
  if (signal !== null) return `ends by ${signal}`;
  return status === 0 ? null : stdout.trim().split('\n').at(-1).slice(0, 200);
}

const { values } = parseArgs({
  options: {
    mutants: { type: 'string', default: '150' },
    seed: { type: 'string', default: '1' },
    every: { type: 'string', default: '6' },
    files: { type: 'string' },
  },
});
const files = readdirSync(join(native, 'src'))
  .filter((file) => /\.(cc|h)$/.test(file) && !LEFT_OUT.test(file))
  .filter((file) => values.files === undefined || values.files.split(',').includes(file));
const places = files.flatMap(placesIn);
const random = new Random(Number(values.seed), 'mutation');
const drawn = places
  .map((place) => ({ place, key: random.integer() }))
  .sort((a, b) => a.key - b.key)
  .slice(0, Number(values.mutants))
  .map(({ place }, at) => ({ ...place, id: at + 1 }));
mkdirSync(results, { recursive: true });
const mutants = compiling(drawn);
build();
console.log(
  `${places.length} places in ${files.length} files; ${drawn.length} drawn, ${drawn.length - mutants.length} do not compile`,
);

const reachedFile = join(results, 'reached.txt');
rmSync(reachedFile, { force: true });
const begun = performance.now();
const wrong = failureWith(0, values.every, { BITGRAD_MUTANTS_REACHED: reachedFile });
if (wrong !== null || !existsSync(reachedFile)) throw new Error(`without a change: ${wrong}`);
console.log(`a run without a change takes ${((performance.now() - begun) / 1000).toFixed(1)} s`);
const reached = new Set(readFileSync(reachedFile, 'utf8').trim().split('\n').map(Number));

const told = [];
for (const mutant of mutants) {
  const failure = reached.has(mutant.id) ? failureWith(mutant.id, values.every) : null;
  const text = readFileSync(join(native, 'src', mutant.file), 'utf8').split('\n')[mutant.line];
  told.push({ ...mutant, reached: reached.has(mutant.id), failure });
  writeFileSync(join(results, 'cpp.json'), JSON.stringify(told, null, 1));
  if (failure !== null) continue;
  const what = reached.has(mutant.id) ? 'survived' : 'not reached';
  const shown = `${text.slice(0, mutant.column)}⟨${mutant.change}⟩${text.slice(mutant.column)}`;
  console.log(`${what}: ${mutant.file}:${mutant.line + 1}: ${shown.trim()}`);
}
const killed = told.filter(({ failure }) => failure !== null).length;
const survived = told.filter((one) => one.reached && one.failure === null).length;
console.log(
  `${told.length} changes: ${killed} noticed, ${survived} survived, ${told.length - killed - survived} not reached`,
);
